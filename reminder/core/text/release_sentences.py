"""The sentences about one release: for each sort of release, all that can be said of when it comes (SPEC 8).

The table is made by rule, so that no sort of release lacks a sentence; who translates it sees each of them whole.
In a text, `[Who]` stands for the subject at the head of a sentence and `[who]` for it elsewhere; `[comes]`, `[is]`,
`[was]` and `[has]` stand for the verbs that go with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from reminder.core.text.sentence import SentenceEntry


@dataclass(frozen=True, kw_only=True)
class _Sort:
    """A sort of release: its subject in a sentence and at the head of one, its verbs, and what a translator is told."""

    who: str
    opening: str
    comes: str = "comes out"
    plural: bool = False
    comment: str

    def fill(self, text: str) -> str:
        """Return a text of the table with the words of this sort."""
        verbs = {"[is]": "are", "[was]": "were", "[has]": "have"} if self.plural else {}
        parts = {"[Who]": self.opening, "[who]": self.who, "[comes]": self.comes, **_SINGULAR, **verbs}
        for mark, words in parts.items():
            text = text.replace(mark, words)
        return text


_SINGULAR: Final = {"[is]": "is", "[was]": "was", "[has]": "has"}

_WORK: Final = "{work} is the title, with its season if there is one, and is never inflected"

SORTS: Final = {
    "premiere": _Sort(
        who="{work}", opening="{work}", comes="premieres", comment=f"A film, or a season that begins. {_WORK}."
    ),
    "out": _Sort(who="{work}", opening="{work}", comment=f"A game, or an episode without a number. {_WORK}."),
    "episode": _Sort(
        who="{work} episode {episode}",
        opening="{work} episode {episode}",
        comment=f"One episode. {_WORK}; {{episode}} is a number.",
    ),
    "episodes": _Sort(
        who="{work} episodes {run}",
        opening="{work} episodes {run}",
        comes="come out",
        plural=True,
        comment=f"Several episodes at once. {_WORK}; {{run}} is `3 and 4` or `5 to 7`.",
    ),
    "finale": _Sort(
        who="the finale of {work}",
        opening="The finale of {work}",
        comment=f"The last episode of a season. {_WORK}.",
    ),
}
"""The sorts of release, by the first part of the ids."""

_Text = str | tuple[str, str]
"""A text, in two forms where a number decides."""

_AT: Final = "{at} is `at 7:00 PM`, `tomorrow at 7:00 PM` or `on July 9 at 7:00 PM`"
_SPAN: Final = "{span} is `2 hours` or `1 hour and 30 minutes`"
_WHEN: Final = "{when} is `in July 2025`, `in Q3 2025` or `sometime in summer 2025`"
_DATE: Final = "{date} is a day in full, `Wednesday, July 9, 2025`"
_AWAY: Final = "{away} is `tomorrow`, `in 7 days` or `3 days ago`"

_TIMES: Final[Mapping[str, tuple[_Text, str]]] = {
    "in_days": (("[Who] [comes] in {days} day", "[Who] [comes] in {days} days"), "{days} is 2 or more."),
    "tomorrow": ("[Who] [comes] tomorrow", ""),
    "today": ("[Who] [is] out today", "The day is today; the hour is not known."),
    "yesterday": ("[Who] came out yesterday", ""),
    "days_ago": (("[Who] came out {days} day ago", "[Who] came out {days} days ago"), "{days} is 2 or more."),
    "today_at": ("[Who] [comes] today at {clock}", "{clock} is a time of day, still to come."),
    "tomorrow_at": ("[Who] [comes] tomorrow at {clock}", "{clock} is a time of day."),
    "out_since": ("[Who] [is] out (since {clock})", "{clock} is a time of day, today."),
    "expected": ("[Who] [is] expected {when}; no day is known yet", f"{_WHEN}."),
    "was_expected": ("[Who] [was] expected {when}; no day is known", f"{_WHEN}, and it is over."),
    "in_time": ("[Who] [comes] in {span}, {at}", f"{_SPAN}; {_AT}."),
    "time_ago": ("[Who] came out {span} ago, {at}", f"{_SPAN}; {_AT}."),
    "just_now": ("[Who] came out just now, {at}", f"{_AT}."),
    "came_out_on": ("[Who] came out on {day}", "{day} is `July 9`."),
    "cancelled": ("[Who] [has] been cancelled", "It will not come out."),
    "no_date": ("[Who] [has] no date yet", ""),
    "announced": ("[Who] now [has] a date: {date}, {away}", f"{_DATE}; {_AWAY}."),
    "new_date": ("[Who] [has] a new date: {date}, {away}", f"{_DATE}; {_AWAY}."),
    "on_again": ("[Who] [is] on again: {date}, {away}", f"It had been cancelled. {_DATE}; {_AWAY}."),
    "moved_day": ("[Who] moved from {old} to {new}", "{old} and {new} are days: `July 9`, `August 1, 2025`."),
    "moved_span": ("[Who] moved from {old} to {new}", "{old} and {new} are `July 2025`, `Q3 2025`, `summer 2025`."),
    "moved_hour": (
        "[Who] moved from {old} to {new} on {day}",
        "{old} and {new} are times of day, {day} `July 9, 2025`.",
    ),
    "now_timed": ("[Who] stays on {day}, now with a time", "Its day was known, and now its hour is. {day} is a day."),
    "time_lost": ("[Who] stays on {day}, but its time is no longer known", "{day} is `July 9, 2025`."),
    "undated": ("[Who] no longer [has] a date: no new date is known", ""),
    "undated_expected": ("[Who] no longer [has] a date: now expected {when}", "{when} is `in July 2025`."),
    "withdrawn": (
        "[Who] no longer [has] a date: {day} was withdrawn; no new date is known",
        "{day} is the day that it had, `July 9`.",
    ),
    "withdrawn_expected": (
        "[Who] no longer [has] a date: {day} was withdrawn; now expected {when}",
        "{day} is the day that it had, `July 9`; {when} is `in July 2025`.",
    ),
}
"""By the second part of the ids: the text, in two forms where a number decides, and what its placeholders are."""

_BRIEF: Final = (
    "in_days",
    "tomorrow",
    "today",
    "yesterday",
    "days_ago",
    "today_at",
    "tomorrow_at",
    "out_since",
    "expected",
    "was_expected",
    "in_time",
    "time_ago",
    "just_now",
)
"""What stands behind the news that a date has moved, in a list: the sentence without its subject."""

_DUE: Final[Mapping[str, tuple[_Text, str]]] = {
    "due_on": ("[Who] [was] due on {date}", f"It is cancelled. {_DATE}, perhaps with its hour."),
    "due_sometime": ("[Who] [was] expected {when}", f"It is cancelled. {_WHEN}."),
    "due_unknown": ("No date was known for [who]", "It is cancelled."),
}

_IT: Final = _Sort(
    who="it", opening="It", comment="`It` is a title that the sentence before has named: a film, a season, a game."
)
_HAS_A_NAME: Final = ("episode", "episodes", "finale")


def _sentences(sort: str, words: _Sort, form: str, text: _Text, about: str) -> SentenceEntry:
    one, many = (text, "") if isinstance(text, str) else text
    return SentenceEntry(
        id=f"{sort}.{form}",
        text=words.fill(one),
        many=words.fill(many),
        counts="days" if many else "",
        comment=f"{words.comment} {about}".strip(),
    )


def release_sentences() -> Iterator[SentenceEntry]:
    """Yield every sentence about a release."""
    for sort, words in SORTS.items():
        for form, (text, about) in _TIMES.items():
            yield _sentences(sort, words, form, text, about)
    for sort, words in {"it": _IT, **{name: SORTS[name] for name in _HAS_A_NAME}}.items():
        for form, (due, about) in _DUE.items():
            yield _sentences(sort, words, form, due, about)
    for sort, words in _BRIEF_SORTS.items():
        for form in _BRIEF:
            text, about = _TIMES[form]
            yield _sentences(sort, words, form, _without_subject(text), about)


def _without_subject(text: _Text) -> _Text:
    if isinstance(text, str):
        return text.removeprefix("[Who] ")
    return text[0].removeprefix("[Who] "), text[1].removeprefix("[Who] ")


_SAID_BEHIND: Final = "In brackets, behind a sentence that has named it: a predicate, or a few words without a verb."
_BRIEF_SORTS: Final = {
    "brief.premiere": _Sort(who="", opening="", comes="premieres", comment=f"{_SAID_BEHIND} A film, or a season."),
    "brief.out": _Sort(who="", opening="", comment=f"{_SAID_BEHIND} A game, or an episode."),
    "brief.episodes": _Sort(
        who="", opening="", comes="come out", plural=True, comment=f"{_SAID_BEHIND} Several episodes."
    ),
}
"""An episode and a finale are said there as what comes out."""
