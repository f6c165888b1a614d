"""Makes files in a state directory: private from their first byte on, and of one owner whoever made them."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

PRIVATE: Final = 0o600


def make_private(path: Path, mode: int = PRIVATE) -> None:
    """Make an empty file that the umask can only make more private; one that is there already stays as it is.

    What cannot be made is reported by whoever opens it.
    """
    with suppress(OSError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, mode))
        give_to_folders_owner(path)


def make_folder(folder: Path) -> None:
    """Make a folder that only the owner of the one above it may enter, and those above it, if need be. Raises OSError.

    One that is there already stays as it is.
    """
    if folder.is_dir():
        return
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    give_to_folders_owner(folder)


def give_to_folders_owner(path: Path) -> None:
    """Give what root made to the owner of its folder: a service that runs as another user has to open it later."""
    if os.geteuid() != 0:
        return
    with suppress(OSError):
        folder = path.parent.stat()
        os.chown(path, folder.st_uid, folder.st_gid)
