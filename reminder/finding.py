"""Looking for a title: which entry of which source is plainly meant, and what there is to choose from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from reminder.core.match import Plain, Unclear, plainest
from reminder.core.model import Title, TitleKind
from reminder.core.source import Form, Match, NotFound, Silence
from reminder.core.wish import NO_SOURCE
from reminder.sources.build import Catalogues

NOBODY = "no source is set up for this: write sources: tmdb: {key: ${TMDB_TOKEN}} for films, or the date by hand"


def search_order(title: Title, there: Catalogues) -> list[str]:
    """Return the sources to ask for a title: the one it names, else TVmaze for series and TMDB for films."""
    wished = title.wish.source if title.wish else NO_SOURCE
    if wished:
        return [wished] if wished in there.sources else []
    names = ["tmdb"] if title.kind is TitleKind.FILM else ["tvmaze", "tmdb"]
    return [name for name in names if name in there.sources]


def is_askable(title: Title, there: Catalogues) -> bool:
    """Tell whether any source that is set up may be asked for a title."""
    pinned = title.wish.source if title.wish else None
    return bool(pinned and ":" in pinned) or bool(search_order(title, there))


def find(title: Title, there: Catalogues) -> Plain | Unclear | Silence:
    """Return the entry that a title plainly means, else what was found. A source that cannot answer is a Silence."""
    pinned = title.wish.source if title.wish else None
    if pinned and ":" in pinned:
        return _pinned(title, pinned)
    names = search_order(title, there)
    if not names:
        return NotFound(reason=NOBODY)
    found: list[Match] = []
    silence: Silence | None = None
    for name in names:
        matches = there.sources[name].search(title.name)
        if isinstance(matches, Silence):
            silence = replace(matches, reason=f"{name}: {matches.reason}")
            continue
        fitting = tuple(_fitting(matches, title))
        meant = plainest(title.name, fitting)
        if isinstance(meant, Plain):
            return meant
        found += fitting
        if meant.share_the_name:
            break  # another catalogue would only add more of them
    if not found and silence is not None:
        return silence
    return plainest(title.name, found)


def _pinned(title: Title, pinned: str) -> Plain:
    source, _, ref = pinned.partition(":")
    form = Form.FILM if ref.startswith("movie/") else Form.SERIES
    return Plain(match=Match(source=source, ref=ref, name=title.name, form=form), why="its id", by_id=True)


def _fitting(matches: Iterable[Match], title: Title) -> Iterable[Match]:
    """Leave out films where a series is meant, and the other way round."""
    wanted = {TitleKind.FILM: Form.FILM, TitleKind.SERIES: Form.SERIES}.get(title.kind) if title.kind else None
    is_series = title.season is not None
    for match in matches:
        if (wanted is None or match.form is wanted) and not (is_series and match.form is Form.FILM):
            yield match
