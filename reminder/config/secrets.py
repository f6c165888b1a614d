"""`${NAME}` and `${NAME:quoted}`: from the environment, else from the places where a service keeps its secrets.

What comes out may hold secrets: it is a `Secret`, and no message here shows a value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote

from reminder.core.model.secret import Secret, Unquoted

#: a dollar and what follows it: $$, ${...} closed or not, $ before anything else
DOLLAR: Final = re.compile(r"\$(?:(?P<dollar>\$)|\{(?P<inside>[^}]*)(?P<close>\}?)|)")
NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
MAX_CREDENTIAL: Final = 64 * 1024
REMEDY: Final = "set it in the environment, or as a systemd credential"


class BadDollar(ValueError):
    """A `$` that stands for nothing; the text says what to write."""


@dataclass(frozen=True, kw_only=True)
class Expanded:
    """A text with its secrets in place; `text` is None when one is missing, and `problem` says which and why."""

    text: Secret | None
    problem: str | None = None
    names: tuple[str, ...] = ()
    unquoted: tuple[Unquoted, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Secrets:
    """Looks secrets up: in the environment first, then in each of `places` in turn.

    A place that is a folder holds a file for each secret; one that is a file holds lines NAME=VALUE, as systemd's
    EnvironmentFile= reads them. `remedy` says what to do about one that is in none of them.
    """

    environ: Mapping[str, str]
    places: tuple[Path, ...] = ()
    remedy: str = REMEDY

    def look_up(self, name: str) -> str | None:
        """Return the secret, None when it is nowhere. Raises OSError, UnicodeDecodeError for a bad file."""
        if self.environ.get(name):
            return self.environ[name]
        found = (_in_folder(place, name) if place.is_dir() else _in_file(place, name) for place in self.places)
        return next((value for value in found if value), None)

    def expand(self, template: str) -> Expanded:
        """Return the template with every `${NAME}` filled in. Raises BadDollar, whatever the secrets are."""
        check_dollars(template)
        names = tuple(dict.fromkeys(_names(template)))
        values: dict[str, str] = {}
        problems = [problem for name in names if (problem := self._fetch(name, values)) is not None]
        if problems:
            return Expanded(text=None, problem=f"{', '.join(problems)}: {self.remedy}", names=names)
        text = DOLLAR.sub(_filler(values), template)
        loose = [
            name for name in names if _may_part(values[name]) and not text.strip().startswith(_whole(values[name]))
        ]
        unquoted = (
            Unquoted(name=name, url=Secret(text), quoted=Secret(DOLLAR.sub(_filler(values, quoted=name), template)))
            for name in loose
            if f"${{{name}}}" in template
        )
        return Expanded(text=Secret(text), names=names, unquoted=tuple(unquoted))

    def _fetch(self, name: str, values: dict[str, str]) -> str | None:
        """Put the secret among the values, else return why it cannot be had."""
        try:
            value = self.look_up(name)
            if value is not None:
                value.encode()
        except OSError as error:
            return f"{name} cannot be read ({error.strerror})"
        except UnicodeError:
            return f"{name} is not UTF-8 text"
        if value is None:
            return f"{name} is {'empty' if name in self.environ else 'not set'}"
        values[name] = value
        return None


def _in_folder(folder: Path, name: str) -> str | None:
    """Return what the file NAME holds, or `reminder_NAME`, as our unit's LoadCredential= of a directory names it."""
    for file in (folder / name, folder / f"reminder_{name}"):
        if file.exists():
            with file.open("rb") as opened:
                return opened.read(MAX_CREDENTIAL).decode().rstrip("\r\n") or None
    return None


def _in_file(file: Path, name: str) -> str | None:
    """Return the value of the last line NAME=VALUE, None when there is none."""
    if not file.exists():
        return None
    with file.open("rb") as opened:
        lines = opened.read(MAX_CREDENTIAL).decode("utf-8-sig").splitlines()
    said = [line.partition("=") for line in lines if not line.lstrip().startswith(("#", ";"))]
    values = [_unquoted(value.strip()) for key, _, value in said if key.strip() == name]
    return values[-1] if values else None


def names_in(place: Path) -> set[str]:
    """Return the names of the secrets in a folder or a file; none where it cannot be read."""
    try:
        if place.is_dir():
            return {file.name for file in place.iterdir()}
        lines = place.read_text(encoding="utf-8-sig").splitlines() if place.exists() else []
    except (OSError, UnicodeDecodeError):
        return set()
    return {line.partition("=")[0].strip() for line in lines if "=" in line}


def secret_line(name: str, value: str) -> str:
    """Return the line of a file that holds a secret, in quotes, as `look_up` and systemd's EnvironmentFile= read it."""
    quoted = re.sub(r'([\\"])', r"\\\1", value)
    return f'{name}="{quoted}"\n'


def _unquoted(value: str) -> str:
    """Return a value without the quotes around it; a backslash in double quotes takes the next sign as it stands."""
    if len(value) < 2 or value[0] != value[-1] or value[0] not in "'\"":
        return value
    inside = value[1:-1]
    return inside if value[0] == "'" else re.sub(r"\\(.)", r"\1", inside)


def check_dollars(template: str) -> None:
    """Raise BadDollar when a `$` in the template is neither `${NAME}`, `${NAME:quoted}` nor `$$`."""
    for found in DOLLAR.finditer(template):
        if found["dollar"] is None:
            _check_reference(found["inside"], closed=bool(found["close"]))


def _check_reference(inside: str | None, *, closed: bool) -> None:
    if inside is None:
        raise BadDollar("a $ alone means nothing: write ${NAME} for a secret, $$ for a dollar sign")
    if not closed:
        raise BadDollar("a ${ without its }: write ${NAME}")
    name, colon, form = inside.partition(":")
    if not NAME.fullmatch(name):
        raise BadDollar("the name in ${…} is made of letters, digits and _: write ${NAME} or ${NAME:quoted}")
    if colon and form != "quoted":
        raise BadDollar("after the name only :quoted can stand: write ${" + name + ":quoted}")


def _names(template: str) -> list[str]:
    return [found["inside"].partition(":")[0] for found in DOLLAR.finditer(template) if found["dollar"] is None]


PLAIN: Final = re.compile(r"(?:[\w.~-]|%[0-9A-Fa-f]{2})*", re.ASCII)
"""A value in which nothing parts a URL: letters, digits, and percent-encoded signs (RFC 3986, 2.1 and 2.3)."""


def _may_part(value: str) -> bool:
    """Tell whether a value put into a URL as it is may be read as more than one word."""
    if not PLAIN.fullmatch(value):
        return True
    try:
        unquote(value, errors="strict")
    except UnicodeDecodeError:
        return True  # a % that encodes nothing
    return False


def _whole(value: str) -> str | tuple[str, ...]:
    """Return the beginning of a URL that a value makes up, itself with its scheme; nothing if it makes up none."""
    return value.strip() if re.match(r"\s*[A-Za-z][A-Za-z0-9+.-]*://", value) else ()


def _filler(values: Mapping[str, str], *, quoted: str | None = None) -> Callable[[re.Match[str]], str]:
    """Return what puts values in their places; that of the name `quoted` percent-encoded, whatever is written."""

    def fill(found: re.Match[str]) -> str:
        if found["dollar"] is not None:
            return "$"
        name, _, form = found["inside"].partition(":")
        return quote(values[name], safe="") if form or name == quoted else values[name]

    return fill
