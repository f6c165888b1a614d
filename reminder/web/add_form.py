"""The form in which a title is proposed: its fields with the sentences that they were read from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from werkzeug.datastructures import MultiDict

from reminder.core.dates.when import Precision, When
from reminder.core.model.lead import Lead, LeadError, Leads
from reminder.core.text.language import ENGLISH, Language
from reminder.core.text.leads import lead_words
from reminder.core.wording import Wording, clauses
from reminder.usecases.said_title import FIELDS, SaidOfTitle

if TYPE_CHECKING:
    from reminder.usecases.announcement import Announcement

LABELS: Final[Mapping[str, str]] = {
    "title": Wording("Title"),
    "premiere": Wording("Comes out"),
    "platform": Wording("Where"),
    "season": Wording("Season"),
    "episodes": Wording("Episodes"),
    "drop": Wording("How they come out"),
    "kind": Wording("What it is"),
    "note": Wording("A line of your own for the message"),
    "link": Wording("A web address for the message"),
}
MOST_SAID: Final = 600
"""Characters of a sentence that a form carries along."""
MOST_HOST: Final = 253
"""Letters of a host's name."""
USUAL_LEADS: Final = ("30d", "7d", "3d", "1d", "day")
"""Leads that are offered beside those that somebody has."""
_BY: Final[Mapping[str, str]] = {
    "second": Wording("from the second reader alone"),
    "both": Wording("both readers agree"),
}
_NOT_WRITTEN: Final[Mapping[frozenset[str], str]] = {
    frozenset({"year"}): Wording("the year was not written"),
    frozenset({"day"}): Wording("the day was not written"),
    frozenset({"day", "year"}): Wording("the day and the year were not written"),
}


@dataclass(frozen=True, kw_only=True)
class ReadSentence:
    """The sentence from which a field was read: its value then, how sure that is in words, and whether it is doubtful.

    It speaks for the field as long as that has the same value.
    """

    value: str
    sentence: str
    sure: str = ""
    is_doubtful: bool = False


@dataclass(frozen=True, kw_only=True)
class FormField:
    """A field of the form; `read` is the sentence that bears it out, `problem` what is wrong with it.

    `is_same_sentence` tells that the field before it was read from the same one.
    """

    name: str
    value: str
    read: ReadSentence | None = None
    problem: str | None = None
    is_same_sentence: bool = False

    @property
    def label(self) -> str:
        """Return what it is called on the page."""
        return LABELS[self.name]


@dataclass(frozen=True, kw_only=True)
class AddForm:
    """What was said of a title, and the sentences that bear it out, by field."""

    said: SaidOfTitle
    read: Mapping[str, ReadSentence] = field(default_factory=dict)

    def fields(self, problems: Mapping[str, str]) -> dict[str, FormField]:
        """Return the fields as they are shown, by name."""
        shown: dict[str, FormField] = {}
        before = ""
        for name in FIELDS:
            value, read = self.said.of(name), self.read.get(name)
            read = read if read and read.value == value else None
            is_same = read is not None and read.sentence == before
            shown[name] = FormField(
                name=name, value=value, read=read, problem=problems.get(name), is_same_sentence=is_same
            )
            before = read.sentence if read else before
        return shown


def form_of(found: Announcement, host: str | None = None, say: Callable[[str], str] = str) -> AddForm:
    """Return the form of what was read in an announcement, in a page of `host` if it was one; `say` translates."""
    said = found.fields()
    if (date := written_date(found.premiere)) is not None:
        said["premiere"] = date
    read = {name: _sentence(found, name, said[name], say) for name in found.evidence if name in said}
    sentence = read["premiere"].sentence if "premiere" in read else None
    return AddForm(said=SaidOfTitle(fields=said, sentence=sentence, host=host), read=read)


def _sentence(found: Announcement, name: str, value: str, say: Callable[[str], str]) -> ReadSentence:
    sure = Wording("%(percent)s sure", percent=f"{found.confidence[name]:.0%}") if name in found.confidence else ""
    by = _BY.get(str(found.readers.get(name, "")), "")
    inferred = _inferred(found.inferred) if name == "premiere" else ""
    return ReadSentence(
        value=value,
        sentence=found.evidence[name][:MOST_SAID],
        sure=say(clauses(each for each in (sure, inferred, by) if each)),
        is_doubtful=not found.is_sure_of(name) or str(found.readers.get(name, "")) == "second",
    )


def _inferred(parts: Sequence[str]) -> str:
    """Return which parts of a date were not written, but follow from the rest."""
    return _NOT_WRITTEN.get(frozenset(parts), "")


def written_date(when: When) -> str | None:
    """Return a date as people write it, and as it can be read again; None for one that is not known."""
    if when.on is not None and when.at is None:
        return ENGLISH.dated(when.on)
    if when.precision is Precision.MONTH and when.first_on is not None:
        return ENGLISH.month(when.first_on.year, when.first_on.month)
    if when.at is not None and when.zone is not None:
        return when.at.astimezone(when.zone).isoformat(timespec="minutes")
    return when.json()


def form_from(sent: MultiDict[str, str]) -> AddForm:
    """Return what a browser has sent back. Of a field that stands twice the last counts: a button's own."""
    said = {name: values[-1].strip() for name in FIELDS if (values := sent.getlist(name))}
    leads = sent.getlist("lead") if "leads" in sent else None
    read = {name: sentence for name in FIELDS if (sentence := _carried(sent, name)) is not None}
    date = read.get("premiere")
    is_as_read = date is not None and date.value == said.get("premiere")
    return AddForm(
        said=SaidOfTitle(
            fields=said,
            entry=sent.get("entry") or None,
            leads=leads,
            sentence=date.sentence if date and is_as_read else None,
            host=sent.get("host", "")[:MOST_HOST] or None,
        ),
        read=read,
    )


def _carried(sent: MultiDict[str, str], name: str) -> ReadSentence | None:
    sentence = sent.get(f"read-{name}", "")[:MOST_SAID]
    if not sentence:
        return None
    return ReadSentence(
        value=sent.get(f"was-{name}", ""),
        sentence=sentence,
        sure=sent.get(f"sure-{name}", "")[:80],
        is_doubtful=f"doubt-{name}" in sent,
    )


@dataclass(frozen=True, kw_only=True)
class LeadOption:
    """A lead that can be chosen: as the config spells it, in words, and whether it counts."""

    text: str
    words: str
    is_chosen: bool


def offered_leads(said: SaidOfTitle, usual: Leads, language: Language) -> list[LeadOption]:
    """Return the leads that somebody may choose from, the earliest first; at first their usual ones are chosen."""
    chosen = usual if said.leads is None else _readable(said.leads)
    known = {lead.key: lead for lead in (*map(Lead.parse, USUAL_LEADS), *usual, *chosen)}
    keys = {lead.key for lead in chosen}
    return [
        LeadOption(text=str(lead), words=lead_words(lead, language), is_chosen=lead.key in keys)
        for lead in sorted(known.values(), key=_minutes, reverse=True)
    ]


def _readable(leads: Sequence[str]) -> list[Lead]:
    found = []
    for text in leads:
        with suppress(LeadError):
            found.append(Lead.parse(text))
    return found


def _minutes(lead: Lead) -> float:
    """Return how long before the release a lead is, roughly; one at the moment of release comes after its day."""
    if lead.is_day_lead:
        return lead.amount * 24 * 60
    return lead.amount - 0.5
