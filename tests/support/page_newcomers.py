"""What a household has of people who come: an invitation, and an address of Asha's that has still to prove itself."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from reminder.core.model.entities import Channel
from reminder.usecases import inviting, joining

CHAT = Channel(name="chat", url=None, is_shared=True, join=True)
"""The channel of the household to which people may add an address, as the page knows it."""


def begun(tx: Connection, now: datetime) -> str:
    """Have somebody invited, and Asha add an address; return the token of the invitation."""
    joining.bring_address(tx, "asha", CHAT, "4242", "<script>alert(1)</script>", now)
    return inviting.invite(tx, "asha", name="Grandma", zone=ZoneInfo("Europe/Berlin"), now=now)
