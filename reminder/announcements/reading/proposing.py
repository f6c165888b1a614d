"""Puts together what is proposed: the title, its date, what is read for that date; and where two of them are close."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from reminder.announcements.reading.belonging import NamesOfText
from reminder.announcements.reading.called_off import called_off
from reminder.announcements.reading.candidates import Candidate
from reminder.announcements.reading.choice import ChosenDate, choose_date
from reminder.announcements.reading.details import Read, read_drop, read_episodes, read_platform, read_season
from reminder.announcements.reading.forms import unreadable
from reminder.announcements.reading.mentions import Mention
from reminder.announcements.reading.patterns import Pattern
from reminder.announcements.reading.proposal import Alternative, Announcement, Choice, Option
from reminder.announcements.reading.roles import DateVerdict
from reminder.announcements.reading.sentences import Sentence, one_line

T = TypeVar("T")

NAMED_LESS_PLAINLY: Final = "named less plainly"
"""Another title."""
_MOST_ALTERNATIVES: Final = 8
_ITALICS: Final = Pattern(r"(?<![\w*])\*([^*]+)\*(?![\w*])")
# Measured on texts not seen before: a title that earned less than this was right less often than it says.
_SURE: Final = 0.95
_LESS: Final = 0.12
# A second title that earned this much of what the first did may be the one that is meant.
_CLOSE: Final = 0.6


@dataclass(frozen=True, kw_only=True)
class KnownText:
    """A text before anything is chosen from it: its sentences, its own day, and the role of each of its dates."""

    sentences: Sequence[Sentence]
    published: dt.date | None
    dates: Sequence[DateVerdict]


def propose(text: KnownText, names: Sequence[Candidate]) -> Announcement:
    """Given a text and the names that may be its title, best first, return what to add, and what else is close."""
    chosen = _chosen(text, names)
    proposed = _announcement(text, names, chosen)
    choices = (*_close_titles(text, names, proposed), *_close_dates(text, names, chosen, proposed))
    return replace(proposed, choices=choices)


def _chosen(text: KnownText, names: Sequence[Candidate]) -> ChosenDate:
    title = names[0] if names and names[0].score > 0 else None
    return choose_date(text.dates, NamesOfText(title=title, names=names, sentences=text.sentences))


def _close_titles(text: KnownText, names: Sequence[Candidate], proposed: Announcement) -> Iterator[Choice]:
    """Yield the choice between the first title and the second, where both are named nearly as plainly."""
    if len(names) < 2 or not 0 < _CLOSE * names[0].score < names[1].score:
        return
    turned = [names[1], names[0], *names[2:]]
    other = _announcement(text, turned, _chosen(text, turned))
    yield Choice(field="title", options=(_option("title", proposed), _option("title", other)))


def _close_dates(
    text: KnownText, names: Sequence[Candidate], chosen: ChosenDate, proposed: Announcement
) -> Iterator[Choice]:
    """Yield the choice between the date that was taken and the next best, where both are nearly as plain."""
    if chosen.rival is None:
        return
    other = replace(chosen, verdict=chosen.rival, value=chosen.rival.mention.value)
    turned = _announcement(text, names, other)
    yield Choice(field="premiere", options=(_option("premiere", proposed), _option("premiere", turned)))


def _option(name: str, reading: Announcement) -> Option:
    value = reading.written() if name == "premiere" else reading.title
    return Option(value=value or "", sentence=reading.evidence[name], reading=reading)


def _announcement(text: KnownText, names: Sequence[Candidate], chosen: ChosenDate) -> Announcement:
    found, verdict = text.sentences, chosen.verdict
    title = names[0] if names and names[0].score > 0 else None
    name = title.name if title else None
    platform = read_platform(found, verdict)
    season = read_season(found, verdict, name)
    episodes = read_episodes(found, verdict)
    drop = read_drop(found)
    parts = {"platform": platform, "season": season, "episodes": episodes, "drop": drop}
    evidence = {name: shown(part.sentence) for name, part in parts.items() if part}
    confidence = {name: round(part.confidence, 2) for name, part in parts.items() if part}
    off = None
    if title:
        evidence["title"] = shown(_best_sentence(title))
        confidence["title"] = _title_confidence(names)
    if verdict:
        evidence["premiere"] = shown(verdict.mention.sentence)
        confidence["premiere"] = round(chosen.confidence, 2)
    else:
        off = _off(found, name)
    return Announcement(
        title=name,
        season=_value(season),
        premiere=chosen.value,
        platform=_value(platform),
        drop=_value(drop),
        episodes=_value(episodes),
        published=text.published,
        inferred=inferred_of(verdict.mention) if verdict else (),
        evidence=evidence,
        confidence=confidence,
        alternatives=(*_other_dates(chosen), *_unreadable_dates(found), *_other_titles(names)),
        off=off,
    )


def _off(found: Sequence[Sentence], title: str | None) -> str | None:
    """Return what says that the work will not come."""
    sentence = called_off(found, title) if title else None
    return shown(sentence) if sentence else None


def _value(part: Read[T] | None) -> T | None:
    return part.value if part else None


def shown(sentence: Sentence) -> str:
    """Return a sentence as a person reads it: on one line, without the marks by which a page's italics are known."""
    return _ITALICS.sub(r"\1", one_line(sentence.text))


def inferred_of(mention: Mention) -> tuple[str, ...]:
    """Return the part of a date that was not written but concluded: the `day`, the `year`, or none."""
    return ("day",) if mention.relative else ("year",) if mention.inferred else ()


def _best_sentence(title: Candidate) -> Sentence:
    return max(title.at, key=lambda place: place[1].weight)[0]


def _title_confidence(names: Sequence[Candidate]) -> float:
    best = names[0].score
    rival = max(names[1].score, 0) if len(names) > 1 else 0
    sure = max(0.2, min(0.98, 0.45 + min(best, 8) * 0.05 + 0.2 * (1 - rival / best)))
    return round(sure if sure >= _SURE else sure - _LESS, 2)


def _other_dates(chosen: ChosenDate) -> list[Alternative]:
    return [
        Alternative(
            field="premiere",
            value=other.mention.value.show(),
            reason=reason,
            sentence=shown(other.mention.sentence),
        )
        for other, reason in chosen.others[:_MOST_ALTERNATIVES]
    ]


def _unreadable_dates(found: Sequence[Sentence]) -> list[Alternative]:
    """Return what is a date and cannot be read as one, each once: whoever wrote it meant a day."""
    seen: dict[str, Alternative] = {}
    for sentence in found:
        for value, reason in unreadable(sentence.text):
            other = Alternative(field="premiere", value=one_line(value), reason=reason, sentence=shown(sentence))
            seen.setdefault(other.value, other)
    return list(seen.values())[:_MOST_ALTERNATIVES]


def _other_titles(names: Sequence[Candidate]) -> list[Alternative]:
    rivals = [rival for rival in names[1:3] if rival.score > max(2.0, names[0].score * 0.4)]
    return [
        Alternative(field="title", value=rival.name, reason=NAMED_LESS_PLAINLY, sentence=shown(rival.first))
        for rival in rivals
    ]
