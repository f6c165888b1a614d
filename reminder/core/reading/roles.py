"""What each date in a sentence is the date of: a release that is to come, or something to say no to."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from reminder.core.reading import signs
from reminder.core.reading.clauses import Clauses
from reminder.core.reading.clues import quoted_names
from reminder.core.reading.cues import Cue, Role, cues
from reminder.core.reading.mentions import Mention


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a date is the date of, and how plainly the text says so (0 to 1)."""

    mention: Mention
    role: Role
    strength: float


def verdicts(found: Sequence[Mention], published: dt.date | None) -> tuple[Verdict, ...]:
    """Given the dates of one sentence, in order, return what each is the date of."""
    if not found:
        return ()
    sentence = found[0].sentence
    judge = _Judge(sentence.text, [(each.start - sentence.start, each.end - sentence.start) for each in found])
    judged = tuple(_verdict(judge, each, published) for each in found)
    days = [
        each.mention
        for each in judged
        if each.role is Role.RELEASE and not each.mention.relative and _is_later(each.mention, published)
    ]
    # `Today the date was announced: July 31`.
    said = tuple(
        replace(each, role=Role.SAID)
        if (each.mention.relative or each.mention.value.on == published)
        and any(_is_other_day(each.mention, day) for day in days)
        else each
        for each in judged
    )
    return _replaced(said)


