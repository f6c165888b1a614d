"""Secrets come from the environment, else from systemd's credentials, and are shown nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminder.config import parse_config
from reminder.config.secrets import BadDollar, Expanded, Secrets, check_dollars
from reminder.core.model.entities import Channel

ENVIRON = {"TOKEN": "t0p/s&cret", "EMPTY": "", "DOLLAR": "${TOKEN}"}


def expanded(template: str, secrets: Secrets) -> str | None:
    text = secrets.expand(template).text
    return None if text is None else text.reveal()


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("plain://x", "plain://x"),
        ("tgram://${TOKEN}/1", "tgram://t0p/s&cret/1"),
        ("tgram://${TOKEN:quoted}/1", "tgram://t0p%2Fs%26cret/1"),
        ("a$$b$${TOKEN}", "a$b${TOKEN}"),
        ("${TOKEN}${TOKEN}", "t0p/s&crett0p/s&cret"),
        ("${DOLLAR}", "${TOKEN}"),
    ],
)
def test_names_are_replaced_once_as_they_stand_or_quoted(template: str, text: str) -> None:
    assert expanded(template, Secrets(environ=ENVIRON)) == text


@pytest.mark.parametrize(
    "template", ["$", "$TOKEN", "${", "${TOKEN", "${}", "${1A}", "${A B}", "${A:}", "${A:quote}", "x$ y"]
)
def test_a_dollar_that_stands_for_nothing_is_refused(template: str) -> None:
    with pytest.raises(BadDollar, match="write"):
        check_dollars(template)


def test_the_environment_wins_over_a_credential_and_an_empty_value_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "TOKEN").write_text("from file\n")
    (tmp_path / "EMPTY").write_text("not empty\r\n")
    secrets = Secrets(environ=ENVIRON, places=(tmp_path,))
    assert expanded("${TOKEN}", secrets) == "t0p/s&cret"
    assert expanded("${EMPTY}", secrets) == "not empty"
    assert expanded("${TOKEN}", Secrets(environ={}, places=(tmp_path,))) == "from file"


def test_all_missing_secrets_are_named_with_the_remedy(tmp_path: Path) -> None:
    found = Secrets(environ={"B": ""}, places=(tmp_path,)).expand("${A}${B}${A}")
    assert found == Expanded(
        text=None,
        problem="A is not set, B is empty: set it in the environment, or as a systemd credential",
        names=("A", "B"),
    )


def test_a_credential_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "FOLDER").mkdir()
    (tmp_path / "BINARY").write_bytes(b"\xff\xfe")
    found = Secrets(environ={"BYTES": "\udcff"}, places=(tmp_path,)).expand("${FOLDER}${BINARY}${BYTES}")
    assert found.problem is not None
    assert found.problem.startswith(
        "FOLDER cannot be read (Is a directory), BINARY is not UTF-8 text, BYTES is not UTF-8"
    )


def test_a_missing_secret_parks_its_channel_and_is_a_warning_with_its_line() -> None:
    config = parse_config("channels:\n  phone: tgram://${TOKEN}/1\n", "c.yaml")
    problem = "TOKEN is not set: set it in the environment, or as a systemd credential"
    assert config.channels["phone"] == Channel(name="phone", url=None, problem=problem)
    assert [str(warning) for warning in config.warnings] == [
        f"c.yaml:2:10: channels.phone: {problem}; until then its messages wait"
    ]


def test_a_secret_that_is_no_url_parks_its_channel_and_is_not_shown() -> None:
    config = parse_config('channels: {phone: "${TOKEN}"}', "c.yaml", environ=ENVIRON)
    assert config.channels["phone"].problem == "TOKEN is not a channel's URL: it has no scheme://"
    assert "t0p" not in repr(config)


def test_a_dollar_means_something_only_in_channels_and_database() -> None:
    config = parse_config('watch: ["$9.99", "${TOKEN}"]\nname: $HOME', "c.yaml", environ=ENVIRON)
    assert [entry.title.name for entry in config.watch] == ["$9.99", "${TOKEN}"]
    assert config.name == "$HOME"


def test_the_database_may_hold_secrets_and_says_which_is_missing() -> None:
    text = "database: postgresql://me:${TOKEN:quoted}@db/reminder"
    known = parse_config(text, "c.yaml", environ=ENVIRON)
    assert known.database is not None
    assert known.database.reveal() == "postgresql://me:t0p%2Fs%26cret@db/reminder"
    missing = parse_config(text, "c.yaml")
    assert missing.database is None
    assert missing.database_problem is not None
    assert missing.database_problem.startswith("TOKEN is not set")
    assert any(warning.path == "database" for warning in missing.warnings)


def test_a_fingerprint_changes_with_the_secret_and_not_with_its_way_in() -> None:
    template = "channels: {phone: 'tgram://${TOKEN}/1'}"
    first = parse_config(template, "c.yaml", environ={"TOKEN": "a"}).channels["phone"].fingerprint
    other = parse_config(template, "c.yaml", environ={"TOKEN": "b"}).channels["phone"].fingerprint
    plain = parse_config("channels: {x: 'tgram://a/1'}", "c.yaml").channels["x"].fingerprint
    assert first == plain
    assert first != other
    assert len(first) == 16
    assert int(first, 16) >= 0


@given(st.text(alphabet=st.characters(exclude_characters="$", exclude_categories=["Cs"])))
def test_a_text_without_a_dollar_is_left_as_it_is(text: str) -> None:
    assert expanded(text, Secrets(environ={})) == text


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_doubling_every_dollar_gives_any_text(text: str) -> None:
    assert expanded(text.replace("$", "$$"), Secrets(environ={})) == text
