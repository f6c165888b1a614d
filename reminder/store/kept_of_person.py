"""Everything that is kept of one person, as they may have it: without the hashes of secrets, and without codes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, Table, select

from reminder.core.model.entities import Kind
from reminder.store.sql.tables import (
    access_token,
    address_proof,
    date_proposal,
    deed,
    delivery,
    invitation,
    message,
    refused_address,
    seen_release,
    streak,
    subscriber,
    subscription,
    title,
    web_session,
)
from reminder.store.titles import chunks

OF_A_PERSON: Final[Mapping[str, Table]] = {
    "follows": subscription,
    "messages": message,
    "deliveries": delivery,
    "refused_addresses": refused_address,
    "failures": streak,
    "browsers": web_session,
    "tokens": access_token,
    "invitations": invitation,
    "proofs": address_proof,
    "deeds": deed,
    "seen": seen_release,
    "proposed_dates": date_proposal,
}
"""What else there is of a person, by the name that it has in what is handed out: each row names whose it is."""
_KEPT_BACK: Final = frozenset({"hash", "secret", "subscriber_id", "owner", "lease_until"})
"""What lets somebody in, or says nothing of the person."""


def kept_of(tx: Connection, name: str) -> dict[str, Any] | None:
    """Return all that there is of a person, by what it is about, in plain JSON; None for nobody."""
    row = tx.execute(select(subscriber).where(subscriber.c.name == name)).one_or_none()
    if row is None:
        return None
    found: dict[str, Any] = {"person": _plain(dict(row._mapping), {})}
    for part, table in OF_A_PERSON.items():
        these = tx.execute(select(table).where(table.c.subscriber_id == row.id)).mappings().all()
        names = _titles(tx, {each["title_id"] for each in these if each.get("title_id") is not None})
        found[part] = [_plain(dict(each), names) for each in these]
    return found


def _titles(tx: Connection, ids: set[int]) -> dict[int, str]:
    if not ids:
        return {}
    parts = (tx.execute(select(title.c.id, title.c.name).where(title.c.id.in_(part))) for part in chunks(sorted(ids)))
    return {row.id: row.name for part in parts for row in part}


def _plain(row: Mapping[str, Any], titles: Mapping[int, str]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    is_code = row.get("kind") == Kind.CODE
    for name, value in row.items():
        if name in _KEPT_BACK or value is None or (is_code and name == "detail"):
            continue
        if name == "title_id":
            made["title"] = titles.get(value, value)
        elif isinstance(value, date | datetime):
            made[name] = value.isoformat()
        else:
            made[name] = value
    return made
