"""Leads: how long before a release a person wants to hear of it, and ladders of them. Source: SPEC 2."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Final

from reminder.core.dates.local_time import local_at
from reminder.core.dates.spelling import quoted
from reminder.core.dates.when import When
from reminder.core.wording import Wording

MAX_DAYS: Final = 3650
_MINUTES_A_DAY: Final = 24 * 60
_FORM: Final = re.compile(r"(\+?)(\d{1,9})([dwhm])", re.ASCII)
_BEFORE: Final = "before|prior|earlier|ahead|early|in advance|beforehand"
_OF_IT: Final = r"(?: to| of)?(?: the| its)?(?: release| premiere| launch| day)?"
_LONG_FORM: Final = re.compile(
    r"(?:[-+] ?|t ?[-+] ?|p)?(\d{1,9}) ?(d|days?|w|weeks?|wks?|h|hours?|hrs?|m|minutes?|mins?|months?)"
    rf"(?: (?:{_BEFORE}){_OF_IT}| (after|later){_OF_IT})?",
    re.ASCII,
)
_NO_UNIT: Final = re.compile(r"(?:t ?)?- ?(\d{1,4})", re.ASCII)
_NUMBERS: Final = {word: str(number) for number, word in enumerate(
    ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 1
)} | {"a": "1", "an": "1"}  # fmt: skip
_MEANT: Final = (
    (
        re.compile(
            r"(?:(?:on|at) )?(?:the )?(?:same |release )?day(?: of| itself)?(?: release)?|(?:the )?morning of|today|0"
        ),
        "day",
    ),
    (re.compile(rf"(?:the )?(?:day (?:{_BEFORE})|eve|night before|evening before|tomorrow){_OF_IT}"), "1d"),
    (re.compile(rf"(?:the )?week (?:{_BEFORE}){_OF_IT}"), "1w"),
    (
        re.compile(r"(?:on|at|upon|when) (?:the )?(?:release|launch|release time)(?:d|s)?|instantly|immediately|now"),
        "release",
    ),
    (re.compile(rf"(?:1 )?fortnight(?: (?:{_BEFORE}){_OF_IT})?"), "2w"),
)

"""What people say for a lead that is counted by another word here."""
_HINT: Final = Wording("write a lead as 7d, 2w, 12h, 45m, day, release, +1d or +2h")
_NONE: Final = frozenset({"none", "no", "never", "off"})


class LeadError(ValueError):
    """A lead or a ladder that cannot be read; the text says what to write instead."""


class Measure(enum.StrEnum):
    """The unit of a lead."""

    DAYS = "days"
    MINUTES = "minutes"
    RELEASE = "release"


@dataclass(frozen=True, kw_only=True)
class Lead:
    """A time before the release: `amount` days (calendar) or minutes (elapsed), negative for after it.

    Two leads are one when they mean the same, however they are spelt: `2w` and `14d`.
    """

    measure: Measure
    amount: int = 0
    spelling: str = field(default="", compare=False)

    @classmethod
    @lru_cache(maxsize=1024)  # the same few leads stand in every row of the database
    def parse(cls, text: str) -> Lead:
        """Given a lead as the config spells it (`7d`, `2w`, `12h`, `day`, `release`, `+1d`), return it.

        Raises LeadError.
        """
        spelling = text.strip().lower()
        if spelling == "day":
            return cls(measure=Measure.DAYS, spelling=spelling)
        if spelling == "release":
            return cls(measure=Measure.RELEASE, spelling=spelling)
        found = _FORM.fullmatch(spelling)
        if not found:
            raise LeadError(_what_to_write(text))
        after, amount, unit = bool(found[1]), int(found[2]), found[3]
        if not amount:
            raise LeadError(_what_to_write(text))
        return cls._counted(amount, unit, after, spelling)

    @classmethod
    def _counted(cls, amount: int, unit: str, after: bool, spelling: str) -> Lead:
        measure = Measure.DAYS if unit in "dw" else Measure.MINUTES
        counted = amount * {"d": 1, "w": 7, "h": 60, "m": 1}[unit]
        most = MAX_DAYS if measure is Measure.DAYS else MAX_DAYS * _MINUTES_A_DAY
        if counted > most:
            raise LeadError(
                Wording(
                    "%(text)s is too long: a lead is at most %(max_days)sd (ten years)",
                    text=quoted(spelling),
                    max_days=MAX_DAYS,
                )
            )
        return cls(measure=measure, amount=-counted if after else counted, spelling=spelling)

    def __str__(self) -> str:
        return self.spelling or self.key

    @property
    def key(self) -> str:
        """The one spelling for what the lead means: `14d` for `2w`, `60m` for `1h`."""
        if self.measure is Measure.RELEASE:
            return "release"
        if self.measure is Measure.DAYS and not self.amount:
            return "day"
        sign = "+" if self.amount < 0 else ""
        return f"{sign}{abs(self.amount)}{'d' if self.measure is Measure.DAYS else 'm'}"

    @property
    def is_day_lead(self) -> bool:
        """Whether it is counted in days and goes out at the sending hour (`7d`, `day`, `+1d`)."""
        return self.measure is Measure.DAYS

    def moment(self, when: When, at: time, zone: tzinfo) -> datetime | None:
        """Return the instant (UTC) at which the lead falls due for a person who is sent to at the hour `at` in `zone`.

        None when there is none: the day is not known, or the lead is in hours and only the day is.
        """
        on = when.day_in(zone)
        if on is None:
            return None
        if self.measure is Measure.DAYS:
            return local_at(on - timedelta(days=self.amount), at, zone)
        if when.at is not None:
            return when.at - timedelta(minutes=self.amount)
        return local_at(on, at, zone) if self.measure is Measure.RELEASE else None


Leads = tuple[Lead, ...]
KINDS: Final = ("premiere", "episode", "finale")


@dataclass(frozen=True, kw_only=True)
class Ladder:
    """A person's leads by the role of the release; None where this ladder does not say."""

    premiere: Leads | None = None
    episode: Leads | None = None
    finale: Leads | None = None

    @classmethod
    def parse(cls, written: Sequence[str] | Mapping[str, Sequence[str]]) -> Ladder:
        """Given a list of leads, or lists by `premiere`, `episode` and `finale`, return the ladder.

        A plain list is the premiere's; an empty one silences all three. A lead that stands twice counts once.
        Raises LeadError.
        """
        if isinstance(written, Mapping):
            return cls(**{_kind(kind): _leads(leads) for kind, leads in written.items()})
        leads = _leads(written)
        return cls(premiere=leads) if leads else cls(premiere=(), episode=(), finale=())

    def over(self, wider: Ladder) -> Ladder:
        """Return this ladder, and where it does not say, the wider one: the nearest wins, kind by kind."""
        return Ladder(
            premiere=wider.premiere if self.premiere is None else self.premiere,
            episode=wider.episode if self.episode is None else self.episode,
            finale=wider.finale if self.finale is None else self.finale,
        )

    def of(self, role: str) -> Leads:
        """Return the leads for a release of this role; the default ladder's where this one does not say."""
        kinds = {"premiere": self.premiere, "episode": self.episode, "finale": self.finale}
        leads = kinds[str(role)]
        return DEFAULT_LADDER.of(role) if leads is None else leads

    def dump(self) -> dict[str, list[str]]:
        """Return the ladder as JSON can hold it; `Ladder.load` reads it back."""
        kinds = {"premiere": self.premiere, "episode": self.episode, "finale": self.finale}
        return {kind: [str(lead) for lead in leads] for kind, leads in kinds.items() if leads is not None}

    @classmethod
    def load(cls, dumped: Mapping[str, Sequence[str]] | None) -> Ladder:
        """Given what `dump` returned (or None, for a ladder that says nothing), return the ladder."""
        return _loaded(tuple((kind, tuple(leads)) for kind, leads in (dumped or {}).items()))


