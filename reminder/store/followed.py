"""Titles that are followed through a source: what each is pinned to, what was answered, and when to ask again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

from reminder.core.model.entities import Release, Sourced, Title
from reminder.core.model.source_options import SourceOptions
from reminder.core.schedule.listing import ListedEntry
from reminder.core.sourcing.answers import Match, SourceTitle, WorkForm
from reminder.core.sourcing.resolved import DateReason, PreviousDates, ResolvedDates
from reminder.store.answers import (
    dump_answer,
    dump_followed,
    load_answer,
    load_doubts,
    load_origins,
    load_reasons,
    read_on,
)
from reminder.store.posters import note_picture, rekey_picture
from reminder.store.relabel import relabel
from reminder.store.sql.codec import dump_source_options, load_sourced
from reminder.store.sql.records import Json
from reminder.store.sql.tables import followed, title
from reminder.store.titles import chunks

BY_CONFIG = "the config"
BY_PERSON = "you"
BY_NAME = "its name"

KEPT = timedelta(days=150)
"""How long an answer about a title that nobody watches is kept."""


@dataclass(frozen=True, kw_only=True)
class Pin:
    """The entry of a source that a title stands for, who said so, and when."""

    key: str
    source: str
    ref: str
    name: str
    by: str
    at: datetime

    @property
    def id(self) -> str:
        """Return it as a config writes it."""
        return f"{self.source}:{self.ref}"


@dataclass(frozen=True, kw_only=True)
class SourceState:
    """All that is kept about a title's source.

    `read_on` is the day of the last answer about it, `answered_at` also when a source's list said: the same as before.
    """

    pin: Pin
    answer: SourceTitle | None = None
    answered_at: datetime | None = None
    read_on: date | None = None
    second: SourceTitle | None = None
    chosen: Json | None = field(default=None, repr=False)
    next_at: datetime | None = None
    silence: str | None = None
    told: str | None = None

    @property
    def stands_in(self) -> str | None:
        """Return the entry that gives the dates while the one that the title is pinned to is gone."""
        if self.silence is None or self.chosen is None:
            return None
        if self.answer is not None and self.answer.ref != self.pin.ref:
            return self.answer.id
        counts = self.chosen["sourced"]["source"]
        return self.second.id if self.second is not None and counts == self.second.source != self.pin.source else None

    @property
    def reasons(self) -> tuple[DateReason, ...]:
        """Return why each release has its date."""
        return load_reasons(self.chosen) if self.chosen else ()

    @property
    def rule(self) -> str | None:
        """Return why the source counts that counts."""
        return self.chosen["rule"] if self.chosen else None

    @property
    def clashes(self) -> tuple[str, ...]:
        """Return where two sources are more than a day apart."""
        return tuple(self.chosen["clashes"]) if self.chosen else ()

    @property
    def releases(self) -> tuple[Release, ...]:
        """Return what it was followed by until now."""
        return load_sourced(self.chosen["sourced"]).releases if self.chosen else ()

    def before(self, title: Title, options: SourceOptions) -> PreviousDates:
        """Return what a title was followed by until now: under other options they were other releases."""
        if self.chosen is None:
            return PreviousDates(since=self.pin.at.date())
        now, then = dump_source_options(options), self.chosen["wish"]
        is_same = (then, self.chosen["season"]) == (now, title.season)
        corrected = self.chosen["corrected"] if now.get("when") == then.get("when") else None
        return PreviousDates(
            releases=self.releases if is_same else (),
            corrected=(corrected[0], corrected[1]) if corrected else None,
            source=self.chosen["sourced"]["source"],
            since=self.pin.at.date(),
            origins=load_origins(self.chosen) if is_same else {},
            doubts=load_doubts(self.chosen) if is_same else (),
        )


def known_sources(tx: Connection, keys: Sequence[str] | None = None) -> dict[str, SourceState]:
    """Return what is kept about the sources of titles, by key; of all titles without `keys`."""
    if keys is None:
        return {row.title_key: _known(row) for row in tx.execute(select(followed))}
    query = select(followed)
    parts = (tx.execute(query.where(followed.c.title_key.in_(part))) for part in chunks(list(keys)))
    return {row.title_key: _known(row) for rows in parts for row in rows}


def _known(row: Row[Any]) -> SourceState:
    pin = Pin(key=row.title_key, source=row.source, ref=row.ref, name=row.name, by=row.pinned_by, at=row.pinned_at)
    return SourceState(
        pin=pin,
        answer=load_answer(row.answer) if row.answer else None,
        answered_at=row.answered_at,
        read_on=read_on(row.answer) if row.answer else None,
        second=load_answer(row.second) if row.second else None,
        chosen=row.chosen,
        next_at=row.next_at,
        silence=row.silence,
        told=row.told,
    )


def pin_to(tx: Connection, key: str, match: Match, by: str, now: datetime) -> Pin:
    """Pin a title to an entry. One that is pinned to it already stays as it is; another one is replaced whole."""
    known = known_sources(tx, [key]).get(key)
    if known is not None and known.pin.id == match.id:
        return known.pin
    tx.execute(delete(followed).where(followed.c.title_key == key))
    pin = Pin(key=key, source=match.source, ref=match.ref, name=match.name, by=by, at=now)
    row = {"title_key": key, "source": pin.source, "ref": pin.ref, "name": pin.name, "pinned_by": by}
    tx.execute(insert(followed).values(**row, pinned_at=now, next_at=now))
    return pin


def pinned_to(tx: Connection, source: str, ref: str) -> list[str]:
    """Return the keys of the titles that are pinned to an entry, in the order of their keys."""
    query = select(followed.c.title_key).where(followed.c.source == source, followed.c.ref == ref)
    return list(tx.execute(query.order_by(followed.c.title_key)).scalars())


def repin(tx: Connection, known: SourceState, ref: str) -> SourceState:
    """Pin a title to the entry that its own has become at the same source; what was answered before stays."""
    tx.execute(update(followed).where(followed.c.title_key == known.pin.key).values(ref=ref))
    return replace(known, pin=replace(known.pin, ref=ref))


def pin_to_nobody(tx: Connection, title: Title, now: datetime) -> Pin:
    """Note that a title was looked for, and that its entry is not found yet."""
    return pin_to(tx, title.key, Match(source="", ref="", name=title.name, form=WorkForm.SERIES), BY_NAME, now)


def forget_old(tx: Connection, now: datetime) -> None:
    """Let go of what was answered long ago about titles that nobody watches: a source's terms set an end to that."""
    watched = select(title.c.key).where(title.c.ended_at.is_(None))
    old = func.coalesce(followed.c.answered_at, followed.c.pinned_at) < now - KEPT
    tx.execute(delete(followed).where(old, followed.c.title_key.not_in(watched)))


