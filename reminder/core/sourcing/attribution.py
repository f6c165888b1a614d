"""Writes the credit that the terms of each source of dates ask for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

ATTRIBUTION: Final = {
    "tvmaze": "Data: TVmaze (https://www.tvmaze.com), CC BY-SA",
    "tmdb": "This product uses the TMDB API but is not endorsed or certified by TMDB (https://www.themoviedb.org)",
}
"""By the name of the source."""


def credits_of(sources: Iterable[str | None]) -> str | None:
    """Given the sources that some dates are from (None for none), return what is to be shown with them, if anything."""
    asked = dict.fromkeys(ATTRIBUTION[name] for name in sources if name in ATTRIBUTION)
    return "; ".join(asked) or None
