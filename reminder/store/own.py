"""What people have chosen for themselves, kept beside what the config or an import says of them (SPEC 10)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, insert, select, update

from reminder.core.model.entities import ChannelUse, Subscriber
from reminder.core.model.lead import Ladder
from reminder.core.model.ledger import Reason
from reminder.core.model.own import Own, is_proved
from reminder.core.schedule.listing import SubscriptionState, begin_or_go_on
from reminder.store.people import (
    WEB,
    find_people,
    leave_channels,
    load_people,
    look_again,
    moved_addresses,
)
from reminder.store.refusals import reopen
from reminder.store.sql.codec import dump_listing, dump_own, dump_subscriber, load_listing, load_own, load_subscriber
from reminder.store.sql.tables import OPEN_DELIVERY, channel, delivery, message, subscriber, subscription, title
from reminder.store.title_commands import end_unfollowed
from reminder.store.titles import chunks
from reminder.store.writer import COMMAND, OWN, columns_of, effective_ladder, standing_of

Change = Callable[[Own], Own]
"""Makes of what somebody has chosen what they choose now."""


def own_of(tx: Connection, name: str) -> Own | None:
    """Return what somebody has chosen, None where they never did or nobody is called so."""
    kept = tx.execute(select(subscriber.c.own).where(subscriber.c.name == name)).scalar()
    return None if kept is None else load_own(kept)


def origin_of(tx: Connection, name: str) -> str | None:
    """Return who lists somebody: `config`, `import`, or `web` for who has joined; None for nobody of this name."""
    found: str | None = tx.execute(select(subscriber.c.origin).where(subscriber.c.name == name)).scalar()
    return found


def names_like(tx: Connection, name: str) -> list[str]:
    """Return the names that are taken and are this one, or this one in other letters, of those who chose theirs."""
    same = [each for each in _chosen_names(tx) if each.casefold() == name.casefold()]
    exact = tx.execute(select(subscriber.c.name).where(subscriber.c.name == name)).scalars()
    return list(dict.fromkeys([*exact, *same]))


def joined_names(tx: Connection) -> dict[str, str]:
    """Return the names of those who have joined and are told of releases, each under itself in small letters."""
    return {name.casefold(): name for name in _chosen_names(tx, subscriber.c.ended_at.is_(None))}


def _chosen_names(tx: Connection, *only: ColumnElement[bool]) -> list[str]:
    """Return the names that people chose when they joined; compared in Python, as SQLite folds ASCII letters alone."""
    mine = (subscriber.c.origin == WEB, subscriber.c.own.is_not(None), *only)
    return list(tx.execute(select(subscriber.c.name).where(*mine)).scalars())


def add_person(tx: Connection, person: Subscriber, own: Own) -> int:
    """Let somebody be known who joins, with what they have chosen; return their number.

    The name must be free: it is unique among all who are or ever were known.
    """
    values = {"name": person.name, "origin": WEB, "profile": dump_subscriber(person), "own": dump_own(own)}
    row_id: int = tx.execute(insert(subscriber).returning(subscriber.c.id), values).scalar_one()
    _know_uses(tx, own)
    return row_id


def change_own(tx: Connection, name: str, change: Change, now: datetime) -> Subscriber | None:
    """Let somebody choose something; return who they are now, None where nobody of this name is told.

    What waits for them is looked at anew: on an address that is gone it goes elsewhere, other hours move its moment.
    """
    row = tx.execute(
        select(subscriber)
        .where(subscriber.c.name == name, subscriber.c.ended_at.is_(None))
        .with_for_update(key_share=True)
    ).one_or_none()
    if row is None:
        return None
    listed, known = load_subscriber(row.name, row.profile), load_own(row.own or {})
    own = change(known)
    before, after = known.over(listed), own.over(listed)
    tx.execute(update(subscriber).where(subscriber.c.id == row.id).values(own=dump_own(own)))
    _know_uses(tx, own)
    if after.remind != before.remind:
        _weigh_anew(tx, row.id, after, now)
    reopen(tx, moved_addresses(row.id, before, after), now)
    leave_channels(tx, row.id, before, after, now)
    look_again(tx, row.id, now)
    return after


def settle(tx: Connection, name: str, now: datetime) -> None:
    """Let all that somebody has chosen count from `now` on, as it stands in their row."""
    for id_, person in find_people(tx, name).items():
        kept = tx.execute(select(subscriber.c.own).where(subscriber.c.id == id_)).scalar_one()
        _know_uses(tx, load_own(kept or {}))
        _weigh_anew(tx, id_, person, now)


def end_use(tx: Connection, name: str, use: ChannelUse, now: datetime) -> bool:
    """Let nothing go over one of a person's uses any more, listed or their own; return whether they had it."""
    person = next(iter(find_people(tx, name).values()), None)
    if person is None or all((each.name, each.address) != (use.name, use.address) for each in person.channels):
        return False
    return change_own(tx, name, lambda own: own.ending(use, now), now) is not None


