"""No secret gets out: everything is printed, logged, stored and failed at, and then searched for what was planted."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, quote_plus

import pytest

from tests.support.door import Door
from tests.support.process import Reminder
from tests.support.proxy import DISCORD, TELEGRAM, Proxy
from tests.support.sink import Reply
from tests.support.smtp import MailServer

pytestmark = pytest.mark.acceptance

BEFORE, DUE = "2025-07-08T03:00:00Z", "2025-07-08T03:30:00Z"

SECRETS: Final = {
    "TELEGRAM_TOKEN": "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw",
    "DISCORD_TOKEN": "JHMHI8qBe7bk2ZwO5U711o3dV_js",
    "SMTP_PASSWORD": "s3cr3t/w:th@odd#signs?&ü",
    "HOOK_PASSWORD": "hook-Passw0rd-5150",
    "DB_PASSWORD": "pg-Passw0rd-8128/@",
}
IN_THE_CONFIG: Final = {
    "a token in the config": "T0kenWrittenInTheConfig99",
    "a password in the config": "wr1tten-in-the-config",
}


def spellings(secret: str) -> set[str]:
    """Return the ways in which a secret may be spelt by what passes it on."""
    return {
        secret,
        quote(secret),
        quote(secret, safe=""),
        quote_plus(secret),
        json.dumps(secret)[1:-1],
        repr(secret)[1:-1],
        # In base64 a text after another keeps one of three shapes.
        *(base64.b64encode(b"x" * shift + secret.encode())[4:-4].decode() for shift in range(3)),
    }


def leaks(text: str) -> list[str]:
    """Return the names of the secrets that a text holds, in any spelling."""
    planted = {**SECRETS, **IN_THE_CONFIG}
    return [name for name, secret in planted.items() if any(each in text for each in spellings(secret))]


def test_what_was_planted_would_be_found() -> None:
    everywhere = {**SECRETS, **IN_THE_CONFIG}
    for spelt in (json.dumps([*everywhere.values()]), " ".join(map(quote_plus, everywhere.values()))):
        assert leaks(spelt) == [*everywhere]
    in_a_header = base64.b64encode(f"me:{SECRETS['HOOK_PASSWORD']}".encode()).decode()
    assert leaks(f"Authorization: Basic {in_a_header}") == ["HOOK_PASSWORD"]


def config(door: Door, mail: MailServer, **more: Any) -> dict[str, Any]:
    token, password = IN_THE_CONFIG.values()
    return {
        "timezone": "Asia/Kolkata",
        "channels": {
            "phone": "tgram://${TELEGRAM_TOKEN}/12315544",
            "family": "discord://417429632418316298/${DISCORD_TOKEN}",
            "mail": "mailto://me:${SMTP_PASSWORD:quoted}@"
            + f"127.0.0.1:{mail.port}/asha@example.com?from=me@example.org",
            "hook": "json://me:${HOOK_PASSWORD}@" + f"{door.netloc}/{token}",
            "gone": f"json://me:{password}@127.0.0.1:9/",
            "missing": "tgram://${NOT_SET_ANYWHERE}/1",
            "odd": f"tgram://{token}",
            "refused": f"syslog://{password}/",
        },
        "watch": [{"title": name, "premiere": "July 9, 2025"} for name in ("Ballard", "Dune")],
        **more,
    }


@pytest.fixture
def planted(reminder: Reminder, proxy: Proxy) -> Reminder:
    """Return a user of the command in whose environment secrets lie."""
    reminder.environ |= {**proxy.env, **SECRETS}
    return reminder


def everything(reminder: Reminder) -> str:
    """Return all that was printed, and every file that was written, but for the config itself."""
    files = [path for path in reminder.home.rglob("*") if path.is_file() and path != reminder.config]
    return "\n".join([*reminder.printed, *(path.read_bytes().decode("utf-8", "backslashreplace") for path in files)])


PARTS: Final = 4
REACHED: Final = {"phone", "family", "mail", "hook", "gone"}
"""The channels over which something is tried; `missing`, `odd` and `refused` cannot be built, which is seen first."""

COMMANDS: Final = (
    "check",
    "check --json",
    "list",
    "show Ballard",
    "upcoming",
    "upcoming --json",
    "plan",
    "plan --json",
    "simulate --from 2025-07-01 --to 2025-07-10 --json",
    "why Ballard",
    "history",
    "history --json",
    "health",
    "health --json",
    "add Severance --premiere 2025-08-01",
    "mute Severance",
    "remove Severance",
    "change Ballard --premiere 2025-08-01",
    "retry 1 --force",
    "backup copy.db",
    "test",
    "test --json",
    "config schema",
    "run --once",
)


def tried(reminder: Reminder) -> set[str | None]:
    """Return the channels over which something was tried, and what came of it is known."""
    return {row.channel for row in reminder.ledger() if row.attempts and row.state != "sending"}


def echo(*names: str, status: int) -> Reply:
    """Return an answer that says back what it was told, as some services do."""
    return Reply(status=status, body=json.dumps({"message": f"no: {[SECRETS[name] for name in names]}"}).encode())


@pytest.fixture
def guarded() -> Iterator[MailServer]:
    with MailServer(login=("me", SECRETS["SMTP_PASSWORD"])) as running:
        yield running


@pytest.mark.parametrize("answer", [200, 400, 401, 503])
def test_no_secret_gets_out_whatever_the_services_answer(
    planted: Reminder, door: Door, guarded: MailServer, proxy: Proxy, answer: int
) -> None:
    door.says(echo("HOOK_PASSWORD", status=answer))
    proxy.always(echo("TELEGRAM_TOKEN", status=answer), on=TELEGRAM)
    proxy.always(echo("DISCORD_TOKEN", status=answer), on=DISCORD)
    if answer != 200:
        guarded.answers["AUTH"] = "535 no: s3cr3t/w:th@odd#signs?&"
    form = "json" if answer in {400, 503} else "plain"
    planted.write(config(door, guarded, log={"level": "debug", "format": form}))
    with planted.at(BEFORE).daemon() as daemon:
        daemon.at(DUE)
        daemon.wait_for(lambda: tried(planted) >= REACHED)
        told = Path(f"/proc/{daemon.process.pid}/cmdline").read_text() + "\n".join(daemon.said)
        daemon.hup()
        daemon.term()
        assert daemon.ends() == 0
    assert door.requests
    assert proxy.of(TELEGRAM)
    assert proxy.of(DISCORD)
    assert (len(guarded.mails) > 0) == (answer == 200)
    assert leaks(told) == []
    assert leaks(everything(planted)) == []


@pytest.mark.parametrize("part", range(PARTS))
def test_no_command_prints_a_secret(planted: Reminder, door: Door, mail: MailServer, part: int) -> None:
    planted.write(config(door, mail, log={"level": "debug"}))
    planted.at(BEFORE).once()
    planted.at(DUE).once()
    for command in COMMANDS[part::PARTS]:
        done = planted.run(*command.split())
        assert "Traceback" not in done.err, f"{command}\n{done.err}"
        assert "No such command" not in done.err, command
        assert leaks(done.out + done.err) == [], command
    assert leaks(everything(planted)) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"database": "postgresql://me:${DB_PASSWORD:quoted}@127.0.0.1:9/reminder"},
        {"database": "postgresql://me:${DB_PASSWORD}@127.0.0.1:9/reminder"},
        {"database": f"mysql://me:{IN_THE_CONFIG['a password in the config']}@127.0.0.1/x"},
        {"chanels": {"hook": f"json://me:{IN_THE_CONFIG['a password in the config']}@127.0.0.1/"}},
        {"channels": {"hook": f"nonsense {IN_THE_CONFIG['a password in the config']}"}},
        {"channels": {"hook": {"url": f"json://me:{IN_THE_CONFIG['a password in the config']}@x/", "onyl": []}}},
        {"channels": {"hook": ["json://" + IN_THE_CONFIG["a password in the config"]]}},
        {"channels": f"tgram://{IN_THE_CONFIG['a token in the config']}/1"},
        {
            "channels": {
                "hook": "json://${HOOK_PASSWORD}:${HOOK_PASSWORD@127.0.0.1/" + IN_THE_CONFIG["a token in the config"]
            }
        },
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_no_refusal_shows_a_secret(planted: Reminder, door: Door, mail: MailServer, wrong: dict[str, Any]) -> None:
    planted.write({**config(door, mail), **wrong})
    planted.at(BEFORE)
    for command in ("check", "run --once"):
        done = planted.run(*command.split())
        assert done.status in {0, 1, 2}
        assert "Traceback" not in done.err, f"{command}\n{done.err}"
        assert leaks(done.out + done.err) == [], done.err
    planted.environ["REMINDER_CONFIG"] = str(planted.config)
    assert leaks(everything(planted)) == []
