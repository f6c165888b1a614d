"""Options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

from reminder.cli import complete

Person = Annotated[
    str | None,
    typer.Option("--subscriber", metavar="NAME", help="Only for this person.", autocompletion=complete.people),
]
TitleName = Annotated[
    str | None,
    typer.Option("--title", metavar="TITLE", help="Only about this title.", autocompletion=complete.titles),
]
Named = Annotated[
    list[str],
    typer.Argument(metavar="TITLE", help="What it is called; no quotes needed.", autocompletion=complete.titles),
]
NewTitle = Annotated[list[str], typer.Argument(metavar="TITLE", help="What it is called; no quotes needed.")]
