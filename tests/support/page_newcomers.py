"""What a household has of people who come: an invitation, and an address of Asha's that has still to prove itself."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from reminder.core.model.entities import Channel, ChannelUse, Subscriber
from reminder.core.model.own import Own
from reminder.store import own
from reminder.store.people import find_people
from reminder.usecases import inviting, joining

CHAT = Channel(name="chat", url=None, is_shared=True, join=True)
"""The channel of the household to which people may add an address, as the page knows it."""


def begun(tx: Connection, now: datetime) -> dict[str, str]:
    """Have somebody invited, somebody joined, and Asha add an address; return the token and the number by name."""
    joining.bring_address(tx, "asha", CHAT, "4242", "<script>alert(1)</script>", now)
    token = inviting.invite(tx, "asha", name="Grandma", zone=ZoneInfo("Europe/Berlin"), now=now)
    use = ChannelUse(name="chat", address="7", since_at=now)
    nana = Subscriber(name="Nana {{7*7}}", zone=ZoneInfo("Europe/Berlin"))
    there = next(iter(find_people(tx, nana.name)), None)
    number = there if there is not None else own.add_person(tx, nana, Own(channels=(use,)))
    return {"invitation": token, "newcomer": str(number)}
