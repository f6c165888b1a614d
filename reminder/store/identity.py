"""Gives a database two random marks at its birth, which tell it from every other, and keys.

One is the database's own: a restored copy keeps it, so that the addresses of calendars and links in old mails go on.
The other is what its messages are numbered under. A restored copy gives the numbers of deliveries out again, so it
gets a new one: a mailbox takes a second mail with a known Message-ID for a copy of the first, and hides it.
With one key the page signs what it hands out and wants back unchanged, with another, made when it is first needed,
what goes to browsers. Keys leave the database in copies alone.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from typing import Final

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from reminder.store.sql.tables import meta

DATABASE: Final = "identity"
SENDING: Final = "sending_identity"
SIGNING: Final = "signing_key"
PUSH: Final = "vapid_key"


def identify(tx: Connection) -> None:
    """Give a new database its two marks and its key."""
    marks = [{"key": key, "value": _random()} for key in (DATABASE, SENDING)]
    tx.execute(insert(meta), [*marks, {"key": SIGNING, "value": secrets.token_hex(32)}])


def database_identity(tx: Connection) -> str:
    """Return the mark of the database, which a restored copy keeps."""
    return _mark(tx, DATABASE)


def sending_identity(tx: Connection) -> str:
    """Return the mark under which this database's deliveries are numbered."""
    return _mark(tx, SENDING)


def signing_key(tx: Connection) -> str:
    """Return the key with which the page signs: 64 hex digits, which are never shown."""
    return _mark(tx, SIGNING)


def push_key(tx: Connection) -> str | None:
    """Return the key that browsers know us by, 64 hex digits, None while there is none. It is never shown."""
    found = tx.execute(select(meta.c.value).where(meta.c.key == PUSH)).scalar_one_or_none()
    return None if found is None else str(found)


def keep_push_key(tx: Connection, key: str) -> str:
    """Keep a key for browsers, if none is kept yet; return the one that counts from now on."""
    with suppress(IntegrityError), tx.begin_nested():  # another process may have made one meanwhile
        tx.execute(insert(meta).values(key=PUSH, value=key))
    return push_key(tx) or key


def renew_sending(tx: Connection) -> None:
    """Number the deliveries under a new mark from now on: numbers that were used may be given out again."""
    tx.execute(update(meta).where(meta.c.key == SENDING).values(value=_random()))


def _mark(tx: Connection, key: str) -> str:
    return str(tx.execute(select(meta.c.value).where(meta.c.key == key)).scalar_one())


def _random() -> str:
    return secrets.token_hex(16)
