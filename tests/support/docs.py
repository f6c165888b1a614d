"""The documents of the project, taken apart: blocks of code, tables, links, and the commands they mention."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import typer

from reminder.cli.main import app, hoisted
from reminder.cli.registry import COMMANDS, LazyGroup

ROOT: Final = Path(__file__).parent.parent.parent
DOCS: Final = (ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md", *sorted(ROOT.glob("docs/*.md")))

FENCE: Final = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SPAN: Final = re.compile(r"`([^`\n]+)`")
LINK: Final = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
HEADING: Final = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
PROMPT: Final = re.compile(r"^[$#] (.+)$")
PLACEHOLDER: Final = re.compile(r"[A-Z]+…?")

Row = dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Block:
    """A block of code: its language, its text, and the YAML block nearest above it."""

    path: Path
    line: int
    language: str
    text: str
    config: str | None = None

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}"


def blocks(path: Path) -> Iterator[Block]:
    """Yield the blocks of code of a document."""
    source = path.read_text()
    config = None
    for found in FENCE.finditer(source):
        line = source.count("\n", 0, found.start()) + 1
        yield Block(path=path, line=line, language=found[1], text=found[2], config=config)
        config = found[2] if found[1] == "yaml" else config


def all_blocks(language: str) -> list[Block]:
    """Return every block of one language in all documents."""
    return [block for path in DOCS for block in blocks(path) if block.language == language]


def prose(path: Path) -> str:
    """Return a document without its blocks of code."""
    return FENCE.sub("", path.read_text())


def spans(path: Path) -> list[str]:
    """Return what stands between backticks in the prose of a document."""
    return SPAN.findall(prose(path))


def names(text: str) -> list[str]:
    """Return what stands between backticks in a text."""
    return SPAN.findall(text)


def table(path: Path, *header: str) -> list[Row]:
    """Return the rows of the table that has these headings, as text by heading. Raises LookupError."""
    lines = prose(path).splitlines()
    for number, line in enumerate(lines):
        if _cells(line) == list(header):
            return list(_rows(header, lines[number + 2 :]))
    raise LookupError(f"{path.name} has no table {header}")


def _rows(header: tuple[str, ...], lines: list[str]) -> Iterator[Row]:
    for line in lines:
        if not line.startswith("|"):
            return
        yield dict(zip(header, _cells(line), strict=True))


def _cells(line: str) -> list[str]:
    if not (line.startswith("|") and line.endswith("|")):
        return []
    return [cell.strip().replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", line[1:-1])]


def section(path: Path, heading: str) -> str:
    """Return the text under a heading, up to the next one. Raises LookupError."""
    source = path.read_text()
    found = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#|\Z)", source, re.MULTILINE | re.DOTALL)
    if found is None:
        raise LookupError(f"{path.name} has no section {heading}")
    return found[1]


def anchors(path: Path) -> set[str]:
    """Return the names under which a document's headings can be linked to, as GitHub makes them."""
    headings = HEADING.findall(FENCE.sub("", path.read_text()))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def prompted(block: Block) -> list[str]:
    """Return the commands that a console block types in, joined ones apart."""
    typed = [found[1] for line in block.text.splitlines() if (found := PROMPT.match(line))]
    return [part.strip() for line in typed for part in line.split("&&")]


def output(block: Block) -> list[str]:
    """Return what a console block shows as the answer, without spaces at the ends of lines."""
    return [line.rstrip() for line in block.text.splitlines() if not PROMPT.match(line)]


def mentioned() -> Iterator[tuple[str, str]]:
    """Yield (document, command) for every `reminder …` in blocks and in the text."""
    for path in DOCS:
        for block in blocks(path):
            yield from ((str(block), command) for command in prompted(block) if command.startswith("reminder "))
        yield from ((path.name, span) for span in spans(path) if span.startswith("reminder "))


def problem(command: str, *, whole: bool) -> str | None:
    """Say what of `reminder …` the program does not know; with `whole`, also what is missing from it. None: nothing."""
    found: Any = typer.main.get_command(app)
    known = _options(found)
    words = hoisted(shlex.split(command)[1:])
    while hasattr(found, "commands"):
        words = _without_globals(words, known)
        if not words or PLACEHOLDER.fullmatch(words[0]):
            return None
        if words[0].startswith("-"):
            return None if words[0] in known else f"no option {words[0]}"
        below = _below(found)
        if words[0] not in below:
            return f"no command {words[0]}"
        found, words = below[words[0]], words[1:]
    return _unparsed(found, words) if whole else _unknown(found, words)


def _without_globals(words: list[str], known: set[str]) -> list[str]:
    while words and words[0] in known & {"--json", "--config", "-c"}:
        words = words[1:] if words[0] == "--json" else words[2:]
    return words


def _unknown(command: Any, words: list[str]) -> str | None:
    strange = [
        word
        for word in words
        if word.startswith("-") and word != "-" and word.partition("=")[0] not in _options(command)
    ]
    return f"no option {strange[0]}" if strange else None


def _unparsed(command: Any, words: list[str]) -> str | None:
    try:
        command.make_context(command.name, list(words))
    except Exception as error:  # noqa: BLE001  whatever the parser says is what is wrong with the document
        return str(error)
    return None


def _options(command: Any) -> set[str]:
    said = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
    return said | {"--help", "-h"}


def commands() -> dict[str, Any]:
    """Return every command of the program by its words: `plan`, `config schema`."""
    return dict(_leaves(typer.main.get_command(app), ()))


def _leaves(command: Any, words: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    if not hasattr(command, "commands"):
        yield " ".join(words), command
        return
    if words and command.invoke_without_command:
        yield " ".join(words), command
    for name, below in _below(command).items():
        yield from _leaves(below, (*words, name))


def _below(group: Any) -> dict[str, Any]:
    """Return the commands of a group by name; those of the program are loaded, whose group only lists them."""
    return _program() if isinstance(group, LazyGroup) else dict(group.commands)


@cache
def _program() -> dict[str, Any]:
    return {name: entry.load(name) for name, entry in COMMANDS.items()}