def rekey(tx: Connection, old: str, new: str) -> None:
    """Let a title keep its source under another key."""
    tx.execute(delete(followed).where(followed.c.title_key == new))
    tx.execute(update(followed).where(followed.c.title_key == old).values(title_key=new))
    rekey_picture(tx, old, new)


def note_answer(
    tx: Connection,
    title: Title,
    known: SourceState,
    answers: Sequence[SourceTitle],
    dates: ResolvedDates,
    now: datetime,
) -> None:
    """Keep good answers, and the dates that they come to, which count with the next `Writer.put`.

    What goes on under another season or number is relabelled at once, with all that was said of it. While the source
    that the title is pinned to is silent, another one's answer alone will do.
    """
    relabel(tx, title, known.releases, dates)
    first = next((item for item in answers if item.source == known.pin.source), None)
    other = next((item for item in answers if item.source != known.pin.source), None)
    values: Json = {"chosen": _chosen(title, dates), "second": dump_answer(other, now.date()) if other else None}
    if first is not None:
        values |= {"answer": dump_answer(first, now.date()), "answered_at": now, "name": first.name, "silence": None}
    tx.execute(update(followed).where(followed.c.title_key == known.pin.key).values(**values))
    note_picture(tx, known.pin.key, answers)


def _chosen(title: Title, dates: ResolvedDates) -> Json:
    return {
        "wish": dump_source_options(title.source_options or SourceOptions()),
        "season": title.season,
        **dump_followed(dates),
    }


