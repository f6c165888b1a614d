"""Being somebody else for a while: somebody who owns nothing here."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

NOBODY: Final = os.getuid() or 65534
"""Who one is meanwhile; whoever is not root has only themselves, and modes that keep them out."""


@contextmanager
def as_somebody_else() -> Iterator[None]:
    """Be a user who owns nothing here; root may do anything, so it steps down for a while."""
    if os.getuid() != 0:
        yield
        return
    os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)
