"""An identity for the database and one for its messages; triggers that tell a look that something has changed."""

from __future__ import annotations

import re
import secrets
from calendar import monthrange
from datetime import UTC, date, datetime
from unicodedata import is_normalized, normalize
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Bring the first tables to what this version knows."""
    _give_identities()
    _let_people_pause()
    _know_broken_channels()
    _spell_people_in_one_way()
    op.add_column("date_change", sa.Column("corrects", sa.Integer, nullable=False, server_default=sa.text("0")))
    op.add_column("delivery", sa.Column("asked", sa.Integer, nullable=False, server_default=sa.text("0")))
    _know_what_is_put_off()
    _sort_releases_by_date()
    _watch_changes()  # last: making a table anew takes its triggers away


def _give_identities() -> None:
    meta = sa.table("meta", sa.column("key", sa.String), sa.column("value", sa.Text))
    op.bulk_insert(meta, [{"key": key, "value": secrets.token_hex(16)} for key in ("identity", "sending_identity")])


def _let_people_pause() -> None:
    for table in ("subscriber", "subscription"):
        op.add_column(table, sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True))


def _know_what_is_put_off() -> None:
    op.add_column("subscription", sa.Column("put_off_at", sa.DateTime(timezone=True), nullable=True))
    is_put_off = sa.text("put_off_at IS NOT NULL")
    op.create_index(
        "ix_subscription_put_off_at",
        "subscription",
        ["put_off_at"],
        sqlite_where=is_put_off,
        postgresql_where=is_put_off,
    )


def _know_broken_channels() -> None:
    instant = sa.DateTime(timezone=True)
    op.add_column("channel", sa.Column("next_at", instant, nullable=True))
    op.add_column("channel", sa.Column("answered_at", instant, nullable=True))
    op.add_column("channel", sa.Column("examined", sa.Text, nullable=True))
    op.add_column("delivery", sa.Column("refused", sa.String(10), nullable=True))
    id_ = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "streak",
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("subscriber_id", id_, autoincrement=False, nullable=False),
        sa.Column("since", instant, nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("tries", "reached", "refused")),
        sa.Column("refused_at", instant, nullable=True),
        sa.Column("is_own", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("channel", "subscriber_id", name="pk_streak"),
    )


def _spell_people_in_one_way() -> None:
    """Give people's names the composed form (NFC) in which they are read now, so that each is found again as the same.

    Who is there in both forms stays twice: what was said to one cannot be told from what was said to the other.
    """
    people = sa.table("subscriber", sa.column("id", sa.BigInteger), sa.column("name", sa.Text))
    names = {row.name: row.id for row in op.get_bind().execute(sa.select(people.c.id, people.c.name))}
    moved = {name: normalize("NFC", name) for name in names if not is_normalized("NFC", name)}
    for old, new in moved.items():
        if new not in names:
            op.execute(sa.update(people).where(people.c.id == names[old]).values(name=new))
    if moved:
        _spell_followers(moved)


def _spell_followers(moved: dict[str, str]) -> None:
    titles = sa.table("title", sa.column("id", sa.BigInteger), sa.column("spec", sa.JSON))
    for row in op.get_bind().execute(sa.select(titles.c.id, titles.c.spec)).all():
        followers = row.spec.get("followers")
        if followers and not moved.keys().isdisjoint(followers):
            kept = {moved.get(name, name): ladder for name, ladder in followers.items()}
            op.execute(sa.update(titles).where(titles.c.id == row.id).values(spec={**row.spec, "followers": kept}))


def _sort_releases_by_date() -> None:
    """Give releases the first and last day of their date and how exact it is, so that an index has the next ones."""
    op.add_column("release", sa.Column("from_on", sa.Date, nullable=True))
    op.add_column("release", sa.Column("to_on", sa.Date, nullable=True))
    op.add_column("release", sa.Column("exact", sa.SmallInteger, nullable=False, server_default=sa.text("0")))
    last = 0
    while (here := _fill_dates(last)) is not None:
        last = here
    for name, exact in (("dated", ">= 4"), ("undated", "< 4")):
        where = sa.text(f"gone_at IS NULL AND exact {exact}")
        op.create_index(f"ix_release_{name}", "release", ["from_on"], sqlite_where=where, postgresql_where=where)


def _fill_dates(after: int) -> int | None:
    """Fill the dates of the next thousand releases; return the number of the last one, None where there is none."""
    days = (sa.column("from_on", sa.Date), sa.column("to_on", sa.Date), sa.column("exact", sa.SmallInteger))
    table = sa.table("release", sa.column("id", sa.BigInteger), sa.column("when_text", sa.Text), *days)
    query = sa.select(table.c.id, table.c.when_text).where(table.c.id > after).order_by(table.c.id).limit(1000)
    rows = op.get_bind().execute(query).all()
    if not rows:
        return None
    put = sa.update(table).where(table.c.id == sa.bindparam("of")).values({c.name: sa.bindparam(c.name) for c in days})
    op.get_bind().execute(put, [{"of": row.id, **_days_of(row.when_text)} for row in rows])
    return int(rows[-1].id)


# The spellings of dates as the first version wrote them. They are read here and not by the program's own reader, which
# may come to write and read others.
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)(?: (\S+)|(Z|[+-]\d\d:\d\d)(?:\[\S+\])?)")
_SPAN = re.compile(r"(?:(spring|summer|autumn|fall) )?(\d{4})(?:-(Q[1-4]|\d\d))?")
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9}


def _days_of(when_text: str) -> dict[str, object]:
    """Return the first and the last day that a date may mean, and how exact it is, from 5 (an instant) to 0 (none)."""
    try:
        first, last, exact = _read_date(when_text)
    except (ValueError, KeyError):  # a zone that is no longer one: the date stays as it is written
        first, last, exact = None, None, 0
    return {"from_on": first, "to_on": last, "exact": exact}


def _read_date(text: str) -> tuple[date | None, date | None, int]:
    if _DAY.fullmatch(text):
        return date.fromisoformat(text), date.fromisoformat(text), 4
    if timed := _INSTANT.fullmatch(text):
        on, clock, zone, offset = timed.groups()
        at = datetime.fromisoformat(f"{on}T{clock}{offset or ''}")
        day = (at.replace(tzinfo=ZoneInfo(zone)) if zone else at).astimezone(UTC).date()
        return day, day, 5
    if span := _SPAN.fullmatch(text):
        return _read_span(span[1], int(span[2]), span[3])
    return None, None, 0


def _read_span(season: str | None, year: int, part: str | None) -> tuple[date, date, int]:
    if season:
        month, months, exact = _SEASONS[season], 3, 2
    elif part is None:
        month, months, exact = 1, 12, 1
    elif part.startswith("Q"):
        month, months, exact = 3 * int(part[1]) - 2, 3, 2
    else:
        month, months, exact = int(part), 1, 3
    last = month + months - 1
    return date(year, month, 1), date(year, last, monthrange(year, last)[1]), exact


_READ_BY_SYNC = {
    "title": "key, name, origin, spec, last_no, ended_at",
    "release": "title_id, season, first, spec, when_text, seen_at, gone_at",
    "subscription": "subscriber_id, title_id, ladder, since, began_at, ended_at",
    "subscriber": "name, origin, profile, ended_at",
    "channel": "name, fingerprint",
    "followed": "title_key, source, ref, answer, second, chosen",
    "meta": "key, value",
}
_ONLY = {
    "subscriber": "{0}.origin = 'config'",
    "subscription": "(SELECT origin FROM subscriber WHERE id = {0}.subscriber_id) = 'config'",
    "meta": "{0}.key = 'config'",
}


def _watch_changes() -> None:
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "look_change",
        sa.Column("transaction", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("at", instant, nullable=False, server_default=sa.func.now()),
        sa.PrimaryKeyConstraint("transaction", name="pk_look_change"),
    )
    if op.get_bind().dialect.name != "sqlite":
        _number_changes()
        return
    for name, said in _READ_BY_SYNC.items():
        columns = ", ".join(f'"{column}"' for column in said.split(", "))
        for word, rows in (("INSERT", ["NEW"]), ("DELETE", ["OLD"]), ("UPDATE", ["OLD", "NEW"])):
            when = " OR ".join(_ONLY[name].format(row) for row in rows) if name in _ONLY else "true"
            of = f"UPDATE OF {columns}" if word == "UPDATE" else word
            forget = "DELETE FROM meta WHERE \"key\" = 'look'"
            op.execute(
                f'CREATE TRIGGER look_{name}_{word.lower()} AFTER {of} ON "{name}" WHEN {when} BEGIN {forget}; END'
            )


_NUMBERS = {
    "look_changed": "",
    # A trigger's own condition cannot look into another table. A row that is not there has nothing but NULL.
    "look_followed": """
        PERFORM 1 FROM subscriber WHERE id IN (NEW.subscriber_id, OLD.subscriber_id) AND origin = 'config';
        IF NOT FOUND THEN
            RETURN NULL;
        END IF;
    """,
}


def _number_changes() -> None:
    """Have each transaction leave its number that changes what a sync reads; nobody waits for anybody for that."""
    for name, first in _NUMBERS.items():
        number = "INSERT INTO look_change (transaction) VALUES (txid_current()) ON CONFLICT DO NOTHING"
        body = f"BEGIN {first} {number}; RETURN NULL; END"
        op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$")
    for name, said in _READ_BY_SYNC.items():
        columns = ", ".join(f'"{column}"' for column in said.split(", "))
        does = "look_followed" if name == "subscription" else "look_changed"
        for word, rows in (("INSERT", ["NEW"]), ("DELETE", ["OLD"]), ("UPDATE", ["OLD", "NEW"])):
            is_plain = name in _ONLY and name != "subscription"
            when = " OR ".join(_ONLY[name].format(row) for row in rows) if is_plain else "true"
            of = f"UPDATE OF {columns}" if word == "UPDATE" else word
            op.execute(
                f'CREATE TRIGGER look_{name}_{word.lower()} AFTER {of} ON "{name}"'
                f" FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {does}()"
            )
