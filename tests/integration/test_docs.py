"""What the documents say can be done: every command, option, example, link and file in them is there and works."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import pytest

from reminder.config import Config, parse_config
from reminder.notify.judging import problem_of
from tests.support import docs
from tests.support.docs import DOCS, ROOT, Block

README: Final = ROOT / "README.md"
GLOSSARY: Final = ROOT / "docs" / "GLOSSARY.md"
SECRETS: Final = {"TELEGRAM_TOKEN": "123456789:AAabcdefghijklmnopqrstuvwxyz123456789", "SMTP_PASSWORD": "p@ss/word"}
SLACK: Final = {"SLACK_A": "T1JJ3T3L2", "SLACK_B": "A1BRTD4JD", "SLACK_C": "TIiajkdnlazkcOXrIdevi7FQ"}
THEIRS: Final = docs.ROOT / "docs" / "integrations.md"
"""What stands there is the configuration of other programs, whose requests are made in `tests/web/test_integrations.py`."""
YAML: Final = [
    block
    for block in docs.all_blocks("yaml")
    if block.path != THEIRS and re.search(r"^[^#\s]", block.text, re.MULTILINE)
]
RUNNABLE: Final = [
    block
    for block in docs.all_blocks("console")
    if block.config is not None
    and block.path.name != "tutorial.md"  # lived whole in test_docs_tutorial.py
    and any(command.startswith("reminder plan") for command in docs.prompted(block))
]


def test_every_command_and_option_in_the_documents_exists() -> None:
    mentioned = list(docs.mentioned())
    wrong = [(where, problem) for where, command in mentioned if (problem := docs.problem(command, whole=False))]
    assert (len(mentioned) > 100, wrong) == (True, [])


def test_what_a_document_types_at_a_prompt_can_be_parsed() -> None:
    typed = [
        (str(block), command)
        for block in docs.all_blocks("console")
        for command in docs.prompted(block)
        if command.startswith("reminder ")
    ]
    wrong = [(where, problem) for where, command in typed if (problem := docs.problem(command, whole=True))]
    assert (len(typed) > 50, wrong) == (True, [])


def test_the_readme_names_every_command_and_each_says_what_it_does() -> None:
    rows = docs.table(README, "command", "does")
    named = {name.removeprefix("reminder ") for row in rows for name in docs.names(row["command"])}
    assert named == set(docs.commands())
    assert [name for name, command in docs.commands().items() if not command.help] == []


@pytest.mark.parametrize("block", YAML, ids=str)
def test_every_yaml_block_is_a_config_and_its_channels_can_be_used(block: Block) -> None:
    config = loaded(block.text)
    urls = {name: channel.url for name, channel in config.channels.items() if channel.url is not None}
    assert set(urls) == set(config.channels)
    said = {name: problem_of(channel, config.allow_schemas) for name, channel in config.channels.items()}
    assert said == dict.fromkeys(urls)


def loaded(text: str) -> Config:
    named = re.findall(r"\$\{(\w+)", text)
    return parse_config(text, "config.yaml", environ={**dict.fromkeys(named, "a1b2c3d4e5f6" * 3), **SECRETS, **SLACK})


@pytest.mark.parametrize("block", RUNNABLE, ids=str)
def test_what_an_example_shows_is_what_the_program_prints(block: Block, tmp_path: Path) -> None:
    (command,) = docs.prompted(block)
    printed = run(tmp_path, block.config or "", command.split()[1:])
    assert [line.rstrip() for line in printed.splitlines()] == docs.output(block)


def test_the_message_in_the_readme_is_the_first_that_its_config_sends(tmp_path: Path) -> None:
    block = next(block for block in docs.blocks(README) if block.language == "text")
    rows: list[dict[str, Any]] = json.loads(
        run(tmp_path, block.config or "", ["plan", "--from", "2025-07-01", "--json"])
    )
    assert f"{rows[0]['subject']}\n{rows[0]['body']}\n" == block.text
    assert rows[0]["local_at"] == "2025-07-02T09:00:00+05:30"


def test_the_readme_s_config_has_twelve_lines_and_the_readme_stays_short() -> None:
    config = next(block for block in docs.blocks(README) if block.language == "yaml")
    assert len(config.text.splitlines()) == 12
    assert len(README.read_text().splitlines()) <= 150


def run(folder: Path, config: str, arguments: list[str]) -> str:
    """Run the command on a config of its own, with nothing else of this machine's, and return what it prints."""
    (folder / "config.yaml").write_text(config)
    own = {"XDG_STATE_HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    shared = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", "reminder", "--config", "config.yaml", *arguments],
        cwd=folder,
        env={**shared, **own, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert re.fullmatch(r"(Hours are in \S+ \([a-z' ]+\)\.\n)?", done.stderr)
    return done.stdout


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_every_link_between_documents_leads_somewhere(path: Path) -> None:
    links = [link for link in docs.LINK.findall(docs.prose(path)) if "://" not in link]
    assert [link for link in links if not leads_somewhere(path, link)] == []


def leads_somewhere(path: Path, link: str) -> bool:
    name, _, anchor = link.partition("#")
    target = path.parent / name if name else path
    return target.exists() and (not anchor or anchor in docs.anchors(target))


def test_every_make_target_in_the_documents_is_one_of_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    typed = [command for block in docs.all_blocks("console") for command in docs.prompted(block)]
    said = [*typed, *(span for path in DOCS for span in docs.spans(path))]
    wanted = {found[1] for text in said if (found := re.fullmatch(r"make ([a-z]+)", text))}
    assert wanted >= {"demo", "test", "check"}
    assert wanted <= targets
    doors = {
        name for row in docs.table(ROOT / "CONTRIBUTING.md", "command", "does") for name in docs.names(row["command"])
    }
    assert doors <= {f"make {target}" for target in targets}


def test_every_file_of_the_project_that_the_documents_name_is_there() -> None:
    said = {span for path in DOCS for span in docs.spans(path)}
    typed = {
        word for block in docs.all_blocks("console") for command in docs.prompted(block) for word in command.split()
    }
    named = {word for word in said | typed if re.match(r"(tests|systemd|docs|reminder|\.ci)/[\w/.-]+$", word)}
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
    modules = {span for span in docs.spans(ROOT / "docs" / "ARCHITECTURE.md") if re.fullmatch(r"\w+/[\w/]+\.py", span)}
    assert [name for name in modules if not ((ROOT / "reminder" / name).exists() or (ROOT / name).exists())] == []


def test_the_glossary_s_names_are_those_of_the_code() -> None:
    rows = [
        *docs.table(GLOSSARY, "say", "it is", "not", "in the code"),
        *docs.table(GLOSSARY, "word", "it is", "in the code"),
    ]
    places = [place for row in rows for place in docs.names(row["in the code"])]
    assert len(places) >= len(rows)
    assert [place for place in places if not is_in_code(place)] == []


def is_in_code(place: str) -> bool:
    """Tell whether `core.model.entities.Title.season` is a module, a name in one, or an attribute of a class in one."""
    module, rest = _module(place)
    if module is None:
        return False
    if not rest:
        return True
    found = getattr(module, rest[0], None)
    return found is not None and all(name in dir(found) or name in fields(found) for name in rest[1:])


def fields(found: object) -> set[str]:
    return set(getattr(found, "__annotations__", {}))


@cache
def _module(place: str) -> tuple[Any, tuple[str, ...]]:
    words = place.split(".")
    depth = next((number for number, word in enumerate(words) if not word.islower()), len(words))
    for end in range(depth, 0, -1):
        name = ".".join(["reminder", *words[:end]])
        if (ROOT / name.replace(".", "/")).is_dir() or (ROOT / f"{name.replace('.', '/')}.py").exists():
            return import_module(name), tuple(words[end:])
    return None, ()
