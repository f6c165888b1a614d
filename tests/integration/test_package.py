"""The package as it would be published: built, judged as an index judges it, and installed where nothing else is."""

from __future__ import annotations

import email
import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path
from typing import Final

import pytest

from tests.support.docs import ROOT

PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
SHARED: Final = f"release_reminder-{PROJECT['version']}.data/data/share/release-reminder/"
LINK: Final = re.compile(r"\]\(([^)\s]+)\)")
BESIDE: Final = ("config.example.yaml", "config.schema.json", "docs", "systemd", "README.md", "CHANGELOG.md", "LICENSE")
"""What lies beside the package where it is installed."""

BUILDS_FROM: Final = (
    "reminder", "tests", "bench", "Makefile", "pyproject.toml", "hatch_build.py", "Containerfile", "compose.yaml",
    "constraints.txt", "constraints-dev.txt", "constraints-container.txt",
)  # fmt: skip


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the sdist, and the wheel that was built of it and of nothing else."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_what_is_built_is_whole_and_stands_on_an_index(built: Path) -> None:
    wheel_file, sdist_file = next(built.glob("*.whl")), next(built.glob("*.tar.gz"))
    judged = subprocess.run(
        [sys.executable, "-m", "twine", "check", "--strict", wheel_file, sdist_file],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert judged.returncode == 0, judged.stdout + judged.stderr
    with zipfile.ZipFile(wheel_file) as wheel:
        names = set(wheel.namelist())
        [about] = [wheel.read(name).decode() for name in names if name.endswith(".dist-info/METADATA")]
    faults = [*_links_that_lead_nowhere(about), *_missing_in_wheel(names), *_missing_in_sdist(sdist_file)]
    assert faults == []


def _links_that_lead_nowhere(about: str) -> list[str]:
    """Return the links of the page on the index that are relative, or lead to what the repository does not have."""
    source = PROJECT["urls"]["Source"]
    page = email.message_from_string(about).get_payload()
    assert isinstance(page, str)
    wrong = []
    for link in LINK.findall(page):
        path = re.sub(rf"^{re.escape(source)}/(blob|raw)/main/|#.*$", "", link)
        is_ours = link.startswith(source)
        if (is_ours and not (ROOT / path).exists()) or not link.startswith(("https://", "#")):
            wrong.append(f"the README links to {link}")
    assert source in page
    return wrong


def _missing_in_wheel(names: set[str]) -> list[str]:
    ours = {str(path.relative_to(ROOT)) for path in (ROOT / "reminder").rglob("*") if path.is_file()}
    beside = (path for name in BESIDE for path in [ROOT / name, *(ROOT / name).rglob("*")] if path.is_file())
    # Languages are there as they were compiled; the list of texts for translators is not needed to say them.
    compiled = {name: name.removesuffix(".po") + ".mo" for name in ours if name.endswith(".po")}
    wanted = {compiled.get(name, name) for name in ours if "__pycache__" not in name and not name.endswith(".pot")}
    wanted |= {f"{SHARED}{path.relative_to(ROOT)}" for path in beside}
    strays = {name for name in names if not name.startswith(("reminder/", "release_reminder-"))}
    return [*(f"the wheel lacks {name}" for name in sorted(wanted - names)), *(f"{name} is stray" for name in strays)]


def _missing_in_sdist(file: Path) -> list[str]:
    with tarfile.open(file) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    wanted = (path for name in (*BESIDE, *BUILDS_FROM) for path in [ROOT / name, *(ROOT / name).rglob("*.py")])
    files = {str(path.relative_to(ROOT)) for path in wanted if path.is_file()}
    return [f"the sdist lacks {name}" for name in sorted(files - names)]


def test_the_wheel_works_in_an_environment_that_has_only_what_it_asks_for(built: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=False)
    python = tmp_path / "venv" / "bin" / "python"
    config = tmp_path / "config.yaml"
    environ = {
        "HOME": str(tmp_path),
        "PATH": os.defpath,
        "PYTHONPATH": sysconfig.get_path("purelib"),
        "REMINDER_CONFIG": str(config),
        "REMINDER_OFFLINE": "1",
        "STATE_DIRECTORY": str(tmp_path),
    }

    def run(*command: str | Path) -> str:
        done = subprocess.run(command, env=environ, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    wheel = next(built.glob("*.whl"))
    run(python, "-m", "pip", "--quiet", "install", "--no-index", "--no-deps", "--force-reinstall", wheel)
    reminder = tmp_path / "venv" / "bin" / "reminder"
    assert run(reminder, "--version") == f"reminder {PROJECT['version']}\n"
    run(reminder, "init")
    assert config.exists()
    run(reminder, "check")
    example = tmp_path / "venv" / "share" / "release-reminder" / "config.example.yaml"
    assert "Ballard" in run(reminder, "--config", example, "check")
    whence = run(python, "-c", "import reminder; print(reminder.__file__)")
    assert whence.startswith(str(tmp_path)), "it is not what was installed that ran"
