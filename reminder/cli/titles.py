"""Finding a title that someone names on the command line."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from reminder.core.listing import Listing
from reminder.core.model import title_key
from reminder.errors import WrongInput


def find_key(titles: Iterable[Listing], name: str) -> str:
    """Return the key of the one title called `name`, by key, text, or text and season. Raises WrongInput."""
    listed = list(titles)
    wanted = title_key(name, None)
    found = {item.title.key for item in listed if item.title.key in {name, wanted}}
    found = found or {item.title.key for item in listed if title_key(item.title.name, None) == wanted}
    if len(found) == 1:
        return found.pop()
    if found:
        raise WrongInput(f"{name!r} could be {' or '.join(sorted(found))}: write one of these")
    names = {title_key(item.title.name, None): item.title.name for item in listed}
    near = get_close_matches(wanted, names, n=1)
    raise WrongInput(f"no title is called {name!r}" + (f": did you mean {names[near[0]]!r}?" if near else ""))
