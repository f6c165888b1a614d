"""Keeps Python's search for garbage away from what never becomes any."""

from __future__ import annotations

import gc


def keep_what_is_loaded() -> None:
    """Have everything that is there by now searched for garbage no more: once a service is built, all of it stays.

    A full search walks through each object of every library, which made one page in some hundred wait for it.
    """
    gc.collect()
    gc.freeze()


def search_all() -> None:
    """Have everything searched for garbage again: of a service that has ended nothing needs to stay."""
    gc.unfreeze()
