"""The tables, and the column type that lets no naive instant in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    DDL,
    JSON,
    BigInteger,
    Column,
    Date,
    DateTime,
    Dialect,
    ExecutableDDLElement,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    and_,
    event,
    func,
    text,
)

from reminder.core.dates.local_time import utc
from reminder.core.model.ledger import State

metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Id: Final = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite numbers its rows by itself only for a plain INTEGER."""


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept in UTC. SQLite knows no zones, so it holds UTC text there; PostgreSQL a timestamptz.

    A naive one raises ValueError, wrapped in SQLAlchemy's StatementError.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], datetime | str | None]:
        """Return what turns an instant into the dialect's form."""
        form = _sqlite_text if dialect.name == "sqlite" else utc
        return lambda at: None if at is None else form(at)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        """Return what turns the dialect's form into an aware instant, in UTC."""
        read: Callable[[Any], datetime] = _of_sqlite_text if dialect.name == "sqlite" else utc
        return lambda stored: None if stored is None else read(stored)


# Cached: a batch writes and reads the same few instants in every row.
@lru_cache(maxsize=4096)
def _sqlite_text(at: datetime) -> str:
    return utc(at).replace(tzinfo=None).isoformat(" ", "microseconds")


@lru_cache(maxsize=4096)
def _of_sqlite_text(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


meta = Table(
    "meta",
    metadata,
    Column("key", String(60), primary_key=True),
    Column("value", Text, nullable=False),
)
"""What the database knows of itself: the name of its config."""

LOOK: Final = "look"
"""The key in `meta` of the digest of the config for which a sync was seen to change nothing."""

look_change = Table(
    "look_change",
    metadata,
    Column("transaction", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False, server_default=func.now()),
)
"""The transactions that have changed what a sync reads, on PostgreSQL, where triggers of the migration fill it."""

daemon = Table(
    "daemon",
    metadata,
    Column("owner", String(40), primary_key=True),
    Column("host", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("stopped_at", Instant),
)
"""The daemons of one PostgreSQL, each with the digest of the config it runs; all instants by the database's clock."""

config_taken = Table(
    "config_taken",
    metadata,
    Column("no", Integer, primary_key=True, autoincrement=False),
    Column("digest", String(64), nullable=False, unique=True),
    Column("taken_at", Instant, nullable=False),
)
"""The configs that were brought into one PostgreSQL: the newest has the highest number, each digest stands once."""

subscriber = Table(
    "subscriber",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("origin", String(20), nullable=False, server_default=text("'config'")),
    Column("profile", JSON, nullable=False),
    Column("ended_at", Instant),
    Column("paused_until", Instant),
    Column("own", JSON(none_as_null=True)),
)
"""`own` is what somebody has chosen for themselves (`core.model.own`), NULL for who never did.

`origin` tells who lists a subscriber: the `config`, or an `import`, which may bring a million; `web` stands for whoever
has joined on the page.

`paused_until` is when a pause of theirs ends, or ended; so is a subscription's, for one title.
"""

channel = Table(
    "channel",
    metadata,
    Column("name", Text, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    Column("parked_at", Instant),
    Column("reason", Text),
    Column("outages", Integer, nullable=False, server_default=text("0")),
    Column("last_success_at", Instant),
    Column("last_failure_at", Instant),
    Column("last_failure", Text),
    Column("next_at", Instant),
    Column("answered_at", Instant),
    Column("examined", Text),
)
"""`parked_at` is set while a channel is broken: nothing is sent there until `next_at`, but for one delivery then.

`answered_at` is when its service last said anything at all; `examined` the fingerprint, and the program's version,
for which it was seen that it can be built.
"""

streak = Table(
    "streak",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("subscriber_id", Id, primary_key=True, autoincrement=False),
    Column("since", Instant, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("reached", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
    Column("refused_at", Instant),
    Column("is_own", Integer, nullable=False),
)
"""What failed in a row (`core.sending.streak`): at a channel (`subscriber_id` is 0), or at one address of it."""

refused_address = Table(
    "refused_address",
    metadata,
    Column("subscriber_id", Id, ForeignKey("subscriber.id"), primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("parked_at", Instant, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("reason", Text, nullable=False),
)
"""Addresses on shared channels that are parked; the channel itself works."""

title = Table(
    "title",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("origin", String(20), nullable=False),
    Column("spec", JSON, nullable=False),
    Column("last_no", Integer, nullable=False, server_default=text("0")),
    Column("ended_at", Instant),
)

release = Table(
    "release",
    metadata,
    Column("id", Id, primary_key=True),
    Column("title_id", Id, ForeignKey("title.id"), nullable=False, index=True),
    Column("season", Integer, nullable=False),
    Column("first", Integer, nullable=False),
    Column("spec", JSON, nullable=False),
    Column("when_text", Text, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("gone_at", Instant),
    Column("from_on", Date),
    Column("to_on", Date),
    Column("exact", SmallInteger, nullable=False, server_default=text("0")),
    UniqueConstraint("title_id", "season", "first"),
)
"""`season` is -1 where there is none: a unique key must not hold NULL.

`from_on`, `to_on` and `exact` say what `when_text` says in a form that can be sorted: the first and the last day, of an
instant its day in UTC, and how exact it is (`When.exactness`). Whoever writes the one writes the others.
"""

date_change = Table(
    "date_change",
    metadata,
    Column("title_id", Id, ForeignKey("title.id"), primary_key=True),
    Column("no", Integer, primary_key=True),
    Column("season", Integer, nullable=False),
    Column("first", Integer, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("corrects", Integer, nullable=False, server_default=text("0")),
)
"""`corrects` is 1 where somebody has said that the date before was a slip."""

followed = Table(
    "followed",
    metadata,
    Column("title_key", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("ref", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("pinned_by", Text, nullable=False),
    Column("pinned_at", Instant, nullable=False),
    Column("answer", JSON(none_as_null=True)),
    Column("answered_at", Instant),
    Column("second", JSON(none_as_null=True)),
    Column("chosen", JSON(none_as_null=True)),
    Column("next_at", Instant),
    Column("silence", Text),
    Column("told", Text),
)
"""A title that is followed through a source: the entry it is pinned to, the last good answer, and when to ask again.

`second` is another source's answer about the same work, `chosen` what both came to; `silence` why the last look gave
none, `told` the last clash or silence that the operator was told of.
"""

source = Table(
    "source",
    metadata,
    Column("name", Text, primary_key=True),
    Column("mark", Text),
    Column("last_success_at", Instant),
    Column("failing_since", Instant),
    Column("reason", Text),
    Column("told_at", Instant),
)
"""A source as a whole: up to where its list of changes was read, and whether it answers."""

subscription = Table(
    "subscription",
    metadata,
    Column("id", Id, primary_key=True),
    Column("subscriber_id", Id, ForeignKey("subscriber.id"), nullable=False),
    Column("title_id", Id, ForeignKey("title.id"), nullable=False, index=True),
    Column("ladder", JSON, nullable=False),
    Column("since", JSON, nullable=False),
    Column("began_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("muted_at", Instant),
    Column("paused_until", Instant),
    Column("noticed_no", Integer, nullable=False, server_default=text("0")),
    Column("next_due_at", Instant),
    Column("put_off_at", Instant),
    Column("origin", String(10), nullable=False, server_default=text("'listing'")),
    Column("own_ladder", JSON(none_as_null=True)),
    Column("stopped_at", Instant),
    UniqueConstraint("subscriber_id", "title_id"),
)
"""`origin` is `own` where somebody follows a title beside what is listed for them; `own_ladder` are the leads that they
have taken instead (`ladder` is what counts in the end), `stopped_at` is when they stopped what is listed for them.

`put_off_at` is since when it cannot be read, planned or written down; it is looked at again from hour to hour."""

message = Table(
    "message",
    metadata,
    Column("id", Id, primary_key=True),
    Column("subscriber_id", Id, ForeignKey("subscriber.id"), nullable=False),
    Column("title_id", Id, ForeignKey("title.id")),
    Column("season", Integer, nullable=False),
    Column("first", Integer, nullable=False),
    Column("what", Text, nullable=False),
    Column("anchor", Text, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("lead", Text),
    Column("label", Text, nullable=False),
    Column("planned", Text, nullable=False),
    Column("heard", Text),
    Column("change_no", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("useful_until", Instant, nullable=False),
    Column("decided_at", Instant, nullable=False),
    Column("detail", JSON(none_as_null=True)),
    UniqueConstraint("subscriber_id", "title_id", "season", "first", "what", "anchor"),
)
"""One message: its unique key, and what was decided. `title_id` is empty for what is about no title (trouble)."""

delivery = Table(
    "delivery",
    metadata,
    Column("id", Id, primary_key=True),
    Column("message_id", Id, ForeignKey("message.id"), nullable=False, index=True),
    Column("subscriber_id", Id, ForeignKey("subscriber.id"), nullable=False),
    Column("channel", Text),
    Column("state", String(20), nullable=False),
    Column("reason", Text),
    Column("due_at", Instant),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("plain", Integer, nullable=False, server_default=text("0")),
    Column("refused", String(10)),
    Column("asked", Integer, nullable=False, server_default=text("0")),
    Column("owner", Text),
    Column("lease_until", Instant),
    Column("tried_at", Instant, nullable=False),
    Column("closed_at", Instant),
)
"""One message to one channel. `tried_at` is the last try or verdict; `due_at` stands only while it is open.

`refused` tells how one stands that was refused as plain text too (`core.sending.retry.Refused`); `asked` is 1 where
somebody has asked for it, or for another try: it goes whatever has been said meanwhile.
"""

web_session = Table(
    "web_session",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("subscriber_id", Id, ForeignKey("subscriber.id"), nullable=False, index=True),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("agent", Text, nullable=False),
)
"""The browsers that are signed in: the SHA-256 of what the cookie of each holds, and what it calls itself."""

sign_in = Table(
    "sign_in",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("subscriber_id", Id, ForeignKey("subscriber.id"), nullable=False, index=True),
    Column("secret", String(64), nullable=False),
    Column("tries", Integer, nullable=False, server_default=text("0")),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)
"""Ways in that were given and hold for minutes: a `link` from the terminal, a `code` over a channel.

`hash` is the SHA-256 of the link's token, or of the mark that the asking browser keeps; `secret` that of the code.
"""

access_token = Table(
    "access_token",
    metadata,
    Column("id", Id, primary_key=True),
    Column("subscriber_id", Id, ForeignKey("subscriber.id"), nullable=False, index=True),
    Column("hash", String(64), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("scope", String(10), nullable=False),
    Column("detail", JSON(none_as_null=True)),
    Column("created_at", Instant, nullable=False),
    Column("used_on", Date),
    Column("revoked_at", Instant),
)
"""What lets a program in: for the API to `read` or `write`, or a calendar's address (`feed`, `detail` says which)."""

invitation = Table(
    "invitation",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("language", String(20), nullable=False),
    Column("zone", Text, nullable=False),
    Column("role", String(10), nullable=False),
    Column("invited_by", Text, nullable=False),
    Column("subscriber_id", Id, ForeignKey("subscriber.id"), index=True),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)
"""Invitations, known by the SHA-256 of what their link holds; used up once an address of who came has proved itself.

`subscriber_id` is whoever has begun to join by it.
"""

address_proof = Table(
    "address_proof",
    metadata,
    Column("id", Id, primary_key=True),
    Column("subscriber_id", Id, ForeignKey("subscriber.id"), nullable=False, index=True),
    Column("channel", Text, nullable=False),
    Column("secret", String(64), nullable=False, index=True),
    Column("tries", Integer, nullable=False, server_default=text("0")),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("proved_at", Instant),
)
"""How an address is to prove itself: `channel` names its use, `secret` is the SHA-256 of the code or the token."""

deed = Table(
    "deed",
    metadata,
    Column("id", Id, primary_key=True),
    Column("subscriber_id", Id, ForeignKey("subscriber.id"), nullable=False, index=True),
    Column("what", String(20), nullable=False),
    Column("title_id", Id, ForeignKey("title.id")),
    Column("detail", JSON(none_as_null=True)),
    Column("done_at", Instant, nullable=False),
    Column("undone_at", Instant),
)
"""What people have changed by a message's link or on the page, so that it can be undone for a day."""

seen_release = Table(
    "seen_release",
    metadata,
    Column("subscriber_id", Id, ForeignKey("subscriber.id"), primary_key=True),
    Column("title_id", Id, ForeignKey("title.id"), primary_key=True, index=True),
    Column("season", Integer, primary_key=True, autoincrement=False),
    Column("first", Integer, primary_key=True, autoincrement=False),
    Column("seen_at", Instant, nullable=False),
)
"""The releases that somebody has seen: they want to hear nothing more of them."""

date_proposal = Table(
    "date_proposal",
    metadata,
    Column("id", Id, primary_key=True),
    Column("title_id", Id, ForeignKey("title.id"), nullable=False, index=True),
    Column("subscriber_id", Id, ForeignKey("subscriber.id"), nullable=False),
    Column("said", Text, nullable=False),
    Column("said_at", Instant, nullable=False),
    Column("decided_at", Instant),
    Column("is_taken", Integer),
)
"""Dates that somebody has proposed to the owner for a title that others follow too."""

poller = Table(
    "poller",
    metadata,
    Column("bot", String(64), primary_key=True),
    Column("owner", Text),
    Column("lease_until", Instant),
    Column("read_to", BigInteger, nullable=False, server_default=text("0")),
)
"""Which daemon reads what is written to a bot, and up to which update: a service lets one reader at a time."""

poster = Table(
    "poster",
    metadata,
    Column("title_key", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("kind", String(20)),
    Column("asked_at", Instant, nullable=False),
    Column("kept_at", Instant),
    Column("image", LargeBinary),  # at the end: SQLite reads its pages to come to what lies behind it
)
"""Pictures of titles as their source has them, kept here so that no reader's browser asks the source."""

_OPEN: Final = f"state IN ('{State.DUE}', '{State.RETRYING}')"
_SENDING: Final = f"state = '{State.SENDING}'"
# Written out, not bound: only then can the planner see that a partial index holds all the rows that are asked for.
OPEN_DELIVERY: Final = text(f"delivery.{_OPEN}")
"""What waits for its time: decided and not yet tried, or to be tried again."""
ASKED_DELIVERY: Final = text(f"delivery.asked = 1 AND delivery.{_OPEN}")
"""What waits of that for which somebody has asked."""
ASKED_UNTRIED: Final = and_(delivery.c.asked == 1, delivery.c.attempts == 0)
"""What somebody has asked for and that was not tried yet: it goes to a channel that is parked, too."""
SENDING_DELIVERY: Final = text(f"delivery.{_SENDING}")
"""What someone has claimed, and not yet said how it went."""


_OF_CONFIG: Final = "origin = 'config'"
CONFIGURED: Final = text(f"subscriber.{_OF_CONFIG}")
"""The subscribers whom the config lists, or once did."""
CHOOSING: Final = text(f"(subscriber.{_OF_CONFIG} OR subscriber.own IS NOT NULL)")
"""Those, and all who have joined on the page or have chosen something for themselves."""


_DATED: Final = "gone_at IS NULL AND exact >= 4"
_UNDATED: Final = "gone_at IS NULL AND exact < 4"
DATED: Final = text("release.gone_at IS NULL AND release.exact >= 4")
"""The releases whose day is known."""
UNDATED: Final = text("release.gone_at IS NULL AND release.exact < 4")
"""The releases of which no day is known: a month, a quarter, a year, or nothing."""


_PARTIAL: Final[list[tuple[Index, str]]] = []


def _index(name: str, *columns: Column[Any], where: str, unique: bool = False) -> None:
    _PARTIAL.append((Index(name, *columns, unique=unique, sqlite_where=text(where)), where))


def know_postgresql() -> None:
    """Have the indexes hold on PostgreSQL what they hold on SQLite: to name its options loads all of its dialect."""
    for index, where in _PARTIAL:
        index.dialect_kwargs["postgresql_where"] = text(where)


_index("ix_subscriber_of_config", subscriber.c.id, where=_OF_CONFIG)
_index("ix_subscriber_own", subscriber.c.id, where="own IS NOT NULL")
_index("ix_release_dated", release.c.from_on, where=_DATED)
_index("ix_release_undated", release.c.from_on, where=_UNDATED)
_index("ix_followed_next_at", followed.c.next_at, where="next_at IS NOT NULL")
_index("ix_subscription_next_due_at", subscription.c.next_due_at, where="next_due_at IS NOT NULL")
_index(
    "ix_subscription_person_due",
    subscription.c.subscriber_id,
    subscription.c.next_due_at,
    where="next_due_at IS NOT NULL",
)
_index("ix_subscription_put_off_at", subscription.c.put_off_at, where="put_off_at IS NOT NULL")
_index("ix_delivery_open", delivery.c.due_at, delivery.c.channel, where=_OPEN)
_index("ix_delivery_open_channel", delivery.c.channel, delivery.c.subscriber_id, where=_OPEN)
_index("ix_delivery_asked", delivery.c.due_at, where=f"asked = 1 AND {_OPEN}")
_index("ix_delivery_sending", delivery.c.lease_until, where=_SENDING)
Index("ix_delivery_tried_at", delivery.c.tried_at)

# A skip closes no key: the rows of skips stay beside the one that a message has for a channel in the end.
_index(
    "uq_delivery_message_id_channel",
    delivery.c.message_id,
    delivery.c.channel,
    where=f"state <> '{State.SKIPPED}'",
    unique=True,
)
# NULL differs from NULL, so the key of messages does not cover those about no title.
_index(
    "uq_message_untitled",
    message.c.subscriber_id,
    message.c.what,
    message.c.anchor,
    where="title_id IS NULL",
    unique=True,
)

_READ_BY_SYNC: Final = {
    title: "key, name, origin, spec, last_no, ended_at",
    release: "title_id, season, first, spec, when_text, seen_at, gone_at",
    subscription: "subscriber_id, title_id, ladder, since, began_at, ended_at",
    subscriber: "name, origin, profile, ended_at",
    channel: "name, fingerprint",
    followed: "title_key, source, ref, answer, second, chosen",
    meta: "key, value",
}
_ONLY: Final = {
    subscriber: "{0}.origin = 'config'",
    subscription: "(SELECT origin FROM subscriber WHERE id = {0}.subscriber_id) = 'config'",
    meta: "{0}.key = 'config'",
}
"""Which rows of a table a sync reads, where it is not all of them: there may be a million imported people."""


def _forget_look(table: Table) -> Iterator[str]:
    """Yield the triggers by which SQLite takes away the row of the last look with whatever a sync would notice."""
    columns = ", ".join(f'"{name}"' for name in _READ_BY_SYNC[table].split(", "))
    for word, rows in (("INSERT", ["NEW"]), ("DELETE", ["OLD"]), ("UPDATE", ["OLD", "NEW"])):
        when = " OR ".join(_ONLY[table].format(row) for row in rows) if table in _ONLY else "true"
        of = f"UPDATE OF {columns}" if word == "UPDATE" else word
        forget = f"DELETE FROM meta WHERE \"key\" = '{LOOK}'"  # noqa: S608  our own word
        trigger = f'CREATE TRIGGER look_{table.name}_{word.lower()} AFTER {of} ON "{table.name}"'
        yield f"{trigger} WHEN {when} BEGIN {forget}; END"


_ddl: Final[Callable[[str], ExecutableDDLElement]] = DDL


def _when_made(table: Table) -> None:
    for statement in _forget_look(table):
        event.listen(table, "after_create", _ddl(statement).execute_if(dialect="sqlite"))


for _table in _READ_BY_SYNC:
    _when_made(_table)
