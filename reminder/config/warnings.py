"""Warns of entries that are valid and will never send."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from reminder.config.build import listed_titles, title_of, uses_of
from reminder.config.draft import Draft, DraftPart
from reminder.config.names import nearest
from reminder.config.parsers import is_push, is_shared
from reminder.config.report import Report
from reminder.config.schema.titles import EntrySpec
from reminder.config.starter import quoted
from reminder.config.yaml.nodes import Loc
from reminder.core.dates.behind_name import date_behind
from reminder.core.dates.when import Precision
from reminder.core.dates.zones import fixed_offset
from reminder.core.model.lead import KINDS, Ladder, Lead, Measure
from reminder.core.schedule.season import season_warnings, unfold

CURLY: Final = "\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb"
SEASON_IN_NAME: Final = re.compile(
    r"(.{1,480}?),? (?:S|Season |Series |Staffel |Saison |Temporada )0?(\d{1,2})", re.IGNORECASE
)
NOBODYS: Final = re.compile(r"\.(?:example(?:\.(?:com|net|org))?|invalid|test|localhost)$")
"""Names that are nobody's (RFC 2606)."""
MOST_MONTHS: Final = 12
"""A lead of so few minutes may have been meant as months."""


def warn(made: Draft, report: Report) -> None:
    """Note what will never send in a draft without problems."""
    _warn_of_channels(made, report)
    _warn_of_people(made, report)
    _warn_of_mutes(made, report)
    _warn_of_hours_for_all(made, report)
    _warn_of_zones(made, report)
    for part in made.watch:
        _warn_of_title(part, report)


def _warn_of_channels(made: Draft, report: Report) -> None:
    if not made.channels:
        report.warning(("channels",), "there is none, so nothing can be sent: add one, such as screen: console://")
    for part in made.channels.values():
        if part.spec.join and made.top.spec.web is None and "web" not in made.top.bad:
            text = "people join on the page, which nothing serves: write web: {listen: 127.0.0.1:8484}"
            report.warning((*part.loc, "join"), text)
    _warn_of_contact(made, report)
    for (name, address), people in _users(made).items():
        if address is None and is_shared(made.channels[name].spec.url):
            continue  # it may serve those who are imported
        if not people:
            report.warning(("channels", name), "no subscriber uses it, so nothing is sent there")
        elif len(people) > 1:
            text = (
                f"it serves {_and(people)}: what concerns them all arrives there {len(people)} times; "
                "for a group that reads it together, list one subscriber"
            )
            report.warning(("channels", name), text)


def _warn_of_contact(made: Draft, report: Report) -> None:
    """A contact copied from an example: push services would be told an address at which nobody is."""
    contact = made.top.spec.web.contact if made.top.spec.web is not None and "web" not in made.top.bad else None
    if contact is None or not any(is_push(part.spec.url) for part in made.channels.values()):
        return
    host = urlsplit(contact).hostname or contact.rpartition("@")[2]
    if NOBODYS.search(f".{host.lower()}"):
        text = f"nobody is reached at {contact}, and push services are told it: write an address of your own"
        report.warning(("web", "contact"), text)


def _and(people: list[str]) -> str:
    return " and ".join(people) if len(people) <= 3 else f"{people[0]}, {people[1]} and {len(people) - 2} others"


def _users(made: Draft) -> dict[tuple[str, str | None], list[str]]:
    """Return who uses each channel, by its name and, where it is shared, their address."""
    shared = {name: is_shared(part.spec.url) for name, part in made.channels.items()}
    users: dict[tuple[str, str | None], list[str]] = {(name, None): [] for name in made.channels}
    for who, spec in made.people().items():
        for use in uses_of(spec, shared):
            users.setdefault((use.name, use.address), []).append(who)
    return users


def _warn_of_people(made: Draft, report: Report) -> None:
    for part in made.subscribers.values():
        if part.spec.channels == ():
            report.warning((*part.loc, "channels"), "the list is empty, so nothing reaches this subscriber")


def _warn_of_mutes(made: Draft, report: Report) -> None:
    """A muted title that is not listed; one that is added by command still counts, so it is no error."""
    listed = listed_titles(made)
    for part in (made.top, *made.subscribers.values()):
        for title in part.spec.mute or ():
            if listed.find(title):
                continue
            near = nearest(title, [part.spec.title for part in made.watch])
            hint = f'did you mean "{near}"?' if near else "it counts only for one added by command"
            report.warning(
                report.name_in((*part.loc, "mute"), title), f'no title listed here is called "{title}": {hint}'
            )


