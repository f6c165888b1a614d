"""Rows that cannot be read stop nobody else: what fails in one go is read one by one, and who fails alone is put off.

A zone that tzdata has dropped is enough, or a row that someone has edited by hand.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

log = logging.getLogger(__name__)

Key = TypeVar("Key")
Found = TypeVar("Found")


def whole_or_each(
    whole: Callable[[], Sequence[Found]],
    keys: Callable[[], Iterable[Key]],
    one: Callable[[Key], Sequence[Found]],
    put_off: Callable[[Key], None],
) -> list[Found]:
    """Return what `whole` reads; if it fails, what `one` reads for each of `keys`; those that fail go to `put_off`.

    The database's own errors pass through: they say nothing of a row.
    """
    try:
        return list(whole())
    except DBAPIError:
        raise
    except Exception as error:  # noqa: BLE001  the rows are about to be looked at one by one
        log.debug("rows read one by one", extra={"why": repr(error)})
    found: list[Found] = []
    for key in keys():
        try:
            found += one(key)
        except DBAPIError:
            raise
        except Exception:
            log.exception("row not read", extra={"row": key, "next_try": "in an hour"})
            put_off(key)
    return found
