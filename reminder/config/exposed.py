"""Finds secrets that stand in the config's file as they are, for whoever may read the file may read them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from reminder.config.draft import Draft
from reminder.config.yaml.nodes import show

_LOGIN: Final = re.compile(r"://[^/@:]{0,400}:(?P<password>[^/@]{1,400})@")
_VARIABLE: Final = re.compile(r"(?<!\$)\$\{")


def written_out(made: Draft) -> Iterator[str]:
    """Yield the paths of settings that may hold a secret and hold no variable, or whose password holds none."""
    for name, part in made.channels.items():
        if "url" not in part.bad and stands_written(part.spec.url):
            yield show(("channels", name))
    top = made.top.spec
    if top.database and has_password(top.database):
        yield "database"
    if top.sources and top.sources.tmdb and not _VARIABLE.search(top.sources.tmdb.key):
        yield "sources.tmdb.key"


def stands_written(template: str) -> bool:
    """Tell whether a URL holds no variable at all, or a password without one."""
    return not _VARIABLE.search(template) or has_password(template)


def has_password(template: str) -> bool:
    """Tell whether a password stands written out in a URL."""
    found = _LOGIN.search(template)
    return found is not None and not _VARIABLE.search(found["password"])
