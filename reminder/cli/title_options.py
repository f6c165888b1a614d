"""The options by which `add` and `change` describe a title: one for each field of the config's model."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any

import typer

from reminder.cli import complete
from reminder.config.schema.spec import TitleOption, options_of
from reminder.config.schema.titles import EntrySpec

Said = dict[str, str | None]
"""What was said of a title, by the config's keys; None where nothing was."""


def title_options(*, is_for_change: bool) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return what gives a command's function the options of a title in place of its parameter `said`, which gets them.

    Without `is_for_change` the options are left out that are only for a title that is there already.
    """
    options = {
        f"said_{key}": (key, option)
        for key, option in options_of(EntrySpec).items()
        if is_for_change or not option.is_for_change
    }

    def decorate(function: Callable[..., None]) -> Callable[..., None]:
        @wraps(function)
        def command(**given: Any) -> None:
            said = {key: _as_text(given.pop(name)) for name, (key, _) in options.items()}
            function(**given, said=said)

        own = inspect.signature(function, eval_str=True).parameters
        names = [name for each in own for name in ([each] if each != "said" else options)]
        parameters = [
            _parameter(name, *options[name])
            if name in options
            else own[name].replace(kind=inspect.Parameter.KEYWORD_ONLY)
            for name in names
        ]
        vars(command)["__signature__"] = inspect.Signature(parameters)
        return command

    return decorate


def _parameter(name: str, key: str, option: TitleOption) -> inspect.Parameter:
    annotation: Any
    if option.is_flag:
        annotation = Annotated[bool | None, typer.Option(f"--{key}/--not-{key}", help=option.help)]
    else:
        completion = complete.words(*option.words) if option.words else None
        text = typer.Option(f"--{key}", metavar=option.metavar, help=option.help, autocompletion=completion)
        annotation = Annotated[str | None, text]
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)


def _as_text(said: str | bool | None) -> str | None:
    return str(said).lower() if isinstance(said, bool) else said
