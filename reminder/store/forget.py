"""A person removed completely: the row, the address, what they followed, and everything that was sent to them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, select, update

from reminder.store.kept_of_person import OF_A_PERSON
from reminder.store.sql.engine import wiping
from reminder.store.sql.listed_names import without_name
from reminder.store.sql.tables import delivery, message, sign_in, subscriber, subscription, title
from reminder.store.title_commands import end_unfollowed


@dataclass(frozen=True, kw_only=True)
class StoredPerson:
    """The amount of data that the database has about a person."""

    subscriptions: int
    messages: int
    deliveries: int

    @property
    def counts(self) -> dict[str, int]:
        """Return the numbers by name."""
        return asdict(self)

    def __str__(self) -> str:
        return f"{self.subscriptions} subscriptions, {self.messages} messages, {self.deliveries} deliveries"


def what_is_known(tx: Connection, name: str) -> StoredPerson | None:
    """Return how much is known of a person, None when nobody ever had this name."""
    id_ = _id_of(tx, name)
    if id_ is None:
        return None
    numbers = [
        tx.execute(select(func.count()).where(table.c.subscriber_id == id_)).scalar_one()
        for table in (subscription, message, delivery)
    ]
    return StoredPerson(subscriptions=numbers[0], messages=numbers[1], deliveries=numbers[2])


def forget_person(tx: Connection, name: str, now: datetime) -> None:
    """Remove a person and everything about them; in a SQLite file what stood there is overwritten.

    What they alone followed, and the config does not list, is no longer watched.
    """
    id_ = _id_of(tx, name)
    if id_ is None:
        return
    with wiping(tx):
        followed = select(subscription.c.title_id).where(subscription.c.subscriber_id == id_)
        titles = list(tx.execute(followed.where(subscription.c.ended_at.is_(None))).scalars())
        theirs = select(message.c.id).where(message.c.subscriber_id == id_)
        tx.execute(delete(delivery).where(delivery.c.message_id.in_(theirs)))  # before the messages that they name
        for table in (*OF_A_PERSON.values(), sign_in):
            tx.execute(delete(table).where(table.c.subscriber_id == id_))
        tx.execute(delete(subscriber).where(subscriber.c.id == id_))
        _leave_out(tx, name)
        end_unfollowed(tx, titles, now)


def _id_of(tx: Connection, name: str) -> int | None:
    found: int | None = tx.execute(select(subscriber.c.id).where(subscriber.c.name == name)).scalar()
    return found


def _leave_out(tx: Connection, name: str) -> None:
    """Take the name out of the lists of who follows a title."""
    for row in tx.execute(select(title.c.id, title.c.spec)).all():
        kept = without_name(row.spec, name)
        if kept != row.spec:
            tx.execute(update(title).where(title.c.id == row.id).values(spec=kept))
