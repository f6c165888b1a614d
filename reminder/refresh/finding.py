"""Searching for a title: which entry of which source is meant beyond doubt, or what there is to choose from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from reminder.core.model.entities import Title, TitleKind
from reminder.core.model.names import has_year, without_year
from reminder.core.model.source_options import NO_SOURCE
from reminder.core.sourcing.answers import Match, NoAnswer, NotFound, WorkForm
from reminder.core.sourcing.match import Plain, Unclear, plainest
from reminder.sources.build import Catalogues
from reminder.sources.source import Source

NOBODY = "no source is set up for this: write sources: tmdb: {key: ${TMDB_TOKEN}} for films, or the date by hand"


def search_order(title: Title, there: Catalogues) -> list[str]:
    """Return the sources to ask for a title: the one it names, else TVmaze for series and TMDB for films."""
    entry = title.source_options.source if title.source_options else NO_SOURCE
    if entry:
        return [entry] if entry in there.sources else []
    names = ["tmdb"] if title.kind is TitleKind.FILM else ["tvmaze", "tmdb"]
    return [name for name in names if name in there.sources]


def is_askable(title: Title, there: Catalogues) -> bool:
    """Tell whether any source that is set up may be asked for a title."""
    source, colon, ref = ((title.source_options.source if title.source_options else None) or "").partition(":")
    return there.source(source, ref) is not None if colon else bool(search_order(title, there))


def unserved(title: Title, there: Catalogues) -> str | None:
    """Return what a title lacks that nobody can be asked about; without any source at all nothing is said."""
    entry = (title.source_options.source if title.source_options else None) or ""
    if is_askable(title, there):
        return None
    if entry.partition(":")[0] == "tmdb" or (not entry and title.kind is TitleKind.FILM and there.sources):
        return NOBODY
    return f"{entry} is asked nothing: {entry.partition(':')[0]} is switched off or not set up" if entry else None


def find(title: Title, there: Catalogues, year: int | None = None) -> Plain | Unclear | NoAnswer:
    """Return the entry that a title plainly means, else what was found. A source that cannot answer is a Silence.

    `year` is that of the work, where it is known beside the name. While the source that comes first is silent, no
    other is taken for it: an entry once pinned stays.
    """
    pinned = title.source_options.source if title.source_options else None
    if pinned and ":" in pinned:
        return _pinned(title, pinned)
    names = search_order(title, there)
    if not names:
        return NotFound(reason=NOBODY)
    words = f"{title.name} ({year})" if year and not has_year(title.name, year) else title.name
    found: list[Match] = []
    for name in names:
        matches = _searched(there.sources[name], title.name, words)
        if isinstance(matches, NoAnswer):
            return plainest(words, found) if found else silence_of(name, matches)
        fitting = tuple(_fitting(matches, title))
        meant = plainest(words, fitting)
        if isinstance(meant, Plain):
            return meant
        found += fitting
        if meant.share_the_name:
            break  # another catalogue would only add more of them
    return plainest(words, found)


def silence_of(name: str, silence: NoAnswer) -> NoAnswer:
    """Return a silence with the name of the source whose it is."""
    return replace(silence, source=name, reason=f"{name}: {silence.reason}")


def _searched(source: Source, name: str, words: str) -> tuple[Match, ...] | NoAnswer:
    """Return what a source finds; of a name with a year behind it also without, for catalogues search names alone."""
    found = source.search(name)
    bare = without_year(name)
    if isinstance(found, NoAnswer) or bare is None or isinstance(plainest(words, found), Plain):
        return found
    more = source.search(bare)
    return more if isinstance(more, NoAnswer) else tuple({match.id: match for match in (*found, *more)}.values())


def _pinned(title: Title, pinned: str) -> Plain:
    source, _, ref = pinned.partition(":")
    form = WorkForm.FILM if ref.startswith("movie/") else WorkForm.SERIES
    return Plain(match=Match(source=source, ref=ref, name=title.name, form=form), why="its id", by_id=True)


def _fitting(matches: Iterable[Match], title: Title) -> Iterable[Match]:
    """Leave out films where a series is meant, and the other way round."""
    wanted = {TitleKind.FILM: WorkForm.FILM, TitleKind.SERIES: WorkForm.SERIES}.get(title.kind) if title.kind else None
    is_series = title.season is not None
    for match in matches:
        if (wanted is None or match.form is wanted) and not (is_series and match.form is WorkForm.FILM):
            yield match
