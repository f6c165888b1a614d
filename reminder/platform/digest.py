"""Tells one state of a file from another: the daemon runs by a config as it was when it was read."""

from __future__ import annotations

import codecs
import hashlib
from pathlib import Path


def digest_of(raw: bytes) -> str:
    """Return what tells these bytes from others; the mark that Windows editors put in front is none of them."""
    return hashlib.sha256(raw.removeprefix(codecs.BOM_UTF8)).hexdigest()


def digest_of_file(path: Path) -> str | None:
    """Return what tells the file as it is from what it was; None where it cannot be read."""
    try:
        return digest_of(path.read_bytes())
    except OSError:
        return None
