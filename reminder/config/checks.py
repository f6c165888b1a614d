"""Contradictions between keys: names that lead nowhere, sending hours within quiet hours, titles listed twice."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Final

from reminder.config.build import at_of, quiet_of, title_of
from reminder.config.draft import Draft, DraftPart
from reminder.config.names import did_you_mean
from reminder.config.parsers import is_shared
from reminder.config.report import Report
from reminder.config.schema.people import Settings, Use
from reminder.config.schema.titles import EntrySpec
from reminder.config.schema.whole import TopSpec
from reminder.config.sourcing import calendar_name, contradictions
from reminder.config.web import answers_browsers, keep_to_this_machine
from reminder.config.yaml.nodes import Loc
from reminder.core.dates.local_time import show_time
from reminder.core.model.channels import base_name
from reminder.core.model.entities import ADDRESS
from reminder.core.schedule.season import season_problems
from reminder.core.wording import KeyProblem

EVERYBODY: Final = frozenset({"all", "everyone", "everybody", "anyone", "*", "any"})
SEVERAL: Final = re.compile(r"[,;&+]|\band\b")
HOURS: Final = frozenset({"at", "quiet_hours"})


def check(made: Draft, report: Report) -> None:
    """Note every contradiction in a draft as a problem; what rests on a key that could not be read is let pass."""
    _names_exist(made, report)
    _channels_can_be_joined(made, report)
    _hours_are_awake(made, report)
    _titles_are_told_apart(made, report)
    _calendars_are_told_apart(made, report)
    keep_to_this_machine(made, report)
    answers_browsers(made, report)
    for part in made.watch:
        if not part.bad & {"premiere", "episodes", "drop"}:
            for problem in season_problems(title_of(part.spec)):
                said = problem.said if isinstance(problem, KeyProblem) else problem
                report.problem((*part.loc, "drop"), said)
        for key, text in contradictions(part.spec):
            report.problem((*part.loc, key), text)


def _names_exist(made: Draft, report: Report) -> None:
    people = made.people()
    if made.top.spec.operator is not None:
        _exist([made.top.spec.operator], "subscriber", people, ("operator",), made, report)
    for entry in made.watch:
        _exist(entry.spec.for_ or (), "subscriber", people, (*entry.loc, "for"), made, report)
    for person in made.subscribers.values():
        uses = person.spec.channels or ()
        _exist((use.name for use in uses), "channel", made.channels, (*person.loc, "channels"), made, report)
        _addresses_fit(uses, (*person.loc, "channels"), made, report)


def _channels_can_be_joined(made: Draft, report: Report) -> None:
    """People bring an address only where there is a place for one; a name with a number is a further address."""
    for name, part in made.channels.items():
        if base_name(name) != name:
            text = f'"{name}" is what a second address on {base_name(name)} is called: give the channel another name'
            report.problem(part.loc, text, key=True)
        if part.spec.join and not part.bad & {"url", "join"} and not is_shared(part.spec.url):
            text = f"its URL has no place for people's own address: write {ADDRESS} there, or leave join out"
            report.problem((*part.loc, "join"), text, key=True)
        if part.spec.bot and not part.bad & {"url", "bot"} and not _is_shared_bot(part.spec.url):
            text = f"only a bot of Telegram that people share takes commands: url: tgram://TOKEN/{ADDRESS}"
            report.problem((*part.loc, "bot"), text, key=True)

    _bots_are_read_for_one(made, report)


def _is_shared_bot(url: str) -> bool:
    return url.lower().startswith("tgram://") and is_shared(url)


def _bots_are_read_for_one(made: Draft, report: Report) -> None:
    """What people write to a bot is read for one channel: Telegram tells each message once."""
    first: dict[str, str] = {}
    for name, part in made.channels.items():
        is_read = (part.spec.bot or part.spec.join) and not part.bad & {"url", "bot", "join"}
        if not is_read or not _is_shared_bot(part.spec.url):
            continue
        other = first.setdefault(part.spec.url.partition(ADDRESS)[0], name)
        if other != name:
            text = f'"{other}" reads what people write to this bot already: leave bot and join to one of the two'
            report.problem((*part.loc, "bot" if part.spec.bot else "join"), text, key=True)


def _addresses_fit(uses: Iterable[Use], loc: Loc, made: Draft, report: Report) -> None:
    """A shared channel needs an address, any other has its own; and one person has one address on each."""
    seen: set[str] = set()
    for use in uses:
        place = report.name_in(loc, use.name)
        if use.name in seen and use.address is not None:
            report.problem(place, f'"{use.name}" is listed twice: write one address for each channel')
        seen.add(use.name)
        channel = made.channels.get(use.name)
        if channel is None or "url" in channel.bad:
            continue
        shared = is_shared(channel.spec.url)
        if shared and use.address is None:
            report.problem(place, f'"{use.name}" is shared, its URL holds {ADDRESS}: write {{{use.name}: ADDRESS}}')
        elif not shared and use.address is not None:
            report.problem(place, f'"{use.name}" has its own address: write {use.name} alone, or {ADDRESS} in its URL')


def _exist(names: Iterable[str], what: str, known: Collection[str], loc: Loc, made: Draft, report: Report) -> None:
    if f"{what}s" in made.bad:
        return
    for name in names:
        if name not in known:
            hint = _meant(name, what, known, loc) or (did_you_mean(name, known) if known else f"add it under {what}s:")
            text = f'there is no {what} "{name}": {hint}'
            report.problem(report.name_in(loc, name), text, key=report.holds_mapping(loc))


def _meant(name: str, what: str, known: Collection[str], loc: Loc) -> str | None:
    """Return what to write for a name that is no name: a word for everybody, or several names in one text."""
    if what == "subscriber" and loc[-1] == "for" and name.casefold() in EVERYBODY:
        return "leave `for` out, then everybody is told"
    parts = [part.strip() for part in SEVERAL.split(name)]
    return f"write [{', '.join(parts)}]" if len(parts) > 1 and all(part in known for part in parts) else None


def _hours_are_awake(made: Draft, report: Report) -> None:
    """A sending hour inside quiet hours is an error (SPEC 2), told once, where the nearer of the two is written."""
    wrong: set[Loc] = set()
    for part in made.subscribers.values() or [made.top]:
        says = part.spec.at is not None or part.spec.quiet_hours is not None
        owner = part if says else made.top
        if owner.loc not in wrong and _are_readable(part, made.top) and _is_asleep(owner, made.top.spec, report):
            wrong.add(owner.loc)


def _are_readable(part: DraftPart[Settings], top: DraftPart[TopSpec]) -> bool:
    """Tell whether both hours that count for someone could be read."""
    own = {key for key in HOURS if getattr(part.spec, key) is not None}
    return not part.bad & HOURS and not top.bad & (HOURS - own)


def _is_asleep(part: DraftPart[Settings], top: TopSpec, report: Report) -> bool:
    at, quiet = at_of(part.spec, top), quiet_of(part.spec, top)
    if quiet is None or not quiet.contains(at):
        return False
    key = "at" if part.spec.at is not None else "quiet_hours"
    text = f"the sending hour {show_time(at)} lies inside the quiet hours {quiet}: move one of them"
    report.problem((*part.loc, key), text)
    return True


def _titles_are_told_apart(made: Draft, report: Report) -> None:
    first: dict[str, DraftPart[EntrySpec]] = {}
    for part in made.watch:
        if part.bad & {"title", "id", "season"}:
            continue
        other = first.setdefault(title_of(part.spec).key, part)
        if other is not part:
            report.problem(*_twice(part, report.place(other.loc)[0]))


def _calendars_are_told_apart(made: Draft, report: Report) -> None:
    """A calendar's name stands in the entries of its titles, before a slash."""
    if "calendars" in made.top.bad:
        return
    names: list[str] = []
    for number, spec in enumerate(made.top.spec.calendars or ()):
        name = calendar_name(spec, number)
        if "/" in name:
            report.problem(("calendars", number, "name"), f'"{name}": a calendar\'s name holds no slash')
        elif name in names:
            place = ("calendars", number, "name") if spec.name else ("calendars", number)
            report.problem(place, f'"{name}" stands for another calendar already: give this one another name')
        names.append(name)
    for part in made.watch:
        kind, _, ref = (part.spec.source or "").partition(":")
        if kind == "ical" and "source" not in part.bad:
            _exist([ref.partition("/")[0]], "calendar", names, (*part.loc, "source"), made, report)


def _twice(part: DraftPart[EntrySpec], line: int) -> tuple[Loc, str]:
    if part.spec.id is not None:
        return (*part.loc, "id"), f'"{part.spec.id}" already stands for the title on line {line}: write another id'
    season = "" if part.spec.season is None else f" season {part.spec.season}"
    text = f'"{part.spec.title}"{season} is already listed on line {line}: if they are two works, give one an id'
    return (*part.loc, "title"), text
