"""Finds the files of a language: those that came with the program, or those that somebody lays over them."""

from __future__ import annotations

import gettext
import logging
import os
import struct
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Final

from reminder.texts.languages.compiling import MARK, compiled, digest

OVER: Final = "REMINDER_LOCALE"
"""Names a folder whose `.po` files count before those that came with the program: to try a translation."""
SHIPPED: Final = Path(__file__).parents[2] / "locale"
_UNDER: Final = Path("LC_MESSAGES", "reminder")

log: Final = logging.getLogger(__name__)


def texts_of(folder: str) -> gettext.NullTranslations:
    """Return the texts of a language by the name of its folder; none, which leaves all English, where it has none."""
    for place in places():
        path = place / folder / _UNDER
        try:
            found = _read(path.with_suffix(".po"), path.with_suffix(".mo"))
        except (OSError, ValueError, struct.error) as error:
            log.warning("language not readable", extra={"path": str(path), "why": str(error)})
            continue
        if found is not None:
            return found
    return gettext.NullTranslations()


def places() -> Iterator[Path]:
    """Yield the folders in which languages lie, the one that counts first."""
    if over := os.environ.get(OVER):
        yield Path(over)
    yield SHIPPED


def laid_over() -> list[str]:
    """Return the names of the folders of languages that somebody has laid over those that came with the program."""
    over = os.environ.get(OVER)
    if not over:
        return []
    return sorted(path.parent.parent.name for path in Path(over).glob(f"*/{_UNDER}.po"))


def _read(po: Path, mo: Path) -> gettext.GNUTranslations | None:
    """Return what the two files hold: a `.mo` counts unless its `.po` lies beside it and says something else by now."""
    written = po.read_bytes() if po.exists() else None
    if mo.exists():
        made = _texts(mo.read_bytes())
        if written is None or made.pgettext(MARK, MARK) == digest(written):
            return made
    return None if written is None else _texts(compiled(written))


def _texts(mo: bytes) -> gettext.GNUTranslations:
    return gettext.GNUTranslations(BytesIO(mo))
