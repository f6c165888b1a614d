"""The parts of a title's page: of much the nearest, what did not come by its reason, and leads to choose from."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from reminder.core.model.lead import Lead, Measure
from reminder.core.model.ledger import State
from reminder.core.text.language import Language
from reminder.core.text.leads import lead_words
from reminder.usecases.title_page.dates import ReleaseDate
from reminder.usecases.title_page.leads import RoleLeads
from reminder.usecases.title_page.messages import ChannelResult, HeardMessage, UnheardMessage

USUAL: Final = ("30d", "7d", "3d", "1d", "day")
"""The leads that can be ticked, beside those that somebody has."""

MOST_LINES: Final = 8
"""So many releases, changes and messages of the past stand open; the rest is folded."""

MOST_FOLDED: Final = 60
"""So many releases are shown in a fold: a daily show has hundreds."""

MINUTES_A_DAY: Final = 24 * 60


@dataclass(frozen=True, kw_only=True)
class SeasonParts:
    """The releases of a season: those that are over, those that stand open, and the later ones; of many, the nearest.

    `out` is how many are over, `left` how many come later.
    """

    over: Sequence[ReleaseDate] = ()
    ahead: Sequence[ReleaseDate] = ()
    later: Sequence[ReleaseDate] = ()
    out: int = 0
    left: int = 0


def fold(releases: Sequence[ReleaseDate]) -> SeasonParts:
    """Return the releases of a title as they are shown: the past and the far future are folded."""
    over = [item for item in releases if item.is_over]
    ahead = [item for item in releases if not item.is_over]
    later = ahead[MOST_LINES:]
    return SeasonParts(
        over=over[-MOST_FOLDED:],
        ahead=ahead[:MOST_LINES],
        later=later[:MOST_FOLDED],
        out=len(over),
        left=len(later),
    )


@dataclass(frozen=True, kw_only=True)
class SilentMessages:
    """Messages that did not come, or will not, for one reason: on which occasions, and when the first and last would.

    `first_at` is None for what can come at no time.
    """

    occasions: str
    release: str
    date: str
    reason: str
    channels: str
    first_at: datetime | None
    last_at: datetime | None
    is_lost: bool


def silent(unheard: Sequence[UnheardMessage], language: Language) -> list[SilentMessages]:
    """Return what did not come put together by its reason: a date that moved away has one line, not one a lead."""
    groups: dict[Hashable, list[UnheardMessage]] = {}
    for item in unheard:
        of_release = (item.release, item.date) if item.at is not None else None
        groups.setdefault((item.reason, of_release, item.channels, item.is_lost), []).append(item)
    return [_together(group, language) for group in groups.values()]


def _together(group: Sequence[UnheardMessage], language: Language) -> SilentMessages:
    first, last = group[0], group[-1]
    is_timed = first.at is not None
    return SilentMessages(
        occasions=language.listing(list(dict.fromkeys(item.occasion for item in group))),
        release=first.release if is_timed else "",
        date=first.date if is_timed else "",
        reason=first.reason,
        channels=language.listing(first.channels) if first.channels else "",
        first_at=first.at,
        last_at=last.at,
        is_lost=first.is_lost,
    )


@dataclass(frozen=True, kw_only=True)
class SentOver:
    """How one message went: over which channels it arrived, and what is to be said of the others."""

    channels: str
    others: tuple[ChannelResult, ...]


def sent_over(item: HeardMessage, language: Language) -> SentOver:
    """Return how a message went."""
    arrived = [result.channel for result in item.results if result.state is State.SENT and result.channel]
    others = tuple(result for result in item.results if result.state is not State.SENT)
    return SentOver(channels=language.listing(list(dict.fromkeys(arrived))) if arrived else "", others=others)


@dataclass(frozen=True, kw_only=True)
class TitleLead:
    """One lead that can be ticked, in words, and whether it is."""

    lead: str
    words: str
    is_chosen: bool


def choices_of(leads: RoleLeads, language: Language) -> list[TitleLead]:
    """Return the leads to choose from for the releases of one role, the longest first."""
    chosen = {Lead.parse(text) for text in leads.spelling.split(", ") if text}
    offered = {Lead.parse(text): None for text in USUAL} | dict.fromkeys(chosen)
    ordered = sorted(offered, key=_length, reverse=True)
    return [TitleLead(lead=str(lead), words=lead_words(lead, language), is_chosen=lead in chosen) for lead in ordered]


def _length(lead: Lead) -> float:
    if lead.measure is Measure.RELEASE:
        return 0.5
    return lead.amount * (MINUTES_A_DAY if lead.is_day_lead else 1)