def ended_uses(tx: Connection, name: str) -> tuple[ChannelUse, ...]:
    """Return the uses that somebody has ended by themselves, the last one last."""
    own = own_of(tx, name)
    return own.ended if own is not None else ()


def take_use_again(tx: Connection, name: str, use: ChannelUse, now: datetime) -> bool:
    """Take up a use again that a person has ended; return whether they are still told anything."""
    profile = tx.execute(select(subscriber.c.profile).where(subscriber.c.name == name)).scalar_one()
    listed = load_subscriber(name, profile)
    return change_own(tx, name, lambda own: own.taking_again(use, listed), now) is not None


def go_on(tx: Connection, name: str, title_id: int, stopped_at: datetime, now: datetime) -> bool:
    """Let somebody go on with a title that they have stopped at an instant as if they never had; False if they cannot.

    What waits about it since then is looked at now.
    """
    person_id, _ = _person(tx, name)
    theirs = (subscription.c.subscriber_id == person_id, subscription.c.title_id == title_id)
    stopped = update(subscription).where(*theirs, subscription.c.stopped_at == stopped_at)
    if not tx.execute(stopped.values(ended_at=None, stopped_at=None, next_due_at=now)).rowcount:
        return False
    about = select(message.c.id).where(message.c.title_id == title_id, message.c.subscriber_id == person_id)
    waits = (OPEN_DELIVERY, delivery.c.due_at > now, delivery.c.reason == Reason.UNLISTED)
    tx.execute(update(delivery).where(*waits, delivery.c.message_id.in_(about)).values(due_at=now))
    return True


def end_person(tx: Connection, name: str, now: datetime) -> None:
    """Tell somebody nothing any more; what was sent to them is kept. No import brings back who has left.

    What they alone followed is no longer watched.
    """
    change_own(tx, name, lambda own: replace(own, left_at=now), now)
    ids = list(tx.execute(select(subscriber.c.id).where(subscriber.c.name == name)).scalars())
    for id_ in ids:
        tx.execute(update(subscriber).where(subscriber.c.id == id_).values(ended_at=now))
        live = (subscription.c.subscriber_id == id_, subscription.c.ended_at.is_(None))
        ended = update(subscription).where(*live).values(ended_at=now, next_due_at=None)
        titles = list(tx.execute(ended.returning(subscription.c.title_id)).scalars())
        end_unfollowed(tx, titles, now)


