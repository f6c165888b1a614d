"""What somebody fills into the fields of a title, read by the rules of the config, each problem by its field."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from reminder.config import Config
from reminder.config.entry import KEY, read_listing, with_config_options
from reminder.core.dates.when import UNKNOWN, When
from reminder.core.errors import WrongInput
from reminder.core.model.entities import Subscriber
from reminder.core.model.lead import Ladder, LeadError, Leads
from reminder.core.schedule.listing import ListedEntry, ReadDate
from reminder.core.schedule.season import DROP_HINT
from reminder.core.wording import KeyProblem, Wording, wording_of
from reminder.store.writer import effective_ladder

FIELDS: Final = ("title", "premiere", "platform", "season", "episodes", "drop", "kind", "note", "link")
"""What can be said of a title here, by the config's words."""
BY_HAND: Final = "hand"
"""What stands for an entry where the dates are those that were written, or none."""
OF_ENTRY: Final = frozenset({"premiere", "episodes", "drop"})
"""What an entry says itself, in place of what was written."""

_OPTION: Final = re.compile(r"--([a-z]+)")


@dataclass(frozen=True, kw_only=True)
class SaidOfTitle:
    """What a person said of a title: by the config's words, each as the config spells it.

    `entry` is the entry of a source whose dates count, `BY_HAND` for what was written, None where that was not said.
    `leads` are the person's own for this title, None for those that they have anyway. `sentence` is what its date was
    read from, `host` that of the page in which it stands.
    """

    fields: Mapping[str, str]
    entry: str | None = None
    leads: Sequence[str] | None = None
    sentence: str | None = None
    host: str | None = None

    def of(self, name: str) -> str:
        """Return what was written into a field, empty for nothing."""
        return self.fields.get(name, "").strip()

    @property
    def follows_entry(self) -> bool:
        """Tell whether an entry of a source was said to count."""
        return self.entry not in {None, BY_HAND}


@dataclass(frozen=True, kw_only=True)
class ReadTitle:
    """A title as its fields were read, None where they are wrong; `problems` then say what is, by field."""

    listing: ListedEntry | None
    problems: Mapping[str, str] = field(default_factory=dict)


def read_fields(said: SaidOfTitle, person: Subscriber, config: Config) -> ReadTitle:
    """Return the title that was described, followed by one person. A time without a zone is in this person's."""
    left_out = OF_ENTRY if said.follows_entry else frozenset[str]()
    written = {name: said.of(name) for name in FIELDS if said.of(name) and name not in left_out}
    problems: dict[str, str] = {}
    if "title" not in written:
        problems["title"] = Wording("write what it is called")
    own = _own_leads(said, problems)
    listing = _listed(written, person, problems)
    if listing is None or problems:
        return ReadTitle(listing=None, problems=problems)
    own = None if own == leads_of(listing, person) else own
    ladder = None if own is None else Ladder.parse([str(lead) for lead in own])
    listing = ListedEntry(
        title=listing.title, followers={person.name: ladder}, read_from=_read_from(said, listing.title.premiere)
    )
    return ReadTitle(listing=with_config_options(listing, config, own_kinds=False))


def _read_from(said: SaidOfTitle, when: When) -> ReadDate | None:
    """Return where a date was read, None for one that was not."""
    if not said.sentence or when == UNKNOWN:
        return None
    return ReadDate(when=when, sentence=said.sentence, host=said.host)


def leads_of(listing: ListedEntry | None, person: Subscriber) -> Leads:
    """Return the leads that count for the premiere of a title, or of any, for one person."""
    if listing is None:
        return person.remind.of("premiere")
    own = listing.followed_by([person.name]).get(person.name)
    return effective_ladder(own, listing.title, person).of("premiere")


def _listed(written: Mapping[str, str], person: Subscriber, problems: dict[str, str]) -> ListedEntry | None:
    """Return the title that these fields describe; None, and what is wrong with each, where they cannot be read."""
    try:
        return read_listing({"title": "?", **written}, [person.name], person.zone)
    except WrongInput as error:
        problems |= dict(_by_field(text) for text in reversed(error.problems))
    return None


def _own_leads(said: SaidOfTitle, problems: dict[str, str]) -> Leads | None:
    try:
        return None if said.leads is None else Ladder.parse(said.leads).premiere or ()
    except LeadError as error:
        problems["remind"] = wording_of(error)
        return None


def _by_field(text: str) -> tuple[str, str]:
    """Return the field that a problem of `add` is about, and the problem without options of the command line."""
    if not isinstance(text, KeyProblem):
        return "title", _OPTION.sub(r"\1", text)
    name, said = text.key.removeprefix("--").partition(".")[0], text.said
    if name == "drop" and not isinstance(said, Wording):
        said = DROP_HINT  # what is wrong with a list, as YAML says it, is for who writes configs
    elif not isinstance(said, Wording):
        said = _OPTION.sub(r"\1", said)
    elif KEY in said.values:
        said = said.with_values(key=str(said.values[KEY]).removeprefix("--"))
    return (name if name in FIELDS else "title"), said