@lru_cache(maxsize=1024)  # few ladders stand in very many rows
def _loaded(dumped: tuple[tuple[str, tuple[str, ...]], ...]) -> Ladder:
    return Ladder.parse(dict(dumped))


def _kind(word: str) -> str:
    kind = word.strip().lower()
    if kind not in KINDS:
        raise LeadError(
            Wording("%(text)s is not a kind of release: write premiere, episode or finale", text=quoted(word))
        )
    return kind


def _leads(written: Sequence[str]) -> Leads:
    if isinstance(written, str):
        raise LeadError(Wording("%(text)s is not a list: write [%(written)s]", text=quoted(written), written=written))
    return tuple(dict.fromkeys(Lead.parse(text) for text in written))


def _what_to_write(text: str) -> str:
    plain = " ".join(text.lower().split())
    if (meant := _meant(plain)) is not None:
        return Wording("%(text)s is not a lead: write %(meant)s", text=quoted(text), meant=meant)
    if plain.isdecimal():
        return Wording(
            "%(text)s has no unit: write %(number)sd for days or %(number)sh for hours", text=quoted(text), number=plain
        )
    if plain in _NONE:
        return Wording("%(text)s is not a lead: write [] for no reminders", text=quoted(text))
    parts = [part for part in re.split(r" ?(?:[,;+&]| and ) ?", plain) if part]
    parts = plain.split() if len(parts) == 1 else parts
    if len(parts) > 1 and all(_is_lead(part) for part in parts):
        leads = ", ".join(map(_lead, parts))
        return Wording(
            "%(text)s is more than one lead: write them in brackets, as in [%(leads)s]", text=quoted(text), leads=leads
        )
    return Wording("%(text)s is not a lead: %(hint)s", text=quoted(text), hint=_HINT)


def _meant(plain: str) -> str | None:
    """Return the lead that a text in small letters means, None where it is not plain."""
    said = " ".join(_NUMBERS.get(word, word) for word in plain.split())
    if found := _LONG_FORM.fullmatch(said):
        return _short_form(found)
    if found := _NO_UNIT.fullmatch(said):
        return f"{int(found[1])}d" if int(found[1]) else "day"
    return next((lead for pattern, lead in _MEANT if pattern.fullmatch(said)), None)


def _lead(part: str) -> str:
    """Return one of several leads as it is written; what cannot be read comes back as it is."""
    return part if _FORM.fullmatch(part) or part in {"day", "release"} else _meant(part) or part


def _is_lead(part: str) -> bool:
    written = _lead(part)
    return written in {"day", "release"} or _FORM.fullmatch(written) is not None


def _short_form(found: re.Match[str]) -> str:
    amount, unit = int(found[1]), found[2][0]
    if not amount:
        return "day" if unit in "dw" else "release"
    if found[2].startswith("month"):
        return f"{30 * amount}d"
    after = "+" in found[0] or found[3] is not None
    return f"{'+' if after else ''}{amount}{unit}"


DEFAULT_LADDER: Final = Ladder(
    premiere=tuple(Lead.parse(text) for text in ("7d", "1d", "day")),
    episode=(Lead.parse("day"),),
    finale=(Lead.parse("day"),),
)