def note_silence(tx: Connection, key: str, reason: str) -> None:
    """Keep why the last look at a title gave no answer. Nothing else changes."""
    tx.execute(update(followed).where(followed.c.title_key == key).values(silence=reason))


def note_told(tx: Connection, key: str, what: str | None) -> None:
    """Keep what the operator was told about a title's source, so that it is told once."""
    tx.execute(update(followed).where(followed.c.title_key == key).values(told=what))


_ASK_AGAIN: Final = update(followed).where(followed.c.title_key == bindparam("of")).values(next_at=bindparam("at"))
_UNCHANGED: Final = _ASK_AGAIN.values(answered_at=bindparam("now"), silence=None)


def ask_again(tx: Connection, next_at: Mapping[str, datetime]) -> None:
    """Set when each of these titles is asked about next."""
    if next_at:
        tx.execute(_ASK_AGAIN, [{"of": key, "at": at} for key, at in next_at.items()])


def note_unchanged(tx: Connection, next_at: Mapping[str, datetime], now: datetime) -> None:
    """Note that a source says the same as before of these titles, and when to ask again."""
    if next_at:
        tx.execute(_UNCHANGED, [{"of": key, "at": at, "now": now} for key, at in next_at.items()])


def copy_sources(from_: Connection, to: Connection) -> None:
    """Bring what is known of sources into another database, as a scratch one needs it."""
    rows = [dict(row._mapping) for row in from_.execute(select(followed))]
    if rows:
        to.execute(insert(followed), rows)


Resolve = Callable[[Title, SourceState, Sequence[SourceTitle], datetime], ResolvedDates]
"""Decides by which dates a title is followed, given what its sources said: `reminder.refresh.resolving` does."""


def resolved(tx: Connection, listings: Sequence[ListedEntry], now: datetime, resolve: Resolve) -> list[ListedEntry]:
    """Return listings with the dates that sources have given; one that was not answered yet has none.

    Where someone has come to options for something else, `resolve` decides anew from the answers that are kept.
    """
    keys = [item.title.key for item in listings if item.title.is_followed]
    known = known_sources(tx, keys) if keys else {}
    dated = []
    for item in listings:
        state, options = known.get(item.title.key), item.title.source_options
        is_answered = state and state.answer and options and is_pinned_so(options, state.pin)
        sourced = _sourced(tx, item.title, state, now, resolve) if state and is_answered else None
        dated.append(replace(item, title=replace(item.title, sourced=sourced)))
    return dated


def _sourced(tx: Connection, title: Title, known: SourceState, now: datetime, resolve: Resolve) -> Sourced:
    """Return the dates as they were chosen, else as they are chosen now."""
    chosen, options = known.chosen, dump_source_options(title.source_options or SourceOptions())
    if chosen is not None and (chosen["wish"], chosen["season"]) == (options, title.season):
        return load_sourced(chosen["sourced"])
    dates = resolve(title, known, [each for each in (known.answer, known.second) if each], now)
    values = {"chosen": _chosen(title, dates)}
    tx.execute(update(followed).where(followed.c.title_key == known.pin.key).values(**values))
    return dates.sourced


def is_pinned_so(options: SourceOptions, pin: Pin) -> bool:
    """Tell whether a title is pinned to the entry that its options name; options that name none take any."""
    if options.source is None:
        return True
    name, _, ref = options.source.partition(":")
    return pin.source == name and ref in {"", pin.ref}
