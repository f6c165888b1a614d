"""A secret is found under the name that systemd gives its credential."""

from __future__ import annotations

from pathlib import Path

import pytest

from reminder.config.secrets import Secrets


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("TOKEN=hunter22", "hunter22"),
        ("  TOKEN = hunter22  ", "hunter22"),
        ('TOKEN="a b#c=d"', "a b#c=d"),
        (r'TOKEN="say \"x\" \\"', 'say "x" \\'),
        (r"TOKEN='a\b\"c'", r"a\b\"c"),
        ("TOKEN=first\n# TOKEN=no\n;TOKEN=no\nTOKEN=last", "last"),
        ("TOKENS=no\nTOKEN", None),
        ("TOKEN=", None),
    ],
)
def test_a_file_of_lines_is_read_as_systemd_reads_its_environment_file(
    tmp_path: Path, line: str, value: str | None
) -> None:
    file = tmp_path / "environment"
    file.write_text(f"# secrets\nOTHER=1\n{line}\n", encoding="utf-8")
    assert Secrets(environ={}, places=(tmp_path / "none", file)).look_up("TOKEN") == value


def test_the_first_place_that_has_it_counts(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "TOKEN").write_text("\n", encoding="utf-8")  # an empty one does not count
    (tmp_path / "b").write_text("TOKEN=lines", encoding="utf-8")
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "TOKEN").write_text("folder", encoding="utf-8")
    places = (tmp_path / "a", tmp_path / "b", tmp_path / "c")
    assert Secrets(environ={}, places=places).look_up("TOKEN") == "lines"
    assert Secrets(environ={}, places=places[::2]).look_up("TOKEN") == "folder"


@pytest.mark.parametrize("file", ["TOKEN", "reminder_TOKEN"])
def test_a_credential_is_known_by_its_name_alone_or_as_our_unit_loads_it(tmp_path: Path, file: str) -> None:
    (tmp_path / file).write_text("hunter22\n", encoding="utf-8")
    assert Secrets(environ={}, places=(tmp_path,)).look_up("TOKEN") == "hunter22"


def test_a_credential_of_the_very_name_goes_before_one_from_the_directory(tmp_path: Path) -> None:
    (tmp_path / "TOKEN").write_text("mine", encoding="utf-8")
    (tmp_path / "reminder_TOKEN").write_text("shared", encoding="utf-8")
    assert Secrets(environ={}, places=(tmp_path,)).look_up("TOKEN") == "mine"
