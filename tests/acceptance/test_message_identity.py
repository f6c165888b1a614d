"""No two mails are taken for copies of each other: by the installed command, over databases, restores and tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.nursery import Hatched
from tests.support.process import Reminder
from tests.support.smtp import MailServer

pytestmark = pytest.mark.acceptance

BEFORE, DUE, LATER = "2025-07-08T03:00:00Z", "2025-07-08T03:31:00Z", "2025-07-09T03:31:00Z"


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as made:
        yield made


def home(folder: Path, server: MailServer) -> Reminder:
    reminder = Hatched(folder)
    reminder.write(
        "timezone: Asia/Kolkata\n"
        f"channels: {{m: 'mailto://127.0.0.1:{server.port}/asha@example.com?from=reminder@example.com'}}\n"
        "watch: [{title: Ballard, premiere: 2025-07-09}]\n"
    )
    return reminder.at(BEFORE)


def identities(server: MailServer) -> list[str]:
    return [str(mail.message["Message-ID"]) for mail in server.mails]


def test_two_new_databases_have_no_message_id_in_common(tmp_path: Path, server: MailServer) -> None:
    for name in ("first", "second"):
        reminder = home(tmp_path / name, server)
        reminder.once()
        reminder.at(DUE).once()
    first, second = identities(server)
    assert first != second


def test_a_test_that_is_sent_again_is_another_mail(tmp_path: Path, server: MailServer) -> None:
    reminder = home(tmp_path / "home", server)
    for _ in range(2):
        assert reminder.run("test").status == 0
    first, second = identities(server)
    assert first != second


def test_a_second_try_after_a_lost_answer_has_the_message_id_of_the_first(tmp_path: Path, server: MailServer) -> None:
    reminder = home(tmp_path / "home", server)
    reminder.once()
    server.once["DATA"] = "drop"
    reminder.at(DUE).once()
    reminder.at("2025-07-08T03:40:00Z").once()
    first, second = identities(server)
    assert first == second


def test_a_restored_copy_gives_out_numbers_again_under_another_message_id(tmp_path: Path, server: MailServer) -> None:
    reminder = home(tmp_path / "home", server)
    reminder.once()
    copy = str(tmp_path / "copy.db")
    assert reminder.run("backup", copy).status == 0
    reminder.at(DUE).once()
    assert reminder.run("restore", copy, "--resend").status == 0
    reminder.at("2025-07-08T03:32:00Z").once()
    first, second = identities(server)
    assert first != second
