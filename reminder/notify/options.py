"""Options behind the `?` of a channel's URL: each one is known, or it is said which one is nearest."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from reminder.notify.urls import PREFIXES, without_clear_name

SHOWN: Final = 12
"""So many options are listed where none is near; of more, the user is sent to the service's page."""


def strange(
    options: Sequence[tuple[str, str]],
    known: Collection[str],
    prefixes: Collection[str],
    meant: Mapping[str, str],
) -> str | None:
    """Say which option of a URL nobody knows, and the nearest one; None if all are known.

    Args:
        options: names and values as they stand in the URL.
        known: the names that are understood.
        prefixes: the signs that begin an option of the user's own.
        meant: for a name that the service itself has, what to write here.
    """
    for name, _ in options:
        if name in known or (name[:1] in prefixes and len(name) > 1):
            continue
        if without_clear_name(name):
            return "it holds an option without a name that can be read: write & in a value as %26, or ${NAME:quoted}"
        return f"there is no option {name}=: {_instead(name, known, prefixes, meant)}"
    return None


def _instead(name: str, known: Collection[str], prefixes: Collection[str], meant: Mapping[str, str]) -> str:
    if name[:1] in PREFIXES:
        kinds = " ".join(f"{sign}NAME=" for sign in prefixes) or "none that begins with a sign"
        return f"it takes {kinds}"
    if name in meant:
        return f"write {meant[name]}"
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    if near:
        return f"did you mean {near[0]}=?"
    listed = sorted(known)
    return f"it takes {', '.join(listed)}" if len(listed) <= SHOWN else "leave it out, or see the page of the service"
