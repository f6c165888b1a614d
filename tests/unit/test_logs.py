"""What a log line looks like, and that no secret gets into one."""

from __future__ import annotations

import base64
import json
import logging
import os
from datetime import UTC, datetime
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reminder.core.model.secret import Secret
from reminder.platform.logs import Format, JsonFormatter, PlainFormatter, Scrubber, is_journal

MORNING = datetime(2025, 7, 9, 3, 30, tzinfo=UTC)
TOKEN = "123456:AAF-secret/token+=ü\"'\\"


def record(message: str, *args: object, level: int = logging.INFO, **extra: object) -> logging.LogRecord:
    """A record of the given text, logged at half past three in the morning."""
    made = logging.LogRecord("reminder", level, __file__, 1, message, args, None)
    made.created = MORNING.timestamp()
    made.__dict__.update(extra)
    return made


def failed(message: str) -> logging.LogRecord:
    """A record with a traceback whose error says `message`."""
    made = record("gave up", level=logging.ERROR)
    try:
        raise ValueError(message)
    except ValueError as error:
        made.exc_info = (type(error), error, error.__traceback__)
    return made


def plain(made: logging.LogRecord) -> str:
    return PlainFormatter(dated=True).format(made)


def test_a_plain_line_says_when_how_bad_what_and_the_keys() -> None:
    line = plain(record("sent", delivery=12, channel="phone", seconds=0.25))
    assert line == "2025-07-09T03:30:00Z info sent delivery=12 channel=phone seconds=0.25"


def test_the_journal_dates_its_lines_itself() -> None:
    assert PlainFormatter(dated=False).format(record("sent", level=logging.WARNING)) == "warning sent"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("two words", '"two words"'),
        ("", '""'),
        ("a=b", '"a=b"'),
        ('say "hi"', '"say \\"hi\\""'),
        (MORNING, "2025-07-09T03:30:00Z"),
        (Secret("hunter22"), "***"),
        (None, "None"),
        ("Ballard\n<0>forged", "Ballard\\x0a<0>forged"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("日本語", "日本語"),
    ],
)
def test_a_value_is_shown_so_that_it_stays_one_value(value: object, shown: str) -> None:
    assert plain(record("sent", title=value)) == f"2025-07-09T03:30:00Z info sent title={shown}"


def test_a_message_cannot_forge_a_line() -> None:
    assert (
        plain(record("from %s", "there\n2025 info sent")) == "2025-07-09T03:30:00Z info from there\\x0a2025 info sent"
    )


def test_a_message_whose_arguments_do_not_fit_is_still_told() -> None:
    assert plain(record("%d of %d", 1)) == "2025-07-09T03:30:00Z info %d of %d"


def test_a_traceback_stands_below_its_line() -> None:
    first, second, *_, last = plain(failed("no such title\x1b")).split("\n")
    assert first == "2025-07-09T03:30:00Z error gave up"
    assert second == "Traceback (most recent call last):"
    assert last == "ValueError: no such title\\x1b"


def test_a_json_line_has_its_own_keys_first_and_then_the_extra_ones() -> None:
    line = JsonFormatter().format(record("sent", delivery=12, due_at=MORNING, url=Secret("hunter22"), at="mine"))
    assert line == (
        '{"at": "2025-07-09T03:30:00.000Z", "level": "info", "logger": "reminder", "message": "sent",'
        ' "delivery": 12, "due_at": "2025-07-09T03:30:00Z", "url": "***"}'
    )


def test_a_json_traceback_is_one_value() -> None:
    line = json.loads(JsonFormatter().format(failed("no such title")))
    assert line["traceback"].startswith("Traceback")
    assert line["traceback"].endswith("ValueError: no such title")


@given(st.text(), st.dictionaries(st.sampled_from(["title", "reason", "channel"]), st.text()))
def test_whatever_is_logged_is_one_line_in_either_form(message: str, extra: dict[str, str]) -> None:
    made = record(message.replace("%", "%%"))
    made.__dict__.update(extra)
    assert len(plain(made).splitlines()) == 1
    assert json.loads(JsonFormatter().format(made)).items() >= extra.items()


@pytest.mark.parametrize(
    "spelling",
    [
        TOKEN,
        quote(TOKEN),
        quote(TOKEN, safe=""),
        quote_plus(TOKEN),
        json.dumps(TOKEN),
        json.dumps(TOKEN, ensure_ascii=False),
        repr(TOKEN),
        base64.b64encode(TOKEN.encode()).decode(),
    ],
)
def test_a_secret_is_masked_however_a_library_writes_it(spelling: str) -> None:
    cleaned = Scrubber([Secret(TOKEN)]).clean(f"POST https://api.example/bot{spelling}/sendMessage")
    assert "secret" not in cleaned
    assert base64.b64encode(b"123456:AAF-").decode()[:12] not in cleaned
    assert "***" in cleaned


@given(st.text(min_size=4, alphabet=st.characters(exclude_categories=())))
@example("000\ud800")
def test_no_secret_of_four_characters_or_more_gets_through(secret: str) -> None:
    marked = f"<{secret}>"
    assert Scrubber([Secret(secret)]).clean(f"a{marked}b") != f"a{marked}b"


def test_a_secret_of_several_lines_is_masked_in_one_line_and_in_json() -> None:
    key = "-----BEGIN-----\nabcdef\n-----END-----"
    scrubber = Scrubber([Secret(key)])
    made = record("key %s", key)
    assert "abcdef" not in scrubber.clean(plain(made))
    assert "abcdef" not in scrubber.clean(JsonFormatter().format(made))


def test_of_two_secrets_the_longer_is_masked_whole() -> None:
    assert Scrubber([Secret("abcd"), Secret("abcdefgh")]).clean("abcdefgh abcd") == "*** ***"


def test_a_text_too_short_to_hide_is_left_alone() -> None:
    assert Scrubber([Secret("abc"), Secret("")]).clean("abc") == "abc"


def test_secrets_can_be_added_later() -> None:
    scrubber = Scrubber()
    assert scrubber.clean("hunter22") == "hunter22"
    scrubber.add(Secret("hunter22"))
    assert scrubber.clean("hunter22") == "***"


def test_the_journal_is_known_by_its_device_and_inode() -> None:
    reading, writing = os.pipe()
    found = os.fstat(writing)
    assert is_journal({"JOURNAL_STREAM": f"{found.st_dev}:{found.st_ino}"}, writing)
    assert not is_journal({"JOURNAL_STREAM": f"{found.st_dev}:{found.st_ino + 1}"}, writing)
    assert not is_journal({}, writing)
    os.close(reading)
    os.close(writing)
    assert not is_journal({"JOURNAL_STREAM": "1:1"}, writing)


def test_the_forms_are_those_of_the_config() -> None:
    assert [*Format] == ["plain", "json"]