def _warn_of_hours_for_all(made: Draft, report: Report) -> None:
    """Hour leads meant for every title, where none of the titles has its hour."""
    known = {part.spec.premiere.precision for part in made.watch if part.spec.premiere is not None}
    if Precision.DAY not in known or Precision.EXACT in known:
        return
    for part in (made.top, *made.subscribers.values()):
        for lead in hour_leads(part.spec.remind):
            text = f'"{lead}" {_counts(lead)}, and none of the titles listed here has one'
            report.warning((*part.loc, "remind"), f"{text}: write days, or dates with their time and zone")


def _warn_of_title(part: DraftPart[EntrySpec], report: Report) -> None:
    if part.spec.for_ is not None and not part.spec.for_:
        report.warning((*part.loc, "for"), "the list is empty, so nobody is told")
    _warn_of_name(part, report)
    for text in season_warnings(title_of(part.spec)):
        report.warning((*part.loc, "follow"), text.removeprefix("follow: "))
    for loc, ladder in _own_ladders(part):
        for lead in hour_leads(ladder):
            if _has_days_only(part.spec):
                text = f'"{lead}" {_counts(lead)}, and only the day is known: write day, or the time'
                report.warning(loc, text)


def _warn_of_name(part: DraftPart[EntrySpec], report: Report) -> None:
    """A title with marks that are no part of it, or with its season in it: no source finds it so."""
    name, loc = part.spec.title, (*part.loc, "title")
    if name[0] in CURLY and name[-1] in CURLY:
        bare = name.strip(CURLY).strip()
        report.warning(loc, f"the quotation marks are a part of this title: if they are not meant, write {bare}")
    if cut := report.cut(loc):
        text = (
            "what begins with # is a comment, and no part of this title: "
            f'if it is meant, write "{name} {cut}" in quotes'
        )
        report.warning(loc, text)
    found = SEASON_IN_NAME.fullmatch(name)
    if found and part.spec.season is None:
        text = f"if this is season {int(found[2])} of {found[1]}, write title: {found[1]} and season: {int(found[2])}"
        report.warning(loc, text)
    if part.spec.premiere is None and (dated := date_behind(name)) and dated[2] is not None:
        bare, date, _ = dated
        report.warning(loc, f"if {date} is its date, write title: {quoted(bare)} and premiere: {quoted(date)}")


def _warn_of_zones(made: Draft, report: Report) -> None:
    """`Etc/GMT+5` is behind UTC, not ahead of it, and knows no summer time."""
    for part in (made.top, *made.subscribers.values()):
        zone = part.spec.timezone
        meant = fixed_offset(zone) if zone is not None else None
        if meant:
            text = f"{zone} is {meant} all the year; for the hours of a place write its name, such as Europe/Berlin"
            report.warning((*part.loc, "timezone"), text)


def _counts(lead: Lead) -> str:
    """Say what a lead counts from; of `1m` also what it means, for who took it for a month."""
    if str(lead).endswith("m") and 0 < lead.amount <= MOST_MONTHS:
        meant = "1 minute" if lead.amount == 1 else f"{lead.amount} minutes"
        return f"is {meant} ({30 * lead.amount}d for months), counted from the hour of a release"
    return "counts from the hour of a release"


def _own_ladders(part: DraftPart[EntrySpec]) -> list[tuple[Loc, Ladder | None]]:
    people = [((*part.loc, "for", name, "remind"), ladder) for name, ladder in (part.spec.for_ or {}).items()]
    return [((*part.loc, "remind"), part.spec.remind), *people]


def _has_days_only(spec: EntrySpec) -> bool:
    dated = {release.when.precision for release in unfold(title_of(spec)) if release.when.is_dated}
    return dated == {Precision.DAY}


def hour_leads(ladder: Ladder | None) -> tuple[Lead, ...]:
    """Return the leads that are counted in hours or minutes, each once; none when the ladder does not say."""
    leads = [lead for kind in KINDS if ladder for lead in getattr(ladder, kind) or ()]
    return tuple(dict.fromkeys(lead for lead in leads if lead.measure is Measure.MINUTES))
