"""A text on its last step to a service: cut, defused, scrubbed, and which URLs are taken at all."""

from __future__ import annotations

import re

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from reminder.core.text.message import BodyLine, Words
from reminder.notify import schemas
from reminder.notify.compose import ServiceShape, fit
from reminder.notify.limits import SERVICES, TextForm, Unit
from reminder.notify.scrub import line, secret_parts
from reminder.notify.text import ZERO_WIDTH_SPACE, cut, defuse, size, tidy

FAMILY = "\N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL}"
LINK = "https://example.com/ballard"


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("short", 5, "short"),
        ("too long", 5, "too…"),
        ("abcdef", 5, "abcd…"),
        ("abcde\u0301fgh", 6, "abcd…"),  # the letter at the edge has its accent beyond it
        (f"ab{FAMILY}cd", 6, "ab…"),  # the family is eight units and one grapheme
        (f"{FAMILY}{FAMILY}", 9, f"{FAMILY}…"),
        ("e\u0301e\u0301e\u0301", 5, "e\u0301e\u0301…"),
        ("one line\nanother", 11, "one line…"),
    ],
)
def test_a_text_is_cut_between_graphemes(text: str, limit: int, expected: str) -> None:
    assert cut(text, limit) == expected


def test_a_cut_text_keeps_its_link() -> None:
    text = "x" * 500 + "\n" + LINK
    assert cut(text, 100, link=LINK) == "x" * (100 - len(LINK) - 2) + f"…\n{LINK}"


def test_a_link_that_would_take_most_of_the_room_is_left_out() -> None:
    assert cut("x" * 500, 40, link=LINK) == "x" * 39 + "…"


@given(text=st.text(), limit=st.integers(2, 60), unit=st.sampled_from(Unit))
def test_a_cut_text_fits_and_splits_no_grapheme(text: str, limit: int, unit: Unit) -> None:
    text = tidy(text)
    found = cut(text, limit, unit=unit)
    assert size(found, unit) <= limit or limit < size("…", unit)
    kept = found.removesuffix("…")
    assert text.startswith(kept) or text == found
    edges = {0} | {each.end() for each in regex.finditer(r"\X", text)}
    assert len(kept) in edges or text[: len(kept)].rstrip() == kept


@pytest.mark.parametrize(
    "mention",
    ["@everyone", "@here", "<@123456789>", "<@&123456789>", "<!channel>", "<!here>", "@channel", "@all", "@**all**",
     "x@everyone", "@john", "<@!42>"],
)  # fmt: skip
def test_a_mention_is_broken_and_reads_the_same(mention: str) -> None:
    found = defuse(f"Ballard {mention} premieres")
    assert mention not in found
    assert found.replace(ZERO_WIDTH_SPACE, "") == f"Ballard {mention} premieres"


@pytest.mark.parametrize(
    "text", ["me@example.com", "<b>", "5 < 6 @ 7", "https://medium.com/@author", "a & b", "@ home", "<https://x.org>"]
)
def test_what_is_no_mention_stays_as_it_is(text: str) -> None:
    assert defuse(text) == text


def test_a_group_in_a_web_address_is_percent_encoded() -> None:
    assert defuse("see https://example.com/@everyone now") == "see https://example.com/%40everyone now"


@given(text=st.text(st.sampled_from("@<>!&#everyonhclx 1*"), max_size=40))
def test_no_mention_survives(text: str) -> None:
    found = defuse(text)
    assert not re.search(r"@(everyone|here|channel|all)|<@[!&]?\w|<[!#]\w", found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\x00b\x07c", "abc"),
        ("\u202etxt.exe\u202c", "txt.exe"),
        ("lone \ud800 half", "lone \ufffd half"),
        ("a\r\nb\rc\td", "a\nb\nc\td"),
        ("\u2068Fauda\u2069", "\u2068Fauda\u2069"),
    ],
)
def test_what_no_service_can_store_is_taken_out(text: str, expected: str) -> None:
    assert tidy(text) == expected


WORDS = Words(
    subject="Ballard <b> @everyone",
    body=(BodyLine(text="Wednesday, July 9 *all*"), BodyLine(text="x" * 3000), BodyLine(text="More", link=LINK)),
    link=LINK,
)


def shaped(scheme: str) -> ServiceShape:
    service = SERVICES[scheme]
    return ServiceShape(
        write=service.write or TextForm.TEXT,
        declare=service.declare or TextForm.TEXT,
        body=service.body or 32768,
        title=250 if service.title is None else service.title,
        unit=service.unit,
        defuse=service.defuse,
    )


