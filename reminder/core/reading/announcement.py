"""Reads an announcement and proposes what to add, with the sentence that each part was read from.

What the text does not say is left empty, and it knows when to say no: the reason stands with each date not taken.
Source: issue 4 of the project, item 6; `research/sources.md`, section 9.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from reminder.core.reading.candidates import Candidate
from reminder.core.reading.choice import Chosen, choose_date, is_named
from reminder.core.reading.cues import Role, says_release
from reminder.core.reading.details import Read, read_drop, read_episodes, read_platform, read_season
from reminder.core.reading.mentions import mentions_in
from reminder.core.reading.patterns import Pattern
from reminder.core.reading.published import published_in, without_front
from reminder.core.reading.roles import Verdict, verdicts
from reminder.core.reading.sentences import Sentence, one_line, sentences
from reminder.core.reading.subjects import first_of_several
from reminder.core.reading.titles import candidates
from reminder.core.when import UNKNOWN, Precision, When

MOST_READ: Final = 100_000
"""Characters: longer than any announcement, and short enough that a page made to be slow is not."""

_MOST_ALTERNATIVES: Final = 8
# No announcement gives more dates; each is compared with the names of the text.
_MOST_DATES: Final = 120
_BARE: Final = 8
_ITALICS: Final = Pattern(r"(?<![\w*])\*([^*]+)\*(?![\w*])")
# What is left where a link was taken out: `the hit Dead Air 's second season`, `in May , the service said`.
_LOOSE: Final = Pattern(r"(?<=\w) (?=['’]s\b|,\s)")


@dataclass(frozen=True, kw_only=True)
class Hints:
    """What is stated beside a text (in a page's metadata): names of the work, and the article's own day."""

    names: tuple[str, ...] = ()
    published: dt.date | None = None


@dataclass(frozen=True, kw_only=True)
class Alternative:
    """What was found for a field and not taken, and why not."""

    field: str
    value: str
    reason: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Announcement:
    """What an announcement says. A field is None, `premiere` UNKNOWN, where the text does not say it.

    `evidence` and `confidence` (0 to 1) are by field. `inferred` lists what was not written but concluded: `year`,
    from the day of publication, or `day` for `this Friday`.
    """

    title: str | None = None
    season: int | None = None
    premiere: When = UNKNOWN
    platform: str | None = None
    drop: str | None = None
    episodes: int | None = None
    published: dt.date | None = None
    inferred: tuple[str, ...] = ()
    evidence: Mapping[str, str] = field(default_factory=dict)
    confidence: Mapping[str, float] = field(default_factory=dict)
    alternatives: tuple[Alternative, ...] = ()

    @property
    def precision(self) -> Precision:
        """How exact the premiere is."""
        return self.premiere.precision

    def written(self) -> str | None:
        """Return the premiere as a config takes it; an instant with its offset; None when there is none."""
        at, zone = self.premiere.at, self.premiere.zone
        if at and zone:
            return at.astimezone(zone).isoformat(timespec="minutes")
        return self.premiere.json()


def read(text: str, published: dt.date | None = None, hints: Hints | None = None) -> Announcement:
    """Given an announcement as plain text, return what it proposes.

    `published` is the article's own day, from which a missing year is inferred; where it is not given it is looked
    for in the text. Without one, what needs it is left empty. Only the first `MOST_READ` characters are read.
    """
    known = hints or Hints()
    body, stated, has_day = without_front(_plain(text[:MOST_READ]))
    day = published or stated or known.published or published_in(body)
    found = sentences(body)
    to_the_day = published is not None or stated is None or has_day
    judged = [
        verdict
        for sentence in found
        for verdict in verdicts(mentions_in(sentence, day), day)
        if to_the_day or not (verdict.mention.relative and verdict.mention.value.is_dated)
    ]
    judged = list(_answered(judged[:_MOST_DATES], found))
    names = _ranked(candidates(found, known.names), judged, found)
    title = names[0] if names and names[0].score > 0 else None
    chosen = choose_date(judged, title, names, found)
    return _announcement(found, day, names, chosen)


def _plain(text: str) -> str:
    """Return the text in NFC, with plain spaces and line ends."""
    spaced = "".join(" " if letter in "\u00a0\u2007\u2009\u202f\t" else letter for letter in text)
    spaced = _LOOSE.sub("", spaced)
    return unicodedata.normalize("NFC", spaced).replace("\r\n", "\n").replace("\r", "\n").replace("\u200b", "")


def _answered(judged: Sequence[Verdict], found: Sequence[Sentence]) -> Iterator[Verdict]:
    """Yield the verdicts; a sentence that is hardly more than a date answers the question or heading before it."""
    before = dict(zip([sentence.start for sentence in found[1:]], found, strict=False))
    for verdict in judged:
        sentence = verdict.mention.sentence
        asked = before.get(sentence.start)
        bare = verdict.role is Role.UNSAID and len(sentence.text.split()) <= _BARE
        answers = asked and (asked.text.endswith("?") or says_release(asked.text))
        yield replace(verdict, role=Role.RELEASE, strength=0.8) if bare and answers else verdict


def _ranked(names: list[Candidate], judged: Sequence[Verdict], found: Sequence[Sentence]) -> list[Candidate]:
    """Return the candidates, best first, once the sentences with a release's date have spoken for theirs.

    A sentence that has a date and no name (`The drama arrives on May 4`) speaks for those of the one before it.
    """
    dated = {verdict.mention.sentence.start: verdict.strength for verdict in judged if is_named(verdict)}
    named = {sentence.start for candidate in names for sentence, _ in candidate.at}
    for earlier, sentence in pairwise(found):
        if sentence.start in dated and sentence.start not in named:
            dated.setdefault(earlier.start, dated[sentence.start] * 0.7)
    for candidate in names:
        bonus = max((dated.get(sentence.start, 0) for sentence, _ in candidate.at), default=0)
        candidate.score += 2 * bonus * (candidate.score > 0)
    names = sorted(names, key=lambda candidate: -candidate.score)
    first = first_of_several(names, [verdict for verdict in judged if is_named(verdict)], found) if names else None
    return sorted(names, key=lambda candidate: candidate is not first) if first else names


def _announcement(
    found: Sequence[Sentence], day: dt.date | None, names: list[Candidate], chosen: Chosen
) -> Announcement:
    title = names[0] if names and names[0].score > 0 else None
    verdict = chosen.verdict
    parts: dict[str, Read[str] | Read[int] | None] = {
        "platform": (platform := read_platform(found, verdict)),
        "season": (season := read_season(found, verdict)),
        "episodes": (episodes := read_episodes(found, verdict)),
        "drop": (drop := read_drop(found)),
    }
    evidence = {name: _shown(part.sentence) for name, part in parts.items() if part}
    confidence = {name: round(part.confidence, 2) for name, part in parts.items() if part}
    if title:
        evidence["title"] = _shown(_best_sentence(title))
        confidence["title"] = _title_confidence(names)
    if verdict:
        evidence["premiere"] = _shown(verdict.mention.sentence)
        confidence["premiere"] = round(chosen.confidence, 2)
    return Announcement(
        title=title.name if title else None,
        season=season.value if season else None,
        premiere=chosen.value,
        platform=platform.value if platform else None,
        drop=drop.value if drop else None,
        episodes=episodes.value if episodes else None,
        published=day,
        inferred=_inferred(verdict),
        evidence=evidence,
        confidence=confidence,
        alternatives=(*_other_dates(chosen), *_other_titles(names)),
    )


def _shown(sentence: Sentence) -> str:
    """Return a sentence as a person reads it: on one line, without the marks by which a page's italics are known."""
    return _ITALICS.sub(r"\1", one_line(sentence.text))


def _inferred(verdict: Verdict | None) -> tuple[str, ...]:
    if verdict is None:
        return ()
    mention = verdict.mention
    return ("day",) if mention.relative else ("year",) if mention.inferred else ()


def _best_sentence(title: Candidate) -> Sentence:
    return max(title.at, key=lambda place: place[1].weight)[0]


def _title_confidence(names: list[Candidate]) -> float:
    best = names[0].score
    rival = max(names[1].score, 0) if len(names) > 1 else 0
    return round(max(0.2, min(0.98, 0.45 + min(best, 8) * 0.05 + 0.2 * (1 - rival / best))), 2)


def _other_dates(chosen: Chosen) -> list[Alternative]:
    return [
        Alternative(
            field="premiere",
            value=other.mention.value.show(),
            reason=reason,
            sentence=_shown(other.mention.sentence),
        )
        for other, reason in chosen.others[:_MOST_ALTERNATIVES]
    ]


def _other_titles(names: list[Candidate]) -> list[Alternative]:
    rivals = [rival for rival in names[1:3] if rival.score > max(2.0, names[0].score * 0.4)]
    return [
        Alternative(field="title", value=rival.name, reason="named less plainly", sentence=_shown(rival.first))
        for rival in rivals
    ]
