"""Writes out the subscribers who were imported, as `import` reads them back, given a transaction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from reminder.config.people import titles_of
from reminder.core.model.entities import Subscriber
from reminder.core.sourcing.attribution import credits_of
from reminder.store.bulk import export_people, listed_titles
from reminder.store.own import joined_names


@dataclass(frozen=True, kw_only=True)
class ExportedPerson:
    """An imported subscriber, their titles in words that are read back, and what the sources ask to be shown."""

    subscriber: Subscriber
    titles: tuple[str, ...]
    credits: str | None


def count_joined(tx: Connection) -> int:
    """Return how many people have joined by themselves: an import would make them other people, so none is exported."""
    return len(joined_names(tx))


def is_credited(tx: Connection) -> bool:
    """Tell whether the terms of a source ask for something to be shown beside any title."""
    return bool(credits_of(each.source for each in listed_titles(tx)))


def exported_people(tx: Connection) -> Iterator[ExportedPerson]:
    """Yield every imported subscriber."""
    listed = listed_titles(tx)
    known = titles_of((each.key, each.name, each.season) for each in listed)
    # The text where it means one title, else the key: both are read back.
    words = {each.id: each.name if known.find(each.name) == (each.key,) else each.key for each in listed}
    sources = {each.id: each.source for each in listed}
    for person in export_people(tx):
        titles = [id_ for id_ in person.titles if id_ in words]
        yield ExportedPerson(
            subscriber=person.subscriber,
            titles=tuple(words[id_] for id_ in titles),
            credits=credits_of(sources[id_] for id_ in titles),
        )
