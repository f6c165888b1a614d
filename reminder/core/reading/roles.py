"""What each date in a sentence is the date of: a release that is to come, or something to say no to."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

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


_DELAY: Final = re.compile(
    r"\b(?:delay(?:ed|s|ing)?|postpon\w+|push(?:ed|es|ing)\s+back|pull(?:ed|ing|s)\b|taken?\s+off|shelved|held\s+back|"
    r"on\s+hold|verschoben|verschiebt|verschiebung|reportée?|repoussée?|décalée?|aplazad\w+|aplaza|retrasad\w+|retrasa|rinviat\w+|"
    r"posticipat\w+|rimandat\w+|adiad\w+|adia|przełożon\w+|przesunięt\w+|opóźnion\w+)\b",
    re.IGNORECASE,
)
_MOVE: Final = re.compile(
    r"\b(?:mov(?:ed?|es|ing)|push(?:ed|es|ing)?|shift\w*|delay\w*|bump\w*|postpon\w*)\b", re.IGNORECASE
)
_TO: Final = re.compile(
    r"\b(?:to|until|till|into|for|auf|bis|au|à|al|a|para|hasta|fino\s+a|per|até|na|do|now|jetzt|nun)\s+(?:den\s+|the\s+|le\s+)?(?:(?:early|mid|late)[\s-]+)?$",
    re.IGNORECASE,
)
_FROM: Final = re.compile(
    r"\b(?:from|off|instead\s+of|vom|von|du|del|dal|z)\s+(?:(?:its|the|their|an?)\s+)?(?:\w+\s+)?$", re.IGNORECASE
)
_NOT_UNTIL: Final = re.compile(
    r"(?:\b(?:won|isn|aren|doesn|don)['’]t|\b(?:will|does)\s+not|\bnot\s+(?:be|come|expected|due)|\bnever)\b[^.;,]{0,40}\b(?:until|till)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_TWEET: Final = re.compile(r"@\w+\)?\s*[,—–-]?\s*$")
# What will be released is to come, whatever its participle looks like.
_TO_BE: Final = re.compile(
    r"\b(?:will|shall|to|wird|werden|será|serán|serão|sera|seront|sarà|saranno|zostan\w+)\s+(?:\w+\s+){0,2}?(?:be\s+)?(?:\w+ly\s+)?$",
    re.IGNORECASE,
)
_UP_TO: Final = re.compile(
    r"(?:\b(?:through|until|till|thru|bis(?:\s+zum)?|jusqu['’]?(?:au|à)|hasta(?:\s+el)?|fino\s+al?|até|aż\s+do)\s+(?:the\s+)?$|"
    r"\d\w*\s?(?:-|–|—|to|and|through)\s?$)",
    re.IGNORECASE,
)
_BY: Final = re.compile(
    r"\b(?:before|by|prior\s+to|ahead\s+of|vor|avant|antes\s+de|prima\s+del|przed)\s+(?:the\s+)?$", re.IGNORECASE
)
_NOT: Final = re.compile(r"\b(?:not|won['’]t|no\s+longer|nicht|pas|non?|não|nie)\b[^,;]{0,25}$", re.IGNORECASE)
_OTHER_VERB: Final = re.compile(
    r"\b(?:reveal\w*|confirm\w*|show(?:s|ed|ing)|announc\w*|that|ahead|offer\w*|tease[sd]?|sets?\b(?!\s+(?:to|for))|gives?|gave|released?|dropped|before|as|"
    r"when|follow(?:s|ed)|has|have|watch|see|zeigt|verrät|dévoile|révèle|desvela|revela|svela)\b",
    re.IGNORECASE,
)
_NOT_SUBJECT: Final = re.compile(
    r"\b(?:of|on|from|by|after|following|in|at|for|to|via|like|into|aus|von|nach|der|des|zum|zur|de|du|del|della|dei|di|da|do|sur|sobre|na|z|par|por)"
    r"\s+(?:(?!with\b|mit\b|avec\b|con\b)\S+\s+){0,2}$",
    re.IGNORECASE,
)
_SUBJECTS: Final = frozenset(
    {
        Role.TRAILER,
        Role.FINALE,
        Role.TICKETS,
        Role.FILMING,
        Role.DISC,
        Role.AWARDS,
        Role.EXTRA,
        Role.FESTIVAL,
        Role.LATER_PART,
        Role.HISTORY,
    }
)
_DATELINE: Final = re.compile(
    r"[A-ZÀ-Þ][\w .,'’À-ž-]{2,40}?[,(–—-]?\s*[(–—,-]?\s*(?:\w+\s+){0,2}$",
)
_STAMP_LINE: Final = re.compile(
    r"(?:^|\b)(?:by|von|par|por|di|date|publish\w*|posted|updated|last\s+updated)\b|[|•·@]|\s[-–—]\s", re.IGNORECASE
)
# What may be is no date to remind of.
_HEDGE: Final = re.compile(
    r"\b(?:potentially|possibly|perhaps|maybe|might|could|estimat\w+|forecast\w*|analysts?|rumou?r(?:ed|s)|speculat\w+|hopefully|presumably|likely|at\s+the\s+earliest|imagine[rz]?|predict\w*|guess\w*|assum\w+|would\s+(?:have|likely)|typically|usually|normally|indicat\w+|makes\s+sense|reasonable|"
    r"möglicherweise|liegt\s+(?:\w+\s+){0,2}nahe|rund\s+um|vielleicht|vermutlich|könnte|wahrscheinlich|peut-être|pourrait|probablement|podría|quizás?|probablemente|potrebbe|forse|"
    r"probabilmente|poderia|talvez|provavelmente|może|prawdopodobnie)\b",
    re.IGNORECASE,
)
_ASKS: Final = re.compile(
    r"[\W\d]*(?:will|is|are|could|can|does|do|did|should|may|might|when|what\s+time|kommt|wird|wann|quand|est-ce|cuándo|será|llegará|quando|sarà|kiedy|czy)\b",
    re.IGNORECASE,
)
_IF: Final = re.compile(r"\b(?:if|unless|whether|wenn|falls|jeśli)\b[^.,;]{0,40}$", re.IGNORECASE)
# "The premieres of 2025" are many.
_OF_A_YEAR: Final = re.compile(r"of\s+\d{4}", re.IGNORECASE)
_HEDGED: Final = 90
_AFTER_INSERTION: Final = re.compile(
    r",\s*(?:(?:will|is|are|was|has|have|be|been|now|set|to|also|finally|scheduled|due|wird|sera|será|sarà|będzie)\s+)*$",
    re.IGNORECASE,
)
_IS_NEXT: Final = re.compile(r"\b(?:next|nächst\w+|prochain\w*|próxim\w+|prossim\w+|przyszł\w+)\b", re.IGNORECASE)
_NOW: Final = re.compile(r"\b(?:now|new|jetzt|nun|neue[rn]?)\b", re.IGNORECASE)
# What a text says that a date was moved to counts more than what it says of other dates.
_MOVED: Final = 1.3
# A weekday and its number, in the days about which the text was written.
_NUMBERED: Final = re.compile(r"[^\W\d][\w-]*\W+(?:día\s)?\d{1,2}")
_LONG_AHEAD: Final = 240
_AT_START: Final = 30
_FIRST_WORDS: Final = 24
# `Am 25. Juni starten die Dreharbeiten`: what comes stands behind its verb.
_ARTICLE: Final = re.compile(r"\s+(?:(?:the|a|its|die|der|das|le|la|les|el|los|las|il|o|os|as)\s+)?", re.IGNORECASE)
_NEAR: Final = 26
_ADJACENT: Final = 3


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
    return tuple(
        replace(each, role=Role.SAID)
        if (each.mention.relative or each.mention.value.on == published)
        and any(_is_other_day(each.mention, day) for day in days)
        else each
        for each in judged
    )


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
        and not _NUMBERED.fullmatch(mention.text)
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
    if not (span and published and mention.inferred) or _IS_NEXT.search(mention.text):
        return False
    return span[0].year > published.year and (span[0] - published).days > _LONG_AHEAD


def _span(mention: Mention) -> tuple[dt.date, dt.date] | None:
    value = mention.value
    on = value.day_in(value.zone) if value.at and value.zone else None
    return (on, on) if on else value.span()


def _is_stamp(mention: Mention, judge: _Judge, published: dt.date | None) -> bool:
    """Tell whether a date is the article's own: in a dateline, a byline, or alone on the line it was printed on."""
    sentence = mention.sentence
    before = sentence.text[: mention.start - sentence.start]
    after = sentence.text[mention.end - sentence.start :]
    if _TWEET.search(before):
        return True
    if mention.value.on is None or (published and mention.value.on > published + dt.timedelta(days=1)):
        return False
    if not before.strip() and not mention.inferred and re.match(r"\s*[–—-]\s", after) and judge.is_said:
        return True
    if judge.has_release and not re.match(r"\s*(?:[)\]]?\s*[–—-]|\))", after):
        return False
    alone = len(before.split()) + len(after.split()) <= 8 and not judge.has_release
    dateline = (
        len(before) <= 50 and bool(re.match(r"\s*(?:[)\]]?\s*[–—-]|\))", after)) and bool(_DATELINE.match(before))
    )
    return dateline or (alone and (not before.strip() or bool(_STAMP_LINE.search(sentence.text))))