def _replaced(judged: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
    """Return the verdicts; a date is an old one where its sentence goes on to say what comes `now`, `instead` of it."""
    releases = [each for each in judged if each.role is Role.RELEASE]
    for earlier, later in pairwise(releases):
        between = earlier.mention.sentence.text[
            earlier.mention.end - earlier.mention.sentence.start : later.mention.start - later.mention.sentence.start
        ]
        if signs.INSTEAD.search(between) and _is_other_day(earlier.mention, later.mention):
            judged = tuple(replace(each, role=Role.OLD) if each is earlier else each for each in judged)
    return judged


def _verdict(judge: _Judge, mention: Mention, published: dt.date | None) -> Verdict:
    start, end = mention.start - mention.sentence.start, mention.end - mention.sentence.start
    if _is_stamp(mention, judge, published):
        return Verdict(mention=mention, role=Role.STAMP, strength=1)
    role, strength = judge.role(start, end)
    if mention.relative and _looks_said(mention, published):
        role = Role.SAID
    if (
        role is Role.SAID
        and mention.value.is_dated
        and not mention.relative
        and not signs.NUMBERED.fullmatch(mention.text)
        and _is_later(mention, published)
    ):
        role, strength = judge.role(start, end, said=False)
    if role in {Role.RELEASE, Role.UNSAID} and _is_over(mention, published):
        role = Role.PAST
    if role in {Role.RELEASE, Role.UNSAID} and _has_just_been(mention, published):
        role = Role.PAST
    if role is Role.PAST and not mention.inferred and _is_later(mention, published):
        role, strength = Role.RELEASE, 0.4
    return Verdict(mention=mention, role=role, strength=strength)


def _is_other_day(relative: Mention, day: Mention) -> bool:
    return relative.value.is_dated and day.value.is_dated and _span(relative) != _span(day)


def _looks_said(mention: Mention, published: dt.date | None) -> bool:
    """Tell whether `on Monday` is the day on which something was said: today's weekday, or a past verb behind it."""
    after = mention.sentence.text[mention.end - mention.sentence.start :]
    if re.match(r"\s+(?:\w+ly\s+)?(?:\w+ed|dropped|said|shared|gave|took|set)\b", after):
        return True
    return mention.value.on == published and mention.text.lower().startswith(("on ", "am "))


def _is_later(mention: Mention, published: dt.date | None) -> bool:
    span = _span(mention)
    return bool(span and published and span[0] > published + dt.timedelta(days=1))


def _is_over(mention: Mention, published: dt.date | None) -> bool:
    span = _span(mention)
    return bool(span and published and span[1] < published)


def _has_just_been(mention: Mention, published: dt.date | None) -> bool:
    """Tell whether a month or day without a year is more likely to have been lately than to be of the next year."""
    span = _span(mention)
    if not (span and published and mention.inferred) or signs.IS_NEXT.search(mention.text):
        return False
    return span[0].year > published.year and (span[0] - published).days > signs.LONG_AHEAD


def _span(mention: Mention) -> tuple[dt.date, dt.date] | None:
    value = mention.value
    on = value.day_in(value.zone) if value.at and value.zone else None
    return (on, on) if on else value.span()


def _is_stamp(mention: Mention, judge: _Judge, published: dt.date | None) -> bool:
    """Tell whether a date is the article's own: in a dateline, a byline, or alone on the line it was printed on."""
    sentence = mention.sentence
    before = sentence.text[: mention.start - sentence.start]
    after = sentence.text[mention.end - sentence.start :]
    if signs.TWEET.search(before):
        return True
    if signs.NUMERIC.fullmatch(mention.text) and signs.CLOCK.match(after) and not signs.FROM_DAY.search(before):
        return True
    if mention.value.on is None or (published and mention.value.on > published + dt.timedelta(days=1)):
        return False
    if not before.strip() and not mention.inferred and re.match(r"\s*[–—-]\s", after) and judge.is_said:
        return True
    if judge.has_release and not re.match(r"\s*(?:[)\]]?\s*[–—-]|\))", after):
        return False
    alone = len(before.split()) + len(after.split()) <= 8 and not judge.has_release
    dateline = (
        len(before) <= 50 and bool(re.match(r"\s*(?:[)\]]?\s*[–—-]|\))", after)) and bool(signs.DATELINE.match(before))
    )
    return dateline or (alone and (not before.strip() or bool(signs.STAMP_LINE.search(sentence.text))))


def _leading(text: str) -> str:
    """Return the preposition that a date begins with (`to 2024`, `until November`), empty when with none."""
    found = re.match(r"(?:to|until|till|bis|by|for|into|na|auf|do|hasta|para)[\s-]+", text, re.IGNORECASE)
    return found[0] if found else ""


def _as_passive(cue: Cue, text: str) -> Cue:
    """Return a participle that looks past as what it says behind `will be`: a release that is to come."""
    future = cue.role is Role.PAST and signs.TO_BE.search(text[: cue.start])
    return replace(cue, role=Role.RELEASE) if future else cue


class _Judge:
    """One sentence with its cues and clauses."""

    def __init__(self, text: str, dates: Sequence[tuple[int, int]]) -> None:
        self._text = text
        self._clauses = Clauses(text, dates)
        self._dates = dates
        names = quoted_names(text)
        self._cues = [
            _as_passive(cue, text)
            for cue in cues(text)
            if not any(start <= cue.start and cue.end <= end for start, end in names)
            and not any(cue.start < end and start < cue.end for start, end in dates)
        ]
        self._delayed = bool(signs.DELAY.search(text)) and not signs.OVERCOME.search(text)
        self.is_said = any(cue.role is Role.SAID for cue in self._cues)
        self.has_release = any(cue.role is Role.RELEASE for cue in self._cues)

    def role(self, start: int, end: int, *, said: bool = True) -> tuple[Role, float]:
        """Return what the date at `start` to `end` is of; without `said`, verbs of saying are passed over."""
        if (said_by := self._by_preposition(start, end)) is not None:
            return said_by
        role, strength = self._by_cue(start, end, said=said)
        if role in {Role.RELEASE, Role.UNSAID} and self._is_supposed(start):
            return Role.SUPPOSED, 1.0
        if signs.HEDGE.search(self._text[max(0, start - signs.HEDGED) : end + signs.NEAR]):
            strength *= 0.6
        if role is Role.RELEASE and self._delayed:
            return (Role.RELEASE, max(strength, signs.MOVED)) if signs.NOW.search(self._text) else (Role.OLD, 0.8)
        return role, strength

    def _by_preposition(self, start: int, end: int) -> tuple[Role, float] | None:
        """Return the role of a date that a preposition settles: `moved to`, `not until`, `before`, `from`."""
        before = self._text[:start] + _leading(self._text[start:end])
        if (self._delayed or signs.MOVE.search(self._text[:start])) and signs.TO.search(before):
            return (
                (Role.SUPPOSED, 1.0)
                if signs.HEDGE.search(self._text[end : end + signs.NEAR])
                else (Role.RELEASE, signs.MOVED)
            )
        if signs.NOT_UNTIL.search(before):
            filmed = any(cue.role is Role.FILMING and cue.end <= start for cue in self._cues)
            return (Role.FILMING if filmed else Role.RELEASE), 1.0
        if signs.NOT_ON.search(before):
            return Role.OLD, 1.0
        if signs.UP_TO.search(before):
            return Role.END, 1.0
        if signs.BY.search(before):
            return Role.END, 0.6
        if signs.FROM.search(before) and signs.MOVE.search(self._text):
            return Role.OLD, 1.0
        if signs.OF_A_YEAR.fullmatch(self._text[start:end]):
            return Role.UNSAID, 0.3
        return None

    def _is_supposed(self, start: int) -> bool:
        """Tell whether a date stands in a question, or behind an `if`."""
        return bool(self._text.endswith("?") and signs.ASKS.match(self._text)) or bool(
            signs.IF.search(self._text[:start])
        )

    def _by_cue(self, start: int, end: int, *, said: bool) -> tuple[Role, float]:
        usable = [cue for cue in self._cues if (said or cue.role is not Role.SAID) and not self._is_spent(cue, start)]
        here = self._clauses.at(start)
        left = [cue for cue in usable if cue.end <= start and self._clauses.at(cue.start) == here]
        right = [cue for cue in usable if cue.start >= end and self._clauses.at(cue.start) == here]
        if right and right[0].start - end <= signs.ADJACENT and not right[0].verb:
            return self._noun_after(left, right[0]), 1.0
        if left:
            return self._governed(left, right, end), 1.0
        if right:
            return self._governed([right[0]], right[1:], end), 0.9
        return self._from_next_door(usable, start, here)

    def _is_spent(self, cue: Cue, start: int) -> bool:
        """Tell whether a word like `instead of` has had its date, and another follows: `instead of May it comes in June`."""
        between = [date for date in self._dates if cue.end <= date[0] and date[1] <= start]
        return cue.role is Role.OLD and bool(between) and bool(signs.INSTEAD.search(self._text[between[-1][1] : start]))

    def _noun_after(self, left: list[Cue], noun: Cue) -> Role:
        """Return the role of a date that stands before its noun: `a July 9 premiere`, `the May 22 finale`."""
        is_old = noun.role is Role.RELEASE and any(cue.role is Role.OLD for cue in left)
        return Role.OLD if is_old else noun.role

    def _from_next_door(self, usable: list[Cue], start: int, here: int) -> tuple[Role, float]:
        """Return the role from a neighbouring clause: `On July 9, it arrives`, `premieres today, July 9`."""
        after = [cue for cue in usable if self._clauses.at(cue.start) == here + 1]
        before = [cue for cue in usable if cue.end <= start]
        if here == 0 and after:
            return self._governed(after[:1], after[1:], start), 0.8 if start <= signs.AT_START else 0.5
        if before:
            nearest = self._clauses.at(before[-1].start)
            group = [cue for cue in before if self._clauses.at(cue.start) == nearest]
            return self._governed(group, [], start), 0.8 if nearest >= here - 2 else 0.5
        later = [cue for cue in usable if cue.start >= start]
        return (self._governed(later[:1], later[1:], start), 0.5) if later else (Role.UNSAID, 0.3)

    def _governed(self, left: list[Cue], right: list[Cue], end: int) -> Role:
        """Return the role of a date that follows these cues of its clause, the last of them the nearest."""
        nearest = left[-1]
        if any(cue.role is Role.OLD for cue in left):
            return Role.OLD
        if any(cue.role is Role.LATER_PART for cue in left):
            return Role.LATER_PART
        if (
            nearest.role is Role.SAID
            and right
            and right[0].role is Role.RELEASE
            and not right[0].verb
            and right[0].start - end <= signs.NEAR
        ):
            return Role.RELEASE
        weak = signs.WEAK.fullmatch(self._text[nearest.start : nearest.end])
        if weak and any(cue.role is Role.FILMING for cue in right):
            return Role.FILMING
        if nearest.role is not Role.RELEASE:
            return nearest.role
        if signs.NOT.search(self._text[: nearest.start]):
            return Role.OLD
        if any(cue.role is Role.FESTIVAL for cue in right):
            return Role.FESTIVAL
        return self._subject_behind(nearest) or self._subject(left[:-1], nearest)

    def _subject_behind(self, release: Cue) -> Role | None:
        """Return the role of what stands right behind its verb: `Am 25. Juni starten die Dreharbeiten`."""
        behind = next((cue for cue in self._cues if cue.start >= release.end), None)
        if not (release.verb and behind and behind.role in signs.SUBJECTS):
            return None
        return behind.role if signs.ARTICLE.fullmatch(self._text[release.end : behind.start]) else None

    def _subject(self, before: list[Cue], release: Cue) -> Role:
        """Return the role of what comes out: the release itself, unless it is the trailer, the finale, the tickets."""
        participle = self._text[release.start : release.end].lower().endswith("ing")
        for cue in reversed(before):
            between = self._text[cue.end : release.start]
            if cue.role in {Role.PAST, Role.END} and not between.strip():
                return cue.role
            if cue.role not in signs.SUBJECTS:
                continue
            if not release.verb and between.strip():
                continue
            close = len(between.split()) <= 2 if participle else not signs.OTHER_VERB.search(between)
            if close and not signs.NOT_SUBJECT.search(self._text[: cue.start]):
                return cue.role
        return self._first_subject(release)

    def _first_subject(self, release: Cue) -> Role:
        """Return the role of a sentence's first words, where an insertion parts them from their verb.

        `The soundtrack, composed by Ana Rhys, will be released`.
        """
        if signs.AFTER_INSERTION.search(self._text[: release.start]):
            for cue in self._cues:
                if (
                    cue.role in signs.SUBJECTS
                    and cue.start <= signs.FIRST_WORDS
                    and not signs.NOT_SUBJECT.search(self._text[: cue.start])
                ):
                    return cue.role
        return Role.RELEASE
