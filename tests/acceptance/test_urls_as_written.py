"""What `check`, `test` and `run` make of URLs that people copy: by the installed command."""

from __future__ import annotations

import pytest

from tests.support.door import Door
from tests.support.process import Reminder

pytestmark = pytest.mark.acceptance

BEFORE, DUE = "2025-07-08T03:00:00Z", "2025-07-08T03:31:00Z"
SECRET = "hunter2@Sup3rSecretHost"
SPILT = "PW holds a sign that parts a URL"


def a_config(good: str, bad: str) -> str:
    return (
        "timezone: Asia/Kolkata\n"
        f"channels: {{good: '{good}', bad: '{bad}'}}\n"
        "watch: [{title: Ballard, premiere: 2025-07-09}]\n"
    )


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mailtos://me:${PW}@127.0.0.1?from=a@example.org&to=asha@example.com", SPILT),
        ("discord://417429632418316298/JHMHI8qBe7bk2ZwO5U711o3dV_js?tread=7", "did you mean thread=?"),
        ("mailto://127.0.0.1?from=a@example.org&to=anna@example.com;ravi@example.com", "a ; parts options"),
    ],
)
def test_check_says_it_and_ends_with_2_and_run_goes_on_without_that_channel(
    reminder: Reminder, url: str, said: str
) -> None:
    reminder.environ["PW"] = SECRET
    with Door() as door:
        reminder.write(a_config(door.url, url))
        reminder.at(BEFORE)
        found = reminder.run("check")
        assert (found.status, said in found.err) == (2, True), found.err
        assert "channels.bad" in found.err
        reminder.once()
        reminder.at(DUE).once()
        rows = {row["channel"]: row for row in reminder.history() if row["lead"] == "1d"}
        assert rows["good"]["state"] == "sent"
        assert rows["bad"]["state"] != "failed"
        assert said in rows["bad"]["reason"]
        for text in (found.out, found.err, str(rows)):
            assert not any(piece in text for piece in ("hunter2", "Sup3r", "SecretHost"))
