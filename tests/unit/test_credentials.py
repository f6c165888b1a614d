"""A secret is found under the name that systemd gives its credential."""

from __future__ import annotations

from pathlib import Path

import pytest

from reminder.config.secrets import Secrets


@pytest.mark.parametrize("file", ["TOKEN", "reminder_TOKEN"])
def test_a_credential_is_known_by_its_name_alone_or_as_our_unit_loads_it(tmp_path: Path, file: str) -> None:
    (tmp_path / file).write_text("hunter22\n", encoding="utf-8")
    assert Secrets(environ={}, credentials=tmp_path).look_up("TOKEN") == "hunter22"


def test_a_credential_of_the_very_name_goes_before_one_from_the_directory(tmp_path: Path) -> None:
    (tmp_path / "TOKEN").write_text("mine", encoding="utf-8")
    (tmp_path / "reminder_TOKEN").write_text("shared", encoding="utf-8")
    assert Secrets(environ={}, credentials=tmp_path).look_up("TOKEN") == "mine"
