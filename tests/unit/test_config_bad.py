"""Every wrong config in tests/data/config says exactly what stands beside it, all of it at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from reminder.config import load_config, parse_config
from reminder.core.errors import ConfigError, WrongInput

DATA = Path(__file__).parent.parent / "data" / "config"
BAD = sorted(DATA.glob("bad-*.yaml"))


def complaint(path: Path) -> str:
    with pytest.raises(ConfigError) as raised:
        load_config(path, environ={})
    return str(raised.value).replace(str(path), path.name) + "\n"


@pytest.mark.parametrize("path", BAD, ids=lambda path: str(path.stem))
def test_a_wrong_config_is_told_with_place_and_remedy(path: Path) -> None:
    assert complaint(path) == path.with_suffix(".txt").read_text(encoding="utf-8")


def test_every_expected_complaint_has_its_config() -> None:
    assert {path.stem for path in DATA.glob("bad-*.txt")} == {path.stem for path in BAD}


def test_complaints_come_in_the_order_of_the_file_and_end_with_status_2() -> None:
    with pytest.raises(ConfigError) as raised:
        load_config(DATA / "bad-many-at-once.yaml", environ={})
    places = [(problem.line, problem.column) for problem in raised.value.found]
    assert places == sorted(places)
    assert len(places) > 8
    assert raised.value.exit_status == 2


def test_no_complaint_repeats_what_may_be_a_secret() -> None:
    assert [path.stem for path in BAD if "hunter2" in complaint(path)] == []


def test_a_complaint_is_one_line_however_long_the_text_it_quotes() -> None:
    with pytest.raises(ConfigError) as raised:
        parse_config(f'at: "{"x" * 10_000}\\n\\e[2J"', "c.yaml")
    (problem,) = raised.value.found
    assert len(problem.text) < 500
    assert problem.text.isprintable()


def test_a_mistake_in_one_place_hides_none_in_another() -> None:
    text = "at: 25:00\nwatch:\n- {title: A, premiere: 09/07/2025, for: [x]}\n- {title: B, drop: weekly}\n- B\n"
    with pytest.raises(ConfigError) as raised:
        parse_config(text, "c.yaml")
    assert [problem.path for problem in raised.value.found] == [
        "at",
        "watch[0].premiere",
        "watch[0].for[0]",
        "watch[1].drop",
        "watch[2]",
    ]


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(WrongInput, match=r"no/such\.yaml does not exist"):
        load_config(Path("no/such.yaml"), environ={})


def test_a_folder_is_no_config(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match="cannot be read: Is a directory"):
        load_config(tmp_path, environ={})


def test_a_file_of_many_megabytes_is_no_config(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes(b"#" * (8 * 1024 * 1024 + 1))
    with pytest.raises(WrongInput, match="larger than 8 MiB"):
        load_config(path, environ={})