def bring_back(tx: Connection, name: str, now: datetime) -> None:
    """Take back that somebody has left: they follow again what they followed when they did."""
    row = tx.execute(select(subscriber).where(subscriber.c.name == name)).one_or_none()
    if row is None or row.ended_at is None:
        return
    own = load_own(row.own or {})
    theirs = (subscription.c.subscriber_id == row.id, subscription.c.ended_at == row.ended_at)
    followed = list(tx.execute(select(subscription.c.title_id).where(*theirs)).scalars())
    for part in chunks(followed):
        alone = (title.c.id.in_(part), title.c.origin == COMMAND, title.c.ended_at == row.ended_at)
        tx.execute(update(title).where(*alone).values(ended_at=None))
        watched = select(title.c.id).where(title.c.id.in_(part), title.c.ended_at.is_(None))
        go_on = update(subscription).where(*theirs, subscription.c.title_id.in_(watched))
        tx.execute(go_on.values(ended_at=None, next_due_at=now))
    values = {"ended_at": None, "own": dump_own(replace(own, left_at=None))}
    tx.execute(update(subscriber).where(subscriber.c.id == row.id).values(values))
    waits = (OPEN_DELIVERY, delivery.c.subscriber_id == row.id, delivery.c.due_at > now)
    tx.execute(update(delivery).where(*waits).values(due_at=now))


def _know_uses(tx: Connection, own: Own) -> None:
    """Know a person's further addresses as channels of their own: how each fares is kept apart."""
    names = {use.name for use in own.channels}
    known = set(tx.execute(select(channel.c.name).where(channel.c.name.in_(sorted(names)))).scalars())
    for name in sorted(names - known):
        tx.execute(insert(channel).values(name=name, fingerprint=""))


def _weigh_anew(tx: Connection, subscriber_id: int, person: Subscriber, now: datetime) -> None:
    """Let other leads of a person count for everything that they follow."""
    theirs = (subscription.c.subscriber_id == subscriber_id, subscription.c.ended_at.is_(None))
    for row in tx.execute(select(subscription).where(*theirs)).all():
        _stand(tx, row, _ladder(tx, row.title_id, person, row.own_ladder), now, timedelta())


# What somebody follows -----------------------------------------------------------------------------------------------


def follow(tx: Connection, name: str, title_id: int, now: datetime, grace: timedelta) -> bool:
    """Let somebody follow a title by their own choice, whatever lists it; return whether they did not before.

    Who comes back within `grace` goes on as if never gone.
    """
    person_id, person = _person(tx, name)
    row = _subscription(tx, person_id, title_id)
    ladder = _ladder(tx, title_id, person, row.own_ladder if row is not None else None)
    _has_chosen(tx, person_id)
    if row is None:
        last_no = tx.execute(select(title.c.last_no).where(title.c.id == title_id)).scalar_one()
        standing = begin_or_go_on(None, ladder, last_no=last_no, now=now, grace=grace)
        keys = {"subscriber_id": person_id, "title_id": title_id, "origin": OWN}
        tx.execute(insert(subscription).values(**keys, **columns_of(standing, now)))
        return True
    if row.ended_at is None:
        return False
    _stand(tx, row, ladder, now, grace)
    tx.execute(update(subscription).where(subscription.c.id == row.id).values(origin=OWN))
    about = select(message.c.id).where(message.c.title_id == title_id, message.c.subscriber_id == person_id)
    waits = (OPEN_DELIVERY, delivery.c.due_at > now, delivery.c.message_id.in_(about))
    tx.execute(update(delivery).where(*waits).values(due_at=now))
    return True


def stop(tx: Connection, name: str, title_id: int, now: datetime) -> bool:
    """Let somebody not follow a title any more, though it be listed for them; return whether they did."""
    person_id, _ = _person(tx, name)
    live = (subscription.c.subscriber_id == person_id, subscription.c.title_id == title_id)
    ended = update(subscription).where(*live, subscription.c.ended_at.is_(None))
    return tx.execute(ended.values(ended_at=now, stopped_at=now, next_due_at=None)).rowcount == 1


def want_again(tx: Connection, title_id: int, names: Collection[str]) -> None:
    """Let it be over that these people have stopped following a title: somebody lists it for them by name."""
    for part in chunks(sorted(names)):
        people = select(subscriber.c.id).where(subscriber.c.name.in_(part))
        theirs = (subscription.c.title_id == title_id, subscription.c.subscriber_id.in_(people))
        tx.execute(update(subscription).where(*theirs).values(stopped_at=None))


