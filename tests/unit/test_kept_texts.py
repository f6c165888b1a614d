"""What the ledger and the daemon keep in English is said in the language of whoever reads it; the rest stays as it is."""

from __future__ import annotations

import ast
import re
import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import pytest

import reminder
from reminder.core.model.entities import ENGLISH as ENGLISH_CODE
from reminder.core.model.entities import Kind, Release, Subscriber
from reminder.core.model.ledger import NO_WORDS, UNREADABLE, Reason, State
from reminder.core.model.secret import Secret
from reminder.core.sending.clock_guard import EARLIEST, behind_ledger
from reminder.core.sending.health import Vitals, complaints
from reminder.core.sending.retry import over_after, refused_too
from reminder.core.sending.streak import Streak
from reminder.core.text.kept_texts import TEXTS, in_language, recognised
from reminder.core.text.language import ENGLISH
from reminder.core.text.leads import reason_words
from reminder.core.wording import Wording
from reminder.delivery.render import MessageContext, write
from reminder.notify.http.outcome import HINTS, no_answer
from reminder.notify.mail import answers
from reminder.notify.mail.smtp import SmtpServer, why_no_tls
from reminder.sources.refusals import told
from reminder.store.blockers import Blocker
from reminder.texts.languages.choice import language_of
from reminder.texts.languages.known import KNOWN
from reminder.texts.templates.engine import Templates

TRANSLATED: Final = [language_of(code) for code in KNOWN if code != ENGLISH_CODE]
NOW: Final = datetime(2026, 3, 1, 10, tzinfo=UTC)
PACKAGE: Final = Path(reminder.__file__).parent


def is_said_in_all(text: str) -> bool:
    return all(in_language(text, language) != text for language in TRANSLATED) and in_language(text, ENGLISH) == text


@pytest.mark.parametrize("value", [*Reason, *State, NO_WORDS, UNREADABLE])
def test_each_value_of_the_ledger_is_said_in_each_language(value: str) -> None:
    assert isinstance(recognised(str(value)), Wording)
    assert str(recognised(str(value))) == value
    assert is_said_in_all(str(value))


@pytest.mark.parametrize("reason", Reason)
def test_each_reason_is_said_in_each_language_to_whom_it_concerns(reason: Reason) -> None:
    english = reason_words(reason)
    assert [language.code for language in TRANSLATED if reason_words(reason, language) in {english, str(reason)}] == []


FILLED: Final = {
    "number": "12.5", "minutes": "10", "pid": "4711", "id": "tvmaze:44933", "again": "tmdb:movie/603", "reason": "seen",
    "scheme": "ntfys", "option": "tread", "page": "https://appriseit.com/services/ntfy/", "host": "api.example.org", "now": "2026-03-01 10:00", "end": "2026-02-01 10:00",
}  # fmt: skip


@pytest.mark.parametrize("template", TEXTS)
def test_each_text_is_known_again_by_its_words(template: str) -> None:
    text = re.sub(r"%\((\w+)\)s", lambda place: FILLED.get(place[1], f"Some {place[1]}"), template)
    known = recognised(text)
    assert isinstance(known, Wording)
    assert (str(known), known.template) == (text, template)
    assert is_said_in_all(text)


def untrusted() -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError()
    error.verify_message = "self-signed certificate"
    return error


def test_why_a_channel_cannot_be_used_is_said_to_its_end_in_the_readers_language() -> None:
    why = "this mailto:// URL cannot be used: there is no option tread=: did you mean store=?"
    said = in_language(why, language_of("de"))
    assert (
        said == "diese mailto://-Adresse ist nicht zu gebrauchen: eine Angabe tread= gibt es nicht: ist store= gemeint?"
    )


def literal_reasons(room: str) -> set[str]:
    """Return the texts that stand in the code as `reason="…"` in a room."""
    trees = (ast.parse(path.read_text("utf-8")) for path in (PACKAGE / room).rglob("*.py"))
    words = (word for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call) for word in node.keywords)
    return {
        str(word.value.value)
        for word in words
        if word.arg == "reason" and isinstance(word.value, ast.Constant) and isinstance(word.value.value, str)
    }


@pytest.mark.parametrize("room", ["delivery", "notify", "core/sending", "store", "sources", "usecases"])
def test_each_reason_that_stands_in_the_code_is_known_again(room: str) -> None:
    assert {reason for reason in literal_reasons(room) if not is_said_in_all(reason)} == set()


def no_tls() -> ssl.SSLError:
    error = ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number")
    error.reason = "WRONG_VERSION_NUMBER"
    return error


