"""`web token`, `web tokens` and `web openapi`: what lets programs in, and what they may ask."""

from __future__ import annotations

import sys
from typing import Annotated, Any, Final

import typer

from reminder.cli import complete
from reminder.cli.context import asked
from reminder.cli.output import print_json, print_lines, print_table
from reminder.cli.table import Column
from reminder.cli.talk import say
from reminder.core.errors import WrongInput
from reminder.usecases.tokens import AccessToken, Scope, make_token, revoke_token, tokens_of

Row = dict[str, Any]

Person = Annotated[
    str | None,
    typer.Argument(metavar="PERSON", help="Whose token. Default: the owner's.", autocompletion=complete.people),
]


def token(
    context: typer.Context,
    who: Person = None,
    name: Annotated[
        str, typer.Option("--name", metavar="NAME", help="What it is for, such as the program that will use it.")
    ] = "",
    write: Annotated[bool, typer.Option("--write", help="Let it change something too, not only look.")] = False,
) -> None:
    """Make a token by which a program asks the API in somebody's name. It is shown once."""
    wanted = asked(context)
    app = wanted.app
    person = who or app.config.operator
    scope = Scope.WRITE if write else Scope.READ
    with app.changing() as tx:
        made = make_token(tx, person, name=name, scope=scope, now=app.clock.now())
    if wanted.json:
        print_json({"id": made.number, "person": person, "name": name, "scope": str(scope), "token": made.text})
        return
    print_lines(made.text)
    say(f"It lets a program {'look and change' if write else 'look'} as {person}, and is not shown again.")


def tokens(
    context: typer.Context,
    who: Person = None,
    revoke: Annotated[
        int | None, typer.Option("--revoke", metavar="ID", help="Take this one back, by its number in the list.")
    ] = None,
) -> None:
    """List the tokens of somebody, or take one back."""
    wanted = asked(context)
    app = wanted.app
    person = who or app.config.operator
    if revoke is not None:
        with app.changing() as tx:
            revoke_token(tx, person, revoke, app.clock.now())
        if not wanted.json:
            say(f"{revoke} lets nobody in any more.")
    with wanted.alone() as tx:
        rows = [_row(each) for each in tokens_of(tx, person) if each.scope != Scope.FEED]
    if wanted.json:
        print_json(rows)
    else:
        print_table(rows, _COLUMNS, empty=f"{person} has no token: `reminder web token --name NAME` makes one.")


def _row(each: AccessToken) -> Row:
    return {
        "id": each.id,
        "name": each.name,
        "scope": each.scope,
        "made_on": each.created_at.date().isoformat(),
        "used_on": each.used_on.isoformat() if each.used_on else None,
    }


_COLUMNS: Final = (
    Column(key="id", heading="id", style="dim"),
    Column(key="name", heading="name", style="bold"),
    Column(key="scope", heading="may"),
    Column(key="made_on", heading="made", whole=True),
    Column(key="used_on", heading="last used", whole=True),
)


def openapi(context: typer.Context) -> None:
    """Print the description of the API (OpenAPI), which the page serves at /api/openapi.json."""
    del context
    try:
        from reminder.web.api.routes import description
    except ImportError:
        raise WrongInput("the API needs more libraries: pip install 'release-reminder[web]'") from None
    sys.stdout.write(description())
