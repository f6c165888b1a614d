"""The options by which `add` and `change` say what the config says of a title."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from reminder.cli import complete


def text(option: str, metavar: str, help_: str, *words: str) -> object:
    """Return an option that takes a text; `words` are what the shell completes it to."""
    return typer.Option(option, metavar=metavar, help=help_, autocompletion=complete.words(*words) if words else None)


Premiere = Annotated[
    str | None,
    text("--premiere", "WHEN", 'As exactly as it is known: "July 9, 2025", 2025-07, "Q3 2025", TBA.'),
]
Season = Annotated[str | None, text("--season", "N", "Which season.")]
Platform = Annotated[str | None, text("--platform", "TEXT", "Where it comes out.")]
Episodes = Annotated[str | None, text("--episodes", "N", "How many episodes the season has.")]
Drop_ = Annotated[
    str | None,
    text("--drop", "HOW", 'How they come out: all, weekly, daily, "2 then weekly".', "all", "weekly", "daily"),
]
Follow_ = Annotated[
    str | None,
    text(
        "--follow", "WHAT", "Which releases to hear of: episodes, premiere or finale.", "episodes", "premiere", "finale"
    ),
]
Remind = Annotated[str | None, text("--remind", "LEADS", "When to be told: 7d,1d,day.")]
For = Annotated[str | None, text("--for", "NAMES", "Who is told: asha,ravi. Default: everyone.")]
Id = Annotated[str | None, text("--id", "TEXT", "Tells two titles of one name apart.")]
Link = Annotated[str | None, text("--link", "URL", "A web address for the message.")]
Note = Annotated[str | None, text("--note", "TEXT", "A line of your own for the message.")]
Source = Annotated[str | None, text("--source", "ENTRY", "Where its dates come from: tvmaze:44933, or none.")]
When_ = Annotated[str | None, text("--when", "WHEN", "Corrects the date that the source gives.")]
Offset = Annotated[str | None, text("--offset", "SHIFT", "Shifts the hours that the source gives: +3h.")]
Service = Annotated[str | None, text("--service", "NAME", "The service on which you wait for it.")]
Kinds = Annotated[str | None, text("--kinds", "KINDS", "Which releases of a film count: cinema,digital.")]
Country = Annotated[str | None, text("--country", "CC", "Whose dates count for a film: US.")]
KindOf = Annotated[
    str | None,
    text("--kind", "KIND", "series, film, special, game or other.", "series", "film", "special", "game", "other"),
]

KEYS: Final = (
    "premiere",
    "season",
    "platform",
    "episodes",
    "drop",
    "follow",
    "remind",
    "for",
    "kind",
    "link",
    "note",
    "id",
    "source",
    "when",
    "offset",
    "service",
    "kinds",
    "country",
)
"""The config's keys that these options stand for, each called like its option."""
