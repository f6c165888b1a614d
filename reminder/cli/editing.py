"""`add`, `change`, `remove`, `mute` and `unmute`: the titles that the config does not list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from reminder.cli.context import Asked, asked
from reminder.cli.options import Named, NewTitle, Person
from reminder.cli.output import draw, print_json, print_lines
from reminder.cli.registry import TITLES, add
from reminder.cli.titles import ours_to_change, place_of
from reminder.errors import WrongInput

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from reminder.cli.next import Next
    from reminder.core.listing import Listing
    from reminder.store.desk import Kept


def _text(option: str, metavar: str, help_: str) -> object:
    return typer.Option(option, metavar=metavar, help=help_)


Premiere = Annotated[
    str | None,
    _text("--premiere", "WHEN", 'As exactly as it is known: "July 9, 2025", 2025-07, "Q3 2025", TBA.'),
]
Season = Annotated[str | None, _text("--season", "N", "Which season.")]
Platform = Annotated[str | None, _text("--platform", "TEXT", "Where it comes out.")]
Episodes = Annotated[str | None, _text("--episodes", "N", "How many episodes the season has.")]
Drop_ = Annotated[str | None, _text("--drop", "HOW", 'How they come out: all, weekly, daily, "2 then weekly".')]
Follow_ = Annotated[str | None, _text("--follow", "WHAT", "Which releases to hear of: episodes, premiere or finale.")]
Remind = Annotated[str | None, _text("--remind", "LEADS", "When to be told: 7d,1d,day.")]
For = Annotated[str | None, _text("--for", "NAMES", "Who is told: asha,ravi. Default: everyone.")]
Id = Annotated[str | None, _text("--id", "TEXT", "Tells two titles of one name apart.")]
Link = Annotated[str | None, _text("--link", "URL", "A web address for the message.")]
Note = Annotated[str | None, _text("--note", "TEXT", "A line of your own for the message.")]
KindOf = Annotated[str | None, _text("--kind", "KIND", "series, film, special, game or other.")]


def register(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    add(app, "add", add_, TITLES)
    add(app, "change", change, TITLES)
    add(app, "remove", remove, TITLES)
    add(app, "mute", mute, TITLES)
    add(app, "unmute", unmute, TITLES)


def add_(
    context: typer.Context,
    title: NewTitle,
    premiere: Premiere = None,
    season: Season = None,
    platform: Platform = None,
    episodes: Episodes = None,
    drop: Drop_ = None,
    follow: Follow_ = None,
    remind: Remind = None,
    for_: For = None,
    kind: KindOf = None,
    link: Link = None,
    note: Note = None,
    id_: Id = None,
) -> None:
    """Watch a title that the config does not list."""
    said = {
        "title": " ".join(title),
        "premiere": premiere,
        "season": season,
        "platform": platform,
        "episodes": episodes,
        "drop": drop,
        "follow": follow,
        "remind": remind,
        "for": for_,
        "kind": kind,
        "link": link,
        "note": note,
        "id": id_,
    }
    add_title(asked(context), said)


def add_title(wanted: Asked, said: dict[str, str | None]) -> None:
    """Watch the title that `said` describes, as a config spells each key, and say its next message. Raises WrongInput."""
    listing = _read(wanted, said)
    with wanted.app.changing() as tx:
        _must_be_free(wanted, tx, listing)
        coming = _put(wanted, tx, listing)
    _tell(wanted, listing, coming, "Added")


def change(
    context: typer.Context,
    title: Named,
    new_title: Annotated[str | None, _text("--title", "TEXT", "What it is called from now on.")] = None,
    premiere: Premiere = None,
    season: Season = None,
    platform: Platform = None,
    episodes: Episodes = None,
    drop: Drop_ = None,
    follow: Follow_ = None,
    remind: Remind = None,
    for_: For = None,
    kind: KindOf = None,
    link: Link = None,
    note: Note = None,
    id_: Id = None,
    cancelled: Annotated[
        bool | None, typer.Option("--cancelled/--not-cancelled", help="Whether it will not come out.")
    ] = None,
) -> None:
    """Change a title that was added by command.

    What is not said stays; an empty text ("") takes back what was said before.
    """
    said = {
        "title": new_title,
        "premiere": premiere,
        "season": season,
        "platform": platform,
        "episodes": episodes,
        "drop": drop,
        "follow": follow,
        "remind": remind,
        "for": for_,
        "kind": kind,
        "link": link,
        "note": note,
        "id": id_,
        "cancelled": None if cancelled is None else str(cancelled).lower(),
    }
    wanted = asked(context)
    if all(value is None for value in said.values()):
        raise WrongInput("nothing to change was said: `reminder change --help` lists what can be")
    with wanted.app.changing() as tx:
        found = ours_to_change(tx, wanted.app.config, title)
        listing = _read(wanted, said, found.listing)
        _rekey(wanted, tx, found, listing)
        coming = _put(wanted, tx, listing)
    _tell(wanted, listing, coming, "Changed")


def _read(wanted: Asked, said: dict[str, str | None], before: Listing | None = None) -> Listing:
    from reminder.config.entry import read_listing

    people = [person.name for person in wanted.app.config.subscribers]
    written = {key: text for key, text in said.items() if text is not None}
    if not written.get("title", "-").strip():
        raise WrongInput("--title: this is empty: write what it is called" if before else "write what it is called")
    return read_listing(written, people, wanted.zone, before)


def _must_be_free(wanted: Asked, tx: Connection, listing: Listing) -> None:
    """Raise WrongInput when a title of this key is watched already."""
    from reminder.store.desk import kept_titles

    title = listing.title
    place = place_of(wanted.app.config, title.key)
    if place is not None:
        raise WrongInput(f"{title.name} is listed at {place}: change it there, or tell two works apart with --id")
    if any(item.listing.title.key == title.key for item in kept_titles(tx)):
        raise WrongInput(f"{title.name} is watched already: `reminder change` changes it; --id tells two works apart")


def _rekey(wanted: Asked, tx: Connection, found: Kept, listing: Listing) -> None:
    """Let a title that is called something else from now on keep its history."""
    from reminder.store.desk import kept_titles, rename

    key = listing.title.key
    if key == found.listing.title.key:
        return
    place = place_of(wanted.app.config, key)
    if place or any(item.listing.title.key == key for item in kept_titles(tx, ended=True)):
        raise WrongInput(f"{listing.title.name} is {f'listed at {place}' if place else 'known'} already: add an --id")
    rename(tx, found.id, key)


def _put(wanted: Asked, tx: Connection, listing: Listing) -> Next:
    from reminder.cli.next import next_messages
    from reminder.store.desk import put

    app = wanted.app
    put(tx, listing, app.clock.now(), app.config.grace)
    return next_messages(wanted, tx, [listing])[listing.title.key]


def _tell(wanted: Asked, listing: Listing, coming: Next, done: str) -> None:
    from rich.text import Text

    from reminder.cli.dates import date_of
    from reminder.cli.rows import when_fields

    title = listing.title
    if wanted.json:
        fields = {"title": title.name, "key": title.key, "season": title.season, **when_fields(title.premiere)}
        print_json({**fields, "next": coming.row, "next_reason": coming.reason})
        return
    season = "" if title.season is None else f" season {title.season}"
    draw(Text.assemble(f"{done} ", (f"{title.name}{season}", "bold"), f": {date_of(title.premiere, wanted.zone)}."))
    draw(Text(f"Next: {coming.text(wanted)}"))
    if coming.row:
        draw(Text(f"      {coming.row['subject']}", style="bold"))


def remove(context: typer.Context, title: Named) -> None:
    """Stop watching a title that was added by command."""
    from reminder.store import desk

    wanted = asked(context)
    with wanted.app.changing() as tx:
        found = ours_to_change(tx, wanted.app.config, title, "remove it there")
        desk.remove(tx, found.id, wanted.app.clock.now())
    if wanted.json:
        print_json({"title": found.listing.title.name, "key": found.listing.title.key})
    else:
        print_lines(f"{found.listing.title.name} is no longer watched.")


def mute(context: typer.Context, title: Named, subscriber: Person = None) -> None:
    """Be silent about a title that was added by command."""
    _set_muted(asked(context), title, subscriber, muted=True)


def unmute(context: typer.Context, title: Named, subscriber: Person = None) -> None:
    """Speak again about a muted title."""
    _set_muted(asked(context), title, subscriber, muted=False)


def _set_muted(wanted: Asked, words: list[str], subscriber: str | None, *, muted: bool) -> None:
    from reminder.store import desk

    wanted.check_person(subscriber)
    now = wanted.app.clock.now()
    with wanted.app.changing() as tx:
        found = ours_to_change(tx, wanted.app.config, words, "change `mute:` there")
        title = found.listing.title
        names = desk.mute(tx, found.id, subscriber, now if muted else None, now)
    if not names:
        raise WrongInput(f"{subscriber or 'nobody'} does not follow {title.name}")
    in_config = [person.name for person in wanted.app.config.subscribers if title.key in person.muted]
    if wanted.json:
        print_json({"title": title.name, "key": title.key, "subscribers": list(names), "muted": muted})
        return
    print_lines(f"{title.name} is {'muted' if muted else 'no longer muted'} for {', '.join(names)}.")
    still = [name for name in in_config if name in names]
    if still and not muted:
        print_lines(f"The config still mutes it for {', '.join(still)}.")