def take_leads(tx: Connection, name: str, title_id: int, ladder: Ladder | None, now: datetime) -> bool:
    """Let somebody have leads of their own for a title that they follow, None for the usual ones again.

    Returns whether they follow it.
    """
    person_id, person = _person(tx, name)
    row = _subscription(tx, person_id, title_id)
    if row is None or row.ended_at is not None:
        return False
    kept = ladder.dump() if ladder is not None else None
    tx.execute(update(subscription).where(subscription.c.id == row.id).values(own_ladder=kept))
    _stand(tx, row, _ladder(tx, title_id, person, kept), now, timedelta())
    return True


def drop_listed_leads(tx: Connection, title_id: int, name: str) -> None:
    """Take away the leads for one person that stand with a title itself."""
    row = tx.execute(select(title.c.key, title.c.spec).where(title.c.id == title_id)).one()
    listing = load_listing(row.key, row.spec)
    ladders = {each: own for each, own in listing.ladders.items() if each != name}
    followers = listing.followers
    if followers is not None and name in followers:
        followers = {**followers, name: None}
    usual = dump_listing(replace(listing, followers=followers, ladders=ladders))
    if usual != row.spec:
        tx.execute(update(title).where(title.c.id == title_id).values(spec=usual))


def _has_chosen(tx: Connection, subscriber_id: int) -> None:
    """Let somebody who is imported be among those who have chosen something for themselves: they are looked at then."""
    tx.execute(update(subscriber).where(subscriber.c.id == subscriber_id, subscriber.c.own.is_(None)).values(own={}))


def _ladder(tx: Connection, title_id: int, person: Subscriber, own: Mapping[str, Any] | None) -> Ladder:
    """Return the leads that count for a person on a title, given those that they have taken for it, if any."""
    row = tx.execute(select(title.c.key, title.c.spec).where(title.c.id == title_id)).one()
    listing = load_listing(row.key, row.spec)
    listed = listing.followed_by([person.name]).get(person.name)
    return effective_ladder(listed, listing.title, person, Ladder.load(own) if own is not None else None)


def _stand(tx: Connection, row: Row[Any], ladder: Ladder, now: datetime, grace: timedelta) -> None:
    last_no = tx.execute(select(title.c.last_no).where(title.c.id == row.title_id)).scalar_one()
    before: SubscriptionState = standing_of(row)
    after = begin_or_go_on(before, ladder, last_no=last_no, now=now, grace=grace)
    values = {**columns_of(after, now), "stopped_at": None}
    tx.execute(update(subscription).where(subscription.c.id == row.id).values(values))


def _person(tx: Connection, name: str) -> tuple[int, Subscriber]:
    query = select(subscriber.c.id).where(subscriber.c.name == name, subscriber.c.ended_at.is_(None))
    row_id: int = tx.execute(query.with_for_update(key_share=True)).scalar_one()
    return row_id, load_people(tx, [row_id])[row_id]


def _subscription(tx: Connection, person_id: int, title_id: int) -> Row[Any] | None:
    this = (subscription.c.subscriber_id == person_id, subscription.c.title_id == title_id)
    return tx.execute(select(subscription).where(*this)).one_or_none()


_UNPROVED_FOR: Final = timedelta(days=3)


def drop_unproved(tx: Connection, now: datetime) -> list[str]:
    """Forget addresses that have not proved themselves for three days; return the names of those who had them."""
    dropped = []
    rows = tx.execute(select(subscriber.c.name, subscriber.c.own).where(subscriber.c.own.is_not(None))).all()
    for row in rows:
        stale = [use.name for use in load_own(row.own).channels if not is_proved(use) and _is_stale(use.since_at, now)]
        if stale:
            change_own(tx, row.name, partial(_without, stale, now), now)
            dropped.append(row.name)
    return dropped


def _without(names: Sequence[str], now: datetime, own: Own) -> Own:
    for name in names:
        own = own.without_use(name, now)
    return own


def _is_stale(since: datetime | None, now: datetime) -> bool:
    return since is not None and since + _UNPROVED_FOR < now
