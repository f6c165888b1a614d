"""Compiles a `.po` file, which people write, into a `.mo` file, which gettext reads.

It imports nothing of the program: the build of the package uses it too.
"""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Final

MARK: Final = "made from"
"""The context of the entry that tells from which `.po` a `.mo` was made."""


def digest(po: bytes) -> str:
    """Return what tells one text of a `.po` file from another."""
    return hashlib.sha256(po).hexdigest()


def compiled(po: bytes) -> bytes:
    """Return a `.po` file as a `.mo` file, with the mark of what it was made from; what is marked fuzzy is left out.

    Raises ValueError for what is no `.po` file.
    """
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import PoFileError, read_po

    try:
        catalog = read_po(BytesIO(po), abort_invalid=True)
    except PoFileError as error:
        raise ValueError(str(error)) from None
    for message in catalog:
        # In the place of a form that is empty Babel would write English, by the rule of this language and not its own.
        if message.pluralizable and not all(message.string or ()):
            message.string = ""
    catalog.add(MARK, string=digest(po), context=MARK)
    made = BytesIO()
    write_mo(made, catalog)
    return made.getvalue()