def _leading(text: str) -> str:
    """Return the preposition that a date begins with (`to 2024`, `until November`), empty when with none."""
    found = re.match(r"(?:to|until|till|bis|by|for|into|na|auf|do|hasta|para)[\s-]+", text, re.IGNORECASE)
    return found[0] if found else ""


def _as_passive(cue: Cue, text: str) -> Cue:
    """Return a participle that looks past as what it says behind `will be`: a release that is to come."""
    future = cue.role is Role.PAST and _TO_BE.search(text[: cue.start])
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
        self._delayed = bool(_DELAY.search(text))
        self.is_said = any(cue.role is Role.SAID for cue in self._cues)
        self.has_release = any(cue.role is Role.RELEASE for cue in self._cues)

    def role(self, start: int, end: int, *, said: bool = True) -> tuple[Role, float]:
        """Return what the date at `start` to `end` is of; without `said`, verbs of saying are passed over."""
        before = self._text[:start] + _leading(self._text[start:end])
        if (self._delayed or _MOVE.search(self._text[:start])) and _TO.search(before):
            return (Role.SUPPOSED, 1.0) if _HEDGE.search(self._text[end : end + _NEAR]) else (Role.RELEASE, _MOVED)
        if _NOT_UNTIL.search(before):
            return Role.RELEASE, 1.0
        if _UP_TO.search(before):
            return Role.END, 1.0
        if _BY.search(before):
            return Role.END, 0.6
        if _FROM.search(before) and _MOVE.search(self._text):
            return Role.OLD, 1.0
        if _OF_A_YEAR.fullmatch(self._text[start:end]):
            return Role.UNSAID, 0.3
        role, strength = self._by_cue(start, end, said=said)
        if role in {Role.RELEASE, Role.UNSAID} and self._is_supposed(start):
            return Role.SUPPOSED, 1.0
        if _HEDGE.search(self._text[max(0, start - _HEDGED) : end + _NEAR]):
            strength *= 0.6
        if role is Role.RELEASE and self._delayed:
            return (Role.RELEASE, max(strength, _MOVED)) if _NOW.search(self._text) else (Role.OLD, 0.8)
        return role, strength

    def _is_supposed(self, start: int) -> bool:
        """Tell whether a date stands in a question, or behind an `if`."""
        return bool(self._text.endswith("?") and _ASKS.match(self._text)) or bool(_IF.search(self._text[:start]))

    def _by_cue(self, start: int, end: int, *, said: bool) -> tuple[Role, float]:
        usable = [cue for cue in self._cues if said or cue.role is not Role.SAID]
        here = self._clauses.at(start)
        left = [cue for cue in usable if cue.end <= start and self._clauses.at(cue.start) == here]
        right = [cue for cue in usable if cue.start >= end and self._clauses.at(cue.start) == here]
        if right and right[0].start - end <= _ADJACENT and not right[0].verb:
            return self._noun_after(left, right[0]), 1.0
        if left:
            return self._governed(left, right, end), 1.0
        if right:
            return self._governed([right[0]], right[1:], end), 0.9
        return self._from_next_door(usable, start, here)

    def _noun_after(self, left: list[Cue], noun: Cue) -> Role:
        """Return the role of a date that stands before its noun: `a July 9 premiere`, `the May 22 finale`."""
        is_old = noun.role is Role.RELEASE and any(cue.role is Role.OLD for cue in left)
        return Role.OLD if is_old else noun.role

    def _from_next_door(self, usable: list[Cue], start: int, here: int) -> tuple[Role, float]:
        """Return the role from a neighbouring clause: `On July 9, it arrives`, `premieres today, July 9`."""
        after = [cue for cue in usable if self._clauses.at(cue.start) == here + 1]
        before = [cue for cue in usable if cue.end <= start]
        if here == 0 and after:
            return self._governed(after[:1], after[1:], start), 0.8 if start <= _AT_START else 0.5
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
            and right[0].start - end <= _NEAR
        ):
            return Role.RELEASE
        if nearest.role is not Role.RELEASE:
            return nearest.role
        if _NOT.search(self._text[: nearest.start]):
            return Role.OLD
        if any(cue.role is Role.FESTIVAL for cue in right):
            return Role.FESTIVAL
        behind = next((cue for cue in self._cues if cue.start >= nearest.end), None)
        if (
            nearest.verb
            and behind
            and behind.role in _SUBJECTS
            and _ARTICLE.fullmatch(self._text[nearest.end : behind.start])
        ):
            return behind.role
        return self._subject(left[:-1], nearest)

    def _subject(self, before: list[Cue], release: Cue) -> Role:
        """Return the role of what comes out: the release itself, unless it is the trailer, the finale, the tickets."""
        participle = self._text[release.start : release.end].lower().endswith("ing")
        for cue in reversed(before):
            between = self._text[cue.end : release.start]
            if cue.role in {Role.PAST, Role.END} and not between.strip():
                return cue.role
            if cue.role not in _SUBJECTS:
                continue
            if not release.verb and between.strip():
                continue
            close = len(between.split()) <= 2 if participle else not _OTHER_VERB.search(between)
            if close and not _NOT_SUBJECT.search(self._text[: cue.start]):
                return cue.role
        return self._first_subject(release)

    def _first_subject(self, release: Cue) -> Role:
        """Return the role of a sentence's first words, where an insertion parts them from their verb.

        `The soundtrack, composed by Ana Rhys, will be released`.
        """
        if _AFTER_INSERTION.search(self._text[: release.start]):
            for cue in self._cues:
                if (
                    cue.role in _SUBJECTS
                    and cue.start <= _FIRST_WORDS
                    and not _NOT_SUBJECT.search(self._text[: cue.start])
                ):
                    return cue.role
        return Role.RELEASE
