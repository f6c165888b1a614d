"""The install lines of README and docs, typed into a shell as they stand, in a home where nothing is yet.

Nothing is fetched: the package is built by the tools of this environment, and finds its dependencies there. What needs
a service manager (`systemctl`, `loginctl`), a project's Makefile or an answer on a terminal is not typed here.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sysconfig
from pathlib import Path
from typing import Final

import pytest

from tests.support import docs
from tests.support.docs import ROOT, Block

NOT_HERE: Final = re.compile(r"(sudo )?(systemctl|loginctl|make|pipx|apt)\b|reminder \w+\b")
"""What cannot be typed in a test: it asks, or starts what goes on, or belongs to the machine."""

INSTALL: Final = re.compile(r"pip install|ln -s|cp systemd/|mkdir -p")
SYSTEM: Final = ("/opt/reminder", "/usr/local/bin", "/etc/systemd/system")
BLOCKS: Final = [block for block in docs.all_blocks("console") if INSTALL.search(block.text)]
PIPX: Final = [
    (str(block), command)
    for block in docs.all_blocks("console")
    for command in docs.prompted(block)
    if command.startswith("pipx")
] + [(path.name, span) for path in docs.DOCS for span in docs.spans(path) if span.startswith("pipx ")]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of what a checkout has for an install, without its .venv."""
    there = tmp_path_factory.mktemp("checkout")
    for name in ("reminder", "systemd", "docs"):
        shutil.copytree(ROOT / name, there / name, ignore=shutil.ignore_patterns("__pycache__"))
    for file in [
        *ROOT.glob("*.md"),
        *ROOT.glob("config.*"),
        *ROOT.glob("*.toml"),
        ROOT / "LICENSE",
        ROOT / "hatch_build.py",
    ]:
        shutil.copy(file, there)
    return there


def typed(block: Block) -> list[str]:
    """Return what a block types in, whole lines, but for what cannot be typed here."""
    lines = [found[1] for line in block.text.splitlines() if (found := docs.PROMPT.match(line))]
    return [line for line in lines if not NOT_HERE.match(line)]


SCRIPTS: Final = {"\n".join(typed(block)): block for block in reversed(BLOCKS)}
"""Each script once, with the first block that has it: the guides repeat the lines of the README to the letter."""


@pytest.mark.parametrize("script", SCRIPTS, ids=[str(block) for block in SCRIPTS.values()])
def test_an_install_works_in_a_bare_home_as_it_is_written(script: str, checkout: Path, tmp_path: Path) -> None:
    home, machine = tmp_path / "home", tmp_path / "machine"
    home.mkdir()
    for place in SYSTEM[1:]:
        (machine / place.lstrip("/")).mkdir(parents=True)  # as every Debian has them
    (machine / "opt").mkdir()
    if "/opt/reminder/bin/pip" in script and "-m venv" not in script:
        script = f"python3 -m venv /opt/reminder\n{script}"  # an upgrade: it is there
    for place in SYSTEM:
        script = script.replace(place, f"{machine}{place}")
    env = {
        "HOME": str(home),
        "PATH": os.defpath,
        "PIP_NO_INDEX": "1",
        "PIP_NO_DEPS": "1",
        "PIP_NO_BUILD_ISOLATION": "0",  # pip reads it as the value of --build-isolation
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PYTHONPATH": sysconfig.get_path("purelib"),
    }
    done = subprocess.run(
        ["/bin/sh", "-ec", script], cwd=checkout, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for command in (home / ".local/bin/reminder", machine / "usr/local/bin/reminder"):
        if f"{command.parent.name}/reminder" in script and command.is_symlink():
            found = subprocess.run([command, "--version"], env=env, capture_output=True, text=True, check=True)
            assert found.stdout.startswith("reminder ")


def test_the_documents_have_install_lines_for_a_person_and_for_a_machine() -> None:
    said = "\n".join(line for block in BLOCKS for line in typed(block))
    for part in (
        "~/.local/share/reminder-venv/bin/pip install .",
        "mkdir -p ~/.local/bin",
        "/opt/reminder/bin/pip install .",
    ):
        assert part in said


@pytest.mark.parametrize(("where", "command"), PIPX)
def test_pipx_is_used_as_the_one_of_debian_12_takes_it(where: str, command: str) -> None:
    """Its pipx is 1.1.0, which knows no --global; `pipx install .` was seen to work with it."""
    assert re.fullmatch(
        r"pipx (install|upgrade|uninstall|ensurepath)( --force)?( \.| '\.\[\w+\]'| release-reminder)?", command
    ), where