@pytest.mark.parametrize(
    "text",
    [
        over_after(1, None),
        over_after(3, "quiet hours"),
        refused_too("503 Service Unavailable"),
        f"refused; {Streak(since=NOW, refused=7).why_broken(NOW)}",
        f"refused; {Streak(since=NOW, refused=1).why_broken(NOW + timedelta(days=3))}",
        no_answer(ConnectionRefusedError(), left=False, overrun=False, seconds=30).reason,
        no_answer(no_tls(), left=False, overrun=False, seconds=30).reason,
        why_no_tls(SmtpServer(host="mail", port=25, mode="ssl", user="", password=Secret(""), verify=True), no_tls()) or "",
        no_answer(TimeoutError(), left=True, overrun=False, seconds=30).reason,
        no_answer(None, left=False, overrun=True, seconds=30, proxy="proxy:3128").reason,
        *(f"{status} Refused ({hint})" for status, hint in HINTS.items() if status != 407),
        *(f"{status} Refused (no; {hint})" for status, hint in HINTS.items() if status != 407),
        *(f"550 no ({hint})" for hint in answers.HINTS.values()),
        str(Blocker(pid=4711, program="psql", role="postgres", since_at=NOW, people=("asha",))),
        str(Blocker(pid=4711, program="psql", role="postgres", since_at=None)),
        *(doubt.reason for doubt in (behind_ledger(NOW, NOW + timedelta(days=9)), behind_ledger(EARLIEST - timedelta(1), None)) if doubt),
        "this mailto:// URL cannot be used: there is no option tread=: did you mean store=?",
        "this ntfys:// URL cannot be used: the value of priority= is not known: it is one of high, low, max, min",
        "this tgram:// URL cannot be used: it is not complete: write tgram://TOKEN/CHAT, see https://appriseit.com/x/",
        "tvmaze:44933: it does not know this entry.",
        *(f"www.example.org: {told(error)}" for error in (socket.gaierror(), ConnectionRefusedError(), None)),
        f"www.example.org: {told(untrusted())}",
        "api.tvmaze.com answers 503.",
    ],
)  # fmt: skip
def test_what_is_made_up_elsewhere_is_known_again(text: str) -> None:
    assert is_said_in_all(text), text


@pytest.mark.parametrize(
    "text", ["Bad Request: chat not found", "403 Forbidden (bot was blocked by the user)", "Seen", ""]
)
def test_what_others_say_stays_as_it_is(text: str) -> None:
    assert [language.code for language in TRANSLATED if in_language(text, language) != text] == []


def trouble(language: str, **detail: object) -> str:
    person = Subscriber(name="asha", zone=ZoneInfo("Europe/Berlin"), language=language)
    release = Release()
    context = MessageContext(kind=Kind.TROUBLE, subscriber=person, title=None, release=release, detail=dict(detail))
    words = write([context], Templates({}), NOW).words
    return f"{words.subject}\n{words.plain()}"


def test_an_alarm_is_in_the_language_of_whoever_runs_this() -> None:
    lines = [
        "From 2026-03-01 10:00 UTC, for 7 minutes, nothing was sent: the sweep failed",
        "What was due goes out now.",
    ]
    assert trouble("en", subject="Reminders were held up", lines=lines) == "\n".join(["Reminders were held up", *lines])
    assert trouble("de", subject="Reminders were held up", lines=lines) == (
        "Erinnerungen wurden aufgehalten\n"
        "Ab 2026-03-01 10:00 UTC wurde 7 Minuten lang nichts gesendet: der Durchgang ist gescheitert\n"
        "Was fällig war, geht jetzt hinaus."
    )


def test_a_broken_channel_is_told_of_in_the_readers_language() -> None:
    said = trouble("fr", channel="phone", reason="connection refused", since=NOW.isoformat(), waiting=2)
    assert "connexion refusée" in said
    assert "connection" not in said


def test_what_is_wrong_is_said_with_its_reason_in_each_language() -> None:
    vitals = Vitals(swept_at=NOW, trouble="the sweep failed", parked={"phone": "connection refused"})
    english = complaints(vitals, NOW, timedelta(minutes=5))
    assert english == ("nothing is sent now: the sweep failed", "channel phone does not work: connection refused")
    german = [problem.translated(language_of("de")) for problem in english if isinstance(problem, Wording)]
    assert len(german) == 2
    assert "der Durchgang ist gescheitert" in german[0]
    assert "Verbindung abgelehnt" in german[1]
