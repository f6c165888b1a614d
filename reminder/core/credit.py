"""What the terms of each source of dates ask to be shown."""

from __future__ import annotations

from typing import Final

ATTRIBUTION: Final = {
    "tvmaze": "Data: TVmaze (https://www.tvmaze.com), CC BY-SA",
    "tmdb": "This product uses the TMDB API but is not endorsed or certified by TMDB (https://www.themoviedb.org)",
}
"""By the name of the source."""
