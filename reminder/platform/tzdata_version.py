"""Tells which rules of the time zones this machine has: they change some times a year, and future hours with them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final
from zoneinfo import TZPATH

WHOLE: Final = "tzdata.zi"
"""All rules in one file, which most systems have beside the zones (zic(8))."""


def rules_of_zones() -> str:
    """Return what tells this state of the time zone database from another."""
    marks = hashlib.sha256(_wheel().encode())
    for folder in map(Path, TZPATH):
        for mark in _marks(folder):
            marks.update(mark)
    return marks.hexdigest()


def _wheel() -> str:
    with suppress(PackageNotFoundError):
        return version("tzdata")
    return ""


def _marks(folder: Path) -> Iterator[bytes]:
    """Yield the rules in one place, or when the files were made that hold them."""
    with suppress(OSError):
        if (folder / WHOLE).is_file():
            yield (folder / WHOLE).read_bytes()
            return
        for file in sorted(folder.rglob("*")):
            found = file.stat()
            yield f"{file} {found.st_size} {found.st_mtime_ns}".encode()