@pytest.mark.parametrize("scheme", sorted(SERVICES))
def test_every_listed_service_gets_a_text_within_its_limits(scheme: str) -> None:
    to = shaped(scheme)
    long = Words(subject="S" * 400, body=(BodyLine(text=("y" * 990 + "\n") * 250),), link=LINK)
    for words in (WORDS, long):
        for plain in (False, True):
            fitted = fit(words, to, plain=plain)
            # Entities count as the character they stand for (Telegram), so HTML may be longer than the limit.
            assert size(fitted.body, to.unit) <= to.body or fitted.form is TextForm.HTML
            assert size(fitted.title, to.unit) <= to.title
            assert fitted.body.strip()


def test_what_is_too_long_for_markup_goes_as_text_with_its_link() -> None:
    fitted = fit(WORDS, shaped("discord"))
    assert fitted.body.endswith(f"…\n{LINK}")
    assert "**" not in fitted.body


def test_a_plain_try_is_short_and_bare() -> None:
    fitted = fit(WORDS, shaped("tgram"), plain=True)
    assert fitted.form is TextForm.TEXT
    assert fitted.body == f"Ballard <b> @{ZERO_WIDTH_SPACE}everyone\nWednesday, July 9 *all*"


SECRET_URLS = [
    ("tgram://110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/12315544", ["AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw", "12315544"]),
    ("discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js", ["4174216298", "JHMHI8qBe7bk2ZwO5U711o3dV_js"]),
    ("mailtos://me:p%40ss%20word@example.com", ["p@ss word", "p%40ss%20word", "me:p%40ss%20word"]),
    ("json://example.com/hook/s3cr3t-path?+Authorization=Bearer%20abc123", ["s3cr3t-path", "Bearer abc123", "abc123"]),
]  # fmt: skip


@pytest.mark.parametrize(("url", "planted"), SECRET_URLS)
def test_no_part_of_a_url_survives_in_a_reason(url: str, planted: list[str]) -> None:
    for secret in planted:
        assert secret not in line(f"the service said {secret}!", secret_parts(url))
        assert secret not in line(f"see https://api.example.org/bot{secret}/x", secret_parts(url))


def test_a_host_name_may_be_shown() -> None:
    assert line("no route to example.com", secret_parts("json://user:pw12@example.com/x")) == "no route to example.com"


def test_a_reason_is_one_short_line() -> None:
    assert line("a\r\nb\x00\u202ec" + "d" * 500) == "a b c" + "d" * 154 + "…"
    assert line("half \ud83d a letter") == "half a letter"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nonsense", "this is not a channel URL: write SERVICE://…"),
        ("telegram://x/y", "there is no service telegram://; did you mean tgram://?"),
        ("discrod://x/y", "there is no service discrod://; did you mean discord://?"),
        ("https://hooks.example.com/1/2", "no service known here gives out web addresses on this host: for a program"),
        ("syslog://", "syslog:// writes to this machine only; if that is meant, add syslog to allow_schemas"),
        ("windows://", "windows:// writes to this machine only"),
        ("apprise://host/token", "apprise:// hands the message to another program"),
        ("discord://1/2?template=/etc/passwd", "template= reads a file"),
        ("ntfy://topic?attach=/etc/passwd", "attach= reads a file"),
        ("mailto://a:b@c.org?cc=d@e.org", "cc= cannot be used: write one channel for each address"),
        ("mailto://a:b@c.org?pgp=encrypt", "pgp= cannot be used: encrypted mail is not supported"),
    ],
)
def test_a_url_that_is_not_taken_is_answered_with_what_to_write(url: str, said: str) -> None:
    assert (schemas.refusal(url) or "").startswith(said)


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("console://", ()),
        ("json://localhost/", ()),
        ("TGRAM://token/chat", ()),
        ("mailto://a:b@c.org?cc=&pgp=no", ()),
        ("syslog://", ("syslog",)),
        ("discord://1/2?template=/x.json", ("discord",)),
    ],
)
def test_the_rest_is_taken(url: str, allowed: tuple[str, ...]) -> None:
    assert schemas.refusal(url, allowed) is None


def test_a_lane_is_one_endpoint_and_credential_and_tells_neither() -> None:
    bot = schemas.lane("tgram://110201543:AAHdqTcv/1")
    assert bot == schemas.lane("TGRAM://110201543:AAHdqTcv/2?silent=yes")
    assert bot != schemas.lane("tgram://110201544:AAHdqTcv/1")
    assert bot.startswith("tgram:")
    assert "AAHdqTcv" not in bot
    assert schemas.describe("tgram://110201543:AAHdqTcv/1") == "tgram://"
