"""One person's leads for one title, in words, and who has set them: the nearest wins (SPEC 2)."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from reminder.core.model.entities import Role, Title
from reminder.core.model.lead import DEFAULT_LADDER, Ladder, Leads
from reminder.core.model.ledger import Subscription
from reminder.core.schedule.listing import ListedEntry
from reminder.core.text.language import ENGLISH, Language
from reminder.core.text.leads import leads_words
from reminder.core.wording import Wording


class LeadsOrigin(enum.Enum):
    """Who has set the leads that count."""

    OWN = Wording("yours, for this title")
    LISTED = Wording("listed for you")
    TITLE = Wording("the title's")
    PERSON = Wording("yours, for everything")
    DEFAULT = Wording("the default")


@dataclass(frozen=True, kw_only=True)
class RoleLeads:
    """The leads for the releases of one role: as they are spelt, in words, and who has set them."""

    role: Role
    spelling: str
    words: str
    set_by: LeadsOrigin


def leads_of(
    sub: Subscription,
    own: Ladder | None,
    listing: ListedEntry,
    roles: frozenset[Role],
    language: Language = ENGLISH,
    *,
    is_listed: bool = False,
) -> tuple[RoleLeads, ...]:
    """Return a subscription's leads for the roles that its title's releases have, the premiere's first.

    `own` are those that the person has taken for the title. Leads for them that stand with the title are theirs as
    well, unless the config lists it.
    """
    name = sub.subscriber.name
    beside = listing.followed_by([name]).get(name)
    known = (own, LeadsOrigin.OWN), (beside, LeadsOrigin.LISTED if is_listed else LeadsOrigin.OWN)
    return tuple(_of_role(role, sub, listing.title, known, language) for role in Role if role in roles)


_Known = tuple[tuple[Ladder | None, LeadsOrigin], ...]
"""Leads of one person for one title, the nearest first, each with who has set them."""


def _of_role(role: Role, sub: Subscription, title: Title, own: _Known, language: Language) -> RoleLeads:
    leads = sub.ladder.of(role)
    return RoleLeads(
        role=role,
        spelling=", ".join(map(str, leads)),
        words=leads_words(leads, language),
        set_by=_set_by(role, own, title, sub, leads),
    )


def _set_by(role: Role, own: _Known, title: Title, sub: Subscription, leads: Leads) -> LeadsOrigin:
    for ladder, set_by in own:
        if ladder is not None and _says(ladder, role):
            return set_by
    if title.remind is not None and _says(title.remind, role):
        return LeadsOrigin.TITLE
    return LeadsOrigin.DEFAULT if leads == DEFAULT_LADDER.of(role) else LeadsOrigin.PERSON


def _says(ladder: Ladder, role: Role) -> bool:
    return str(role) in ladder.dump()
