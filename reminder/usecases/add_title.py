"""Adding a title: what a person would follow and hear first of it, before anything is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from reminder.config import Config
from reminder.core.dates.when import UNKNOWN
from reminder.core.errors import WrongInput
from reminder.core.model.entities import Subscriber, Title, title_key
from reminder.core.model.lead import Leads
from reminder.core.model.names import has_year
from reminder.core.model.source_options import NO_SOURCE, SourceOptions
from reminder.core.schedule.listing import ListedEntry
from reminder.core.sourcing.answers import Match, NoAnswer, SourceTitle, WorkForm
from reminder.core.sourcing.match import Plain, Unclear
from reminder.core.wording import Wording
from reminder.refresh.refresher import Refresher
from reminder.refresh.resolving import resolve_dates, understood
from reminder.store.followed import BY_PERSON, Pin, SourceState
from reminder.store.people import find_people
from reminder.usecases.first_message import FirstMessage, first_message
from reminder.usecases.propose import NoSource, SearchAnswer, named_for, search
from reminder.usecases.said_title import BY_HAND, SaidOfTitle, leads_of, read_fields
from reminder.usecases.standing import OPEN_STATES, StandingState, TitleStanding, is_another_work, standing_of


def matches_in(found: SearchAnswer) -> tuple[Match, ...]:
    """Return the entries that were found, the likeliest first."""
    if isinstance(found, Plain):
        return (found.match,)
    return found.matches if isinstance(found, Unclear) else ()


@dataclass(frozen=True, kw_only=True)
class AddProposal:
    """A title as one person would follow it; nothing of it is kept.

    `problems` are what is wrong, by field. Without any, `listing` is the title, with the dates of `match` if that is
    the entry that counts, or `silent` saying why it gave none; one that others watch is as it is for them. `found` is
    what the sources have under its name. `first` is the first message, else `silence` says as a clause why there is
    none; both are None where it cannot be followed, or is already. `leads` would count for its premiere.
    """

    said: SaidOfTitle
    problems: Mapping[str, str] = field(default_factory=dict)
    found: SearchAnswer = field(default_factory=NoSource)
    listing: ListedEntry | None = None
    match: Match | None = None
    silent: str | None = None
    standing: TitleStanding = field(default_factory=TitleStanding)
    leads: Leads = ()
    first: FirstMessage | None = None
    silence: str | None = None

    @property
    def matches(self) -> tuple[Match, ...]:
        """Return the entries to choose from, the one that counts or is plainly meant first."""
        chosen = [self.match] if self.match else []
        return tuple({match.id: match for match in (*chosen, *matches_in(self.found))}.values())

    @property
    def may_be_another(self) -> bool:
        """Tell whether something that is watched here may be meant instead, which the person has not denied yet."""
        return bool(self.standing.alike) and self.said.entry is None

    @property
    def is_by_hand_alone(self) -> bool:
        """Tell whether no source is asked about it, so that it has no date but the one that somebody writes."""
        return isinstance(self.found, NoSource)

    @property
    def is_undecided(self) -> bool:
        """Tell whether the person has to say first which entry is meant, or that none is."""
        return self.match is None and self.said.entry is None and not self.said.of("premiere") and bool(self.matches)


@dataclass(frozen=True, kw_only=True)
class _Heard:
    """What the sources say: all that they found, the entry whose dates count, and what it answers."""

    found: SearchAnswer
    match: Match | None
    answer: SourceTitle | NoAnswer | None


@dataclass(frozen=True, kw_only=True)
class TitleAdder:
    """Proposes titles to the people of one config, and asks the sources about them."""

    config: Config
    refresher: Refresher
    is_offline: bool = False

    def person(self, name: str) -> Subscriber:
        """Return the subscriber of this name. Raises WrongInput for nobody."""
        with self.refresher.store.read() as tx:
            found = find_people(tx, name)
        if not found:
            raise WrongInput(Wording('nobody is called "%(name)s"', name=name))
        return next(iter(found.values()))

    def propose(self, said: SaidOfTitle, name: str, now: datetime) -> AddProposal:
        """Return a title as the person of this name would follow it from `now` on. Raises WrongInput for nobody."""
        person = self.person(name)
        answer = self._answer(said.entry, now) if said.entry and said.follows_entry else None
        if answer is not None and not said.of("title"):
            if isinstance(answer, NoAnswer):
                problem = f"{said.entry}: {answer.reason}"
                return AddProposal(said=said, problems={"title": problem}, leads=leads_of(None, person))
            said = replace(said, fields={**said.fields, "title": answer.name})
        read = read_fields(said, person, self.config)
        if read.listing is None:
            return AddProposal(said=said, problems=read.problems, leads=leads_of(None, person))
        found = self._found(read.listing.title)
        match = _meant(said, found, answer)
        if match is not None and answer is None:
            answer = self._answer(match.id, now)
        heard = _Heard(found=found, match=match, answer=answer if match is not None else None)
        return self._proposal(said, read.listing, person, heard, now)

    def _answer(self, entry: str, now: datetime) -> SourceTitle | NoAnswer:
        name, _, ref = entry.partition(":")
        source = self.refresher.there.source(name, ref)
        if source is None:
            return NoAnswer(reason=Wording("%(name)s is switched off or not set up", name=name))
        return source.fetch(ref, now.date())

    def _found(self, title: Title) -> SearchAnswer:
        """Return what the sources have under the name of a title, whether or not its dates are written by hand."""
        asked = replace(title, source_options=title.source_options or SourceOptions())
        return search(asked, self.refresher.there, is_offline=self.is_offline)

    def _proposal(
        self, said: SaidOfTitle, listing: ListedEntry, person: Subscriber, heard: _Heard, now: datetime
    ) -> AddProposal:
        listing, standing = self._standing(_of_its_source(said, listing, heard), heard.match, person)
        listing = _as_it_stands(listing, standing, heard, now)
        first = self._first(listing, person, now) if standing.state in OPEN_STATES else None
        return AddProposal(
            said=said,
            found=heard.found,
            listing=listing,
            match=heard.match,
            silent=heard.answer.reason if isinstance(heard.answer, NoAnswer) else None,
            standing=standing,
            leads=leads_of(listing, person),
            first=first if isinstance(first, FirstMessage) else None,
            silence=first if isinstance(first, str) else None,
        )

    def _standing(
        self, listing: ListedEntry, match: Match | None, person: Subscriber
    ) -> tuple[ListedEntry, TitleStanding]:
        """Return how a title stands, under a name of its own if another work is watched under that name."""
        with self.refresher.store.read() as tx:
            if match is not None and is_another_work(tx, listing.title, match):
                listing = _with_year(listing, match)
            return listing, standing_of(tx, listing.title, match, person.name)

    def _first(self, listing: ListedEntry, person: Subscriber, now: datetime) -> FirstMessage | str:
        own, said = listing.followed_by([person.name]).get(person.name), self.config
        return first_message(listing.title, person, own, templates=said.templates, now=now, grace=said.grace)


def _meant(said: SaidOfTitle, found: SearchAnswer, answer: SourceTitle | NoAnswer | None) -> Match | None:
    """Return the entry whose dates count, None where none does or the person has to say which."""
    if said.entry == BY_HAND or (said.entry is None and said.of("premiere")):
        return None
    if said.entry is None:
        return found.match if isinstance(found, Plain) else None
    known = next((match for match in matches_in(found) if match.id == said.entry), None)
    return known or _match_of(said, answer)


def _match_of(said: SaidOfTitle, answer: SourceTitle | NoAnswer | None) -> Match:
    """Return an entry that was named by its id."""
    source, _, ref = str(said.entry).partition(":")
    if isinstance(answer, SourceTitle):
        about = {name: getattr(answer, name) for name in ("name", "form", "year", "country", "service", "link")}
        return Match(source=source, ref=ref, standing=answer.standing, **about)
    form = WorkForm.FILM if ref.startswith("movie/") else WorkForm.SERIES
    return Match(source=source, ref=ref, name=said.of("title"), form=form)


def _of_its_source(said: SaidOfTitle, listing: ListedEntry, heard: _Heard) -> ListedEntry:
    """Return a title whose dates are to come from its entry, or are left to whoever wrote them."""
    title = listing.title
    options = title.source_options or SourceOptions()
    if heard.match is not None:
        listing = replace(listing, title=replace(title, premiere=UNKNOWN, source_options=options))
        return named_for(listing, heard.match)
    if said.entry == BY_HAND and isinstance(heard.found, Plain) and title.source_options is not None:
        # Else it would be pinned to that one entry at the next look.
        return replace(listing, title=replace(title, source_options=replace(options, source=NO_SOURCE)))
    return listing


def _as_it_stands(listing: ListedEntry, standing: TitleStanding, heard: _Heard, now: datetime) -> ListedEntry:
    """Return a title with the dates that it has for those who watch it, else with those that its entry gives now."""
    if standing.state is StandingState.WATCHED and standing.kept is not None:
        return standing.kept.listing.joined_by(listing.followers or {})
    if heard.match is not None and isinstance(heard.answer, SourceTitle):
        return _dated(listing, heard.match, heard.answer, now)
    return listing


def _with_year(listing: ListedEntry, match: Match) -> ListedEntry:
    title = listing.title
    if match.year is None or has_year(title.name, match.year):
        return listing
    name = f"{title.name} ({match.year})"
    return replace(listing, title=replace(title, name=name, key=title_key(name, title.season)))


def _dated(listing: ListedEntry, match: Match, answer: SourceTitle, now: datetime) -> ListedEntry:
    """Return a title with the dates that its entry gives now."""
    title = listing.title
    pin = Pin(key=title.key, source=match.source, ref=match.ref, name=match.name, by=BY_PERSON, at=now)
    known = SourceState(pin=pin)
    dates = resolve_dates(title, known, [understood(answer, known, now.date())], now)
    return replace(listing, title=replace(title, sourced=dates.sourced))
