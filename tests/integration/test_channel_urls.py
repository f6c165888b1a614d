"""A channel's URL is understood as a whole, or it is said what would be lost: over all services, in our own words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from reminder.config.load import parse_config
from reminder.core.model.entities import Channel
from reminder.core.model.secret import Secret
from reminder.core.sending.retry import Failure, FailureKind
from reminder.core.text.message import Words
from reminder.notify.apprise import AppriseTransport
from reminder.notify.given import channel_for
from reminder.notify.judging import problem_of, warnings_of
from reminder.notify.library import loaded, services
from reminder.notify.mail.mailbox import EVERYWHERE, OPTIONS, read_mailbox
from reminder.notify.schemas import NATIVE, lane, scheme_of
from reminder.notify.unusable import Unusable
from reminder.platform.clock import SystemClock

UNDERSTOOD: Final = (Path(__file__).parent.parent / "data" / "channel_urls.txt").read_text().split()
"""URLs as apprise's own descriptions of its services have them: two of each that needs nothing installed."""
BOT: Final = "tgram://110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
HOOK: Final = "discord://417429632418316298/JHMHI8qBe7bk2ZwO5U711o3dV_js"
MAIL: Final = "mailtos://me:pw@example.com"

LIBRARY: Final = re.compile(r"~|\{|\}(?!\))|Error|Exception|[Ii]nvalid|specified|None|apprise\b(?!it)|Notify[A-Z]")
"""Words and signs of the library, which are not ours."""


def problem(url: str) -> str | None:
    return problem_of(Channel(name="x", url=Secret(url)))


def in_our_words(text: str | None) -> bool:
    return text is not None and not LIBRARY.search(re.sub(r"https://\S+", "", text.replace("${NAME:quoted}", "")))


def test_what_every_service_describes_is_understood() -> None:
    assert {url: said for url in UNDERSTOOD if (said := problem(url))} == {}
    assert len({scheme_of(url) for url in UNDERSTOOD}) > 190


@pytest.mark.parametrize("spoilt", ["{}{}zzunheard=7", "{}{}+{{sign}}", "{}{}overflow=zzz"])
def test_an_option_that_nobody_knows_is_an_error_with_every_service(spoilt: str) -> None:
    takes_all = {"notica", "noticas"}
    for url in UNDERSTOOD[::2]:
        if scheme_of(url) in takes_all or ("+" in spoilt and services()[scheme_of(url)].template_kwargs):
            continue
        said = problem(spoilt.replace("+{{sign}}", "+Sign=1").format(url, "&" if "?" in url else "?"))
        assert said is not None, url
        assert in_our_words(said), said


def test_a_url_cut_short_is_told_in_our_words_with_every_service() -> None:
    for scheme in sorted({scheme_of(url) for url in UNDERSTOOD}):
        for url in (f"{scheme}://", f"{scheme}://x", f"{scheme}://x/y", f"{scheme}://a:b@c/d/e/f/g"):
            said = problem(url)
            assert said is None or in_our_words(said), said


WRONG = [
    (f"{HOOK}?tread=7", "there is no option tread=: did you mean thread=?"),
    (f"{HOOK}?thread_name=7", "write thread= with the number of a thread that there is"),
    (f"{HOOK}?username=7", "write it before the webhook's number: discord://NAME@WEBHOOK_ID/WEBHOOK_TOKEN"),
    (f"{HOOK}?thread=7&thread=8", "an option stands there twice (thread=): write it once"),
    (f"{HOOK}?format=htlm", "the value of format= is not known: did you mean format=html?"),
    ("discord://417429632418316298", "WEBHOOK_TOKEN is missing, or is not as the service writes it: write discord://"),
    (f"{BOT}/-100123?parse_mode=HTML", "there is no option parse_mode=: write format=, which is html, markdown or text"),
    (f"{BOT}/-100123?silnet=yes", "did you mean silent=?"),
    (f"{BOT}/not-a-chat!", "a recipient in this tgram:// URL is not one that the service can have: write tgram://BOT_TOK"),
    (f"{BOT}/12345,67890", "names 2 targets; write one channel for each"),
    (f"{BOT}/12345;67890", "would be lost"),
    (f"{BOT}/12345?to=678", "names 2 targets"),
    (BOT, "names no chat: write tgram://BOT_TOKEN/CHAT"),
    ("tgram://mytoken/123", "it is not complete: write tgram://BOT_TOKEN/CHAT, see https://"),
    ("ntfys://topic?prioriti=high", "did you mean priority=?"),
    ("ntfys://topic?titel=x", "there is no option titel="),
    ("ntfys://ntfy.example.org/a,b", "names 2 targets"),
    ("ntfy://admin:hk@aj@ntfy.lan/topic", "two @ stand before the host: write the one in the user or password as %40"),
    ("json://localhost:99999/x", "is a number from 1 to 65535"),
    ("json://localhost/x#frag", "what stands after a # would be lost"),
    ("json://localhost/x?foo=1", "there is no option foo="),
    ("jsons://user:pa:ss@hooks.example.org/x", "the password in this jsons:// URL would be lost"),
    ("jsons://user:pa ss@hooks.example.org/x", "a space stands in it: write it as %20"),
    ("matrix://syt_token@matrix.lan", "it is not complete: write matrix://TOKEN@HOST/!ROOM:SERVER"),
    ("matrix://user:pw@matrix.lan", "names no room: write matrix://TOKEN@HOST/!ROOM:SERVER"),
    ("matrix://tok@matrix.lan/!room:lan?msgtyp=notice", "did you mean msgtype=?"),
    ("matrixs://user:pw@matrix.lan/#a/#b", "names 2 targets"),
    ("slack://T1JJ3T3L2/A1BRTD4JD", "write slack://TOKEN_A/TOKEN_B/TOKEN_C/#CHANNEL"),
    ("signal://signal.lan:8080/+15551112222/foo", "a recipient in this signal:// URL"),
    ("mmost://chat.lan/3ccdd113474722377935511fc85d3dd4?chanel=x", "did you mean channel=?"),
    ("hassio://ha.lan/eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9/notify.phone", "part 1 of the path"),
    ("zulip://bot@org", "TOKEN is missing, or is not as the service writes it: write zulip://BOTNAME@ORGANIZATION/TOKEN"),
    ("pbul://", "ACCESSTOKEN is missing"),
    ("whatsapp://abc", "write whatsapp://TOKEN@FROM_PHONE_ID/TARGETS"),
    ("telegram://x", "there is no service telegram://; did you mean tgram://?"),
    ("https://hooks.example.com/x", "no service known here gives out web addresses on this host: for a program of your own"),
    ("http://192.168.1.5/notify/abc", "for a program of your own write json:// in its place"),
    ("mailto://mail.lan?to=asha@example.com", "does not say who its mail is from: add from=reminder@example.com"),
    (f"{MAIL}?to=anna@example.com;ravi@example.com", "a ; parts options, as & does: write one channel for each address"),
    (f"{MAIL}?to=anna@example.com,ravi@example.com", "names 2 targets; write one channel for each"),
    (f"{MAIL}/anna@example.com?to=ravi@example.com", "names 2 targets"),
    (f"{MAIL}?to=asha", "to= is no mail address: write one such as asha@example.com"),
    (f"{MAIL}/asha", "what stands behind the host is no mail address"),
    (f"{MAIL}?to=anna.@example.com", "to= is no mail address"),
    (f"{MAIL}?to=anna@192.168.1.5", "to= is no mail address"),
    (f"{MAIL}?to=%20,", "to= names nobody"),
    (f"{MAIL}?reply=me", "reply= is no mail address"),
    (f"{MAIL}?from=me@", "from= is no mail address"),
    ("mailtos://me:pw@mail.example.com:993?to=a@example.com", "port 993 is where mail is fetched (IMAP): mail is sent by port 465 or 587"),
    ("mailtos://me:pw@mail.example.com:110?to=a@example.com", "port 110 is where mail is fetched (POP)"),
    ("mailtos://me:pw@imap.example.com?to=a@example.com", "often smtp. in place of imap. or pop."),
    ("mailtos://me:pw@example.com?smtp=pop.example.com&to=a@example.com", "its host is where mail is fetched"),
    (f"{MAIL}?mode=tls", "mode= is one of insecure, starttls, ssl"),
    (f"{MAIL}?tls=yes", "there is no option tls=: write mode=, which is insecure, starttls or ssl"),
    (f"{MAIL}?form=x@y.org", "did you mean format=?"),
    (f"{MAIL}?format=htlm", "format= is text or html"),
    (f"{MAIL}?subject=Hello", "there is no option subject=: write templates:"),
    (f"{MAIL}?+Bcc=x@y.z", "+Bcc= cannot be set: each mail has its own"),
    (f"{MAIL}?+Resent-To=x@y.z", "+Resent-To= cannot be set"),
    (f"{MAIL}?+Content-Type=text/plain", "+Content-Type= cannot be set"),
    (f"{MAIL}?+List-Unsubscribe=%3Chttps://exämple.org%3E", "takes plain letters only (ASCII)"),
    (f"{MAIL}?cc=x@y.z", "cc= cannot be used: write one channel for each address"),
    ("mailtos://me@gmail.com:my@pass#word@gmail.com", "two @ stand before the host"),
    ("mailtos://me:pw@example.com:70000", "is a number from 1 to 65535"),
    ("mailtos://me:Sup3r/more@example.com", "a / is %2F"),
    ("mailtos://", "names no mail server: write mailtos://USER:PASSWORD@HOST?to=ADDRESS"),
]  # fmt: skip


@pytest.mark.parametrize(("url", "said"), WRONG, ids=[url[:60] for url, _ in WRONG])
def test_a_wrong_url_is_told_in_our_words_with_what_to_write(url: str, said: str) -> None:
    found = problem(url)
    assert found is not None
    assert said in found
    assert in_our_words(found), found


RIGHT = [
    f"{HOOK}?thread_id=77",
    f"{HOOK}?thread=77&avatar=no",
    f"{BOT}/-100123:45",
    f"{BOT}/-100123?message_thread_id=45",
    f"{BOT}/-100123?thread_id=45&silent=yes&preview=no",
    "tgram://110201543%3AAAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/@releases",
    "ntfys://topic?priority=high&tag=tv&click=https://example.org/x",
    "ntfy://user:pa%40ss@ntfy.lan:8080/topic",
    "jsons://user:p%40ss@hooks.example.org:8443/a/b?:app=x&+X-Key=abc&-q=1&method=put&verify=no&cto=5",
    "json://[::1]:8080/x",
    "matrixs://syt_token@matrix.example.org/#room:example.org",
    "pover://uuuuuuuuuuuuuuuuuuuuuuuuuuuuuu@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa?device=phone&priority=high",
    "slack://bot@T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#general",
    "ses://anna@example.com/AKIA1234/secret%2Fwith%2Fslash/us-east-1/ravi@example.com",
    "signal://signal.lan:8080/+15551112222/group.dGVzdGdyb3VwaWQ=",
    f"{MAIL}?to=jörg@example.com",
    f"{MAIL}?to=anna@exämple.de",
    f"{MAIL}?to=a@b.c",
    f"{MAIL}?to=anna@[192.168.1.5]",
    f"{MAIL}?to=Asha Rao <asha@example.com>&name=Reminder&reply=me@example.net",
    "mailto://me@[::1]",
    "mailto://[::1]:2525?from=a@b.org&to=c@d.org",
    "mailto://nas?from=reminder@nas&to=anna@mailserver",
    "mailto://localhost",
    "mailtos://_?user=me@example.com&pass=p;w&smtp=smtp.example.com&from=me@example.com".replace(";", "%3B"),
]


@pytest.mark.parametrize("url", RIGHT)
def test_what_a_service_documents_and_people_write_is_understood(url: str) -> None:
    assert problem(url) is None


ADDRESSES = [
    ("https://discord.com/api/webhooks/417429632418316298/JHMHI8qBe7bk2ZwO5U711o3dV_js", "discord"),
    ("https://discordapp.com/api/webhooks/417429632418316298/JHMHI8qBe7bk2ZwO5U711o3dV_js?thread_id=77", "discord"),
    ("https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ", "slack"),
    ("https://ntfy.sh/my-long-topic", "ntfys"),
    ("https://chat.googleapis.com/v1/spaces/AAAAk6lGXyM/messages?key=AIzaSyDdI0hCZtE6&token=O7b1nyri_waOpLMSz", "gchat"),
    ("https://prod-25.westus.logic.azure.com:443/workflows/643e69f83c8944438d68119179a10a64/triggers/manual/paths/"
     "invoke?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=KODuebWbDGYFr0z0eu", "workflows"),
    ("https://default1.a2.environment.api.powerplatform.com/powerautomate/automations/direct/workflows/"
     "643e69f83c8944438d68119179a10a64/triggers/manual/paths/invoke?api-version=1&sp=%2Fx&sv=1.0&sig=KODuebWb", "workflows"),
    ("https://mattermost.example.org/hooks/3ccdd113474722377935511fc85d3dd4", "mmosts"),
    ("https://webexapis.com/v1/webhooks/incoming/" + "a" * 80, "wxteams"),
    ("https://maker.ifttt.com/use/abcDEF123/event", "ifttt"),
    ("https://media.guilded.gg/webhooks/1d7fd3a4-1ea8-4d5d-9b0f-1/token-123", "guilded"),
    ("https://api.flock.com/hooks/sendMessage/abcdefgh-1234-5678-90123", "flock"),
    ("https://open.larksuite.com/open-apis/bot/v2/hook/abc-def", "lark"),
    ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc-def-123", "wecombot"),
    ("https://webhooks.t2bot.io/api/v1/matrix/hook/" + "e5ef4c3ab1d14e5a" * 4, "matrixs"),
    ("https://www.pushplus.plus/send?token=" + "a1b2c3d4" * 4, "pushplus"),
    ("https://push.spug.dev/send/" + "a1b2c3d4" * 4, "spugpush"),
    ("https://api.spike.sh/v1/alerts/" + "a1b2c3d4" * 4, "spike"),
    ("https://qmsg.zendee.cn/send/" + "a1b2c3d4" * 4, "qq"),
]  # fmt: skip


@pytest.mark.parametrize(("url", "scheme"), ADDRESSES, ids=[scheme for _, scheme in ADDRESSES])
def test_an_address_as_the_service_gives_it_is_a_channel(url: str, scheme: str) -> None:
    assert problem(url) is None
    assert scheme_of(url) == scheme
    parts = services()[scheme].parse_native_url(url)
    assert services()[parts["schema"]] is services()[scheme]


def test_two_webhooks_on_one_host_are_two_lanes() -> None:
    assert lane(ADDRESSES[0][0]) != lane(ADDRESSES[1][0].replace("JHM", "KHM"))
    assert lane(ADDRESSES[0][0]).startswith("discord:")


def test_every_service_that_gives_out_addresses_is_known_by_its_host() -> None:
    loaded()
    base = services()["json"].parse_native_url.__qualname__
    giving = {
        service
        for service in map(services().__getitem__, services().schemas())
        if service.parse_native_url.__qualname__ != base
    }
    known = {services()[scheme] for _, scheme in NATIVE} | {services()["workflows"]}
    # One that hands on to another apprise, and one that says there are none.
    assert {service.__name__ for service in giving - known} == {"NotifyAppriseAPI", "NotifyWeChat"}


def test_our_options_of_mail_are_those_of_apprise() -> None:
    loaded()
    assert set(services()["mailto"].template_args) - {"cc", "bcc"} <= OPTIONS | EVERYWHERE
    assert set(services()["mailto"].template_args) | {"user", "pass", "password", "verify"} >= OPTIONS | EVERYWHERE


# Secrets


def configured(url: str, **environ: str) -> Channel:
    text = f"timezone: UTC\nchannels: {{x: '{url}'}}\nwatch: [Ballard]\n"
    return parse_config(text, "config.yaml", environ=environ).channels["x"]


SMTP = "mailtos://me:${PW}@mail.example.com?to=asha@example.com"
SPILLS = [
    (SMTP, "hunter2@Sup3rSecretHost"),
    (SMTP, "Sup3r@Secret9x.com/more"),
    (SMTP, "pa@ss@word1"),
    (SMTP, "Sup3r/more"),
    (SMTP, "Sup3r#more"),
    (SMTP, "Sup3r?more"),
    (SMTP, "Sup3r more"),
    (SMTP, "100%abc"),
    ("mailto://mail.lan?from=a@b.org&to=asha@example.com&user=me&pass=${PW}", "a&b"),
    ("mailto://mail.lan?from=a@b.org&to=asha@example.com&user=me&pass=${PW}", "a;b"),
    ("ntfy://admin:${PW}@ntfy.lan/topic", "hkQR@ajf"),
    ("ntfy://admin:${PW}@ntfy.lan/topic", "hk:QR"),
    ("json://user:${PW}@127.0.0.1/hook", "s3/cret"),
    ("gotify://gotify.lan/${PW}", "AbCd/EfGh"),
    ("matrix://bot:${PW}@matrix.lan/!room:lan", "se#cret"),
    ("json://127.0.0.1/hook?+Authorization=${PW}", "Bearer a&b"),
]


@pytest.mark.parametrize(("url", "secret"), SPILLS)
def test_a_secret_that_would_be_read_as_more_than_a_word_is_an_error_that_shows_none_of_it(
    url: str, secret: str
) -> None:
    channel = configured(url, PW=secret)
    said = problem_of(channel) or ""
    assert said.endswith("write ${PW:quoted}")
    pieces = [each for each in re.split(r"\W", secret) if len(each) > 3]
    assert not any(piece in said for piece in pieces)
    assert problem_of(configured(url.replace("${PW}", "${PW:quoted}"), PW=secret)) is None
    transport = AppriseTransport(clock=SystemClock(), timeout=5.0)
    outcome = transport.send(channel, Words(subject="Ballard"), ref="1")
    transport.close()
    assert isinstance(outcome, Failure)
    assert (outcome.kind, outcome.reason, outcome.is_address) == (FailureKind.CHANNEL, said, False)


FINE = [
    ("tgram://${PW}/123", "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"),
    ("${PW}", "mailtos://me:pa%40ss@mail.example.com?to=asha@example.com"),
    ("${PW}?format=text", "mailtos://me:pw@mail.example.com"),
    (SMTP, "p%40ss%2Fword"),
    (SMTP, "correct-horse_battery.staple~9"),
    (SMTP, "abcd efgh".replace(" ", "%20")),
    (SMTP, "p!a$s*w(o)r'd,x=y"),
    (SMTP, "50%off"),
    (SMTP, "pa:ss"),
    ("discord://${PW}", "417429632418316298/JHMHI8qBe7bk2ZwO5U711o3dV_js"),
]


@pytest.mark.parametrize(("url", "secret"), FINE)
def test_a_secret_that_reads_as_it_was_meant_is_fine(url: str, secret: str) -> None:
    assert problem_of(configured(url, PW=secret)) is None


def test_a_secret_of_a_shared_channel_is_looked_at_with_any_address() -> None:
    url = "mailto://me:${PW}@mail.lan/{address}?from=a@b.org"
    assert (problem_of(configured(url, PW="a@b/c")) or "").endswith("write ${PW:quoted}")
    assert problem_of(configured(url, PW="abc")) is None


@pytest.mark.parametrize("address", ["a@x.org,b@x.org", "nonsense", "anna.@x.org", "a b"])
def test_an_address_that_a_shared_channel_cannot_have_is_that_addresss_fault(address: str) -> None:
    shared = Channel(name="m", url=Secret("mailto://127.0.0.1:9/{address}?from=a@b.org"), is_shared=True)
    transport = AppriseTransport(clock=SystemClock(), timeout=5.0)
    outcome = transport.send(shared.to(address), Words(subject="Ballard"), ref="1")
    transport.close()
    assert isinstance(outcome, Failure)
    assert (outcome.kind, outcome.is_address) == (FailureKind.CHANNEL, True)


@pytest.mark.parametrize("address", ["12345,67890", "not-a-chat!", "12345/67890"])
def test_so_is_a_chat_that_a_bot_cannot_write_to(address: str) -> None:
    shared = Channel(name="bot", url=Secret(f"{BOT}/{{address}}"), is_shared=True)
    transport = AppriseTransport(clock=SystemClock(), timeout=5.0)
    outcome = transport.send(shared.to(address), Words(subject="Ballard"), ref="1")
    transport.close()
    assert isinstance(outcome, Failure)
    assert (outcome.kind, outcome.is_address) == (FailureKind.CHANNEL, True)
    assert in_our_words(outcome.reason)


# Mail


@pytest.mark.parametrize(
    ("url", "mode", "port"),
    [
        ("mailtos://me:pw@mail.example.com", "starttls", 587),
        ("mailtos://me:pw@mail.example.com:465", "ssl", 465),
        ("mailto://me:pw@mail.example.com:465", "ssl", 465),
        ("mailtos://me:pw@mail.example.com:465?mode=starttls", "starttls", 465),
        ("mailtos://me:pw@mail.example.com?mode=ssl", "ssl", 465),
        ("mailto://me:pw@mail.example.com", "insecure", 25),
        ("mailto://me:pw@mail.example.com:2525", "insecure", 2525),
        ("mailtos://me:pw@gmail.com", "starttls", 587),
        ("mailtos://me:pw@yahoo.com", "ssl", 465),
    ],
)
def test_port_465_speaks_tls_from_the_start_and_others_as_they_are_told(url: str, mode: str, port: int) -> None:
    server = read_mailbox(url).server
    assert (server.mode, server.port) == (mode, port)


def test_the_big_providers_servers_are_known() -> None:
    gmail = read_mailbox("mailtos://asha:pw@gmail.com")
    assert (gmail.server.host, gmail.server.user) == ("smtp.gmail.com", "asha@gmail.com")
    assert gmail.head.sender.addr_spec == gmail.head.recipient.addr_spec == "asha@gmail.com"
    yandex = read_mailbox("mailtos://asha%40yandex.ru:pw@yandex.ru")
    assert (yandex.server.host, yandex.server.user) == ("smtp.yandex.ru", "asha")


def test_no_address_is_shown_when_a_mail_url_is_refused() -> None:
    with pytest.raises(Unusable) as why:
        read_mailbox("mailtos://me:hunter2@example.com?to=hunter22")
    assert "hunter" not in str(why.value)


CLEAR = [
    ("mailto://me:pw@mail.example.com", "in clear, for everybody on the way to read: write mailtos://"),
    ("mailto://me:pw@8.8.8.8?from=a@b.org", "write mailtos://"),
    ("json://u:p@8.8.8.8/x", "write jsons://"),
    ("xml://u:p@hooks.example.org/x", "write xmls://"),
    ("form://u@hooks.example.org/x", "write forms://"),
    ("ntfy://u:p@ntfy.example.org/x", "write ntfys://"),
    ("mailto://me:pw@192.168.1.5?from=a@b.org", None),
    ("mailto://me:pw@nas.lan?from=a@b.org", None),
    ("mailto://me:pw@[::1]", None),
    ("mailto://me:pw@mail?from=a@b.org", None),
    ("mailtos://me:pw@mail.example.com", None),
    ("mailto://me:pw@mail.example.com:465", None),
    ("mailto://mail.example.com?from=a@b.org", None),
    ("json://u:p@127.0.0.1/x", None),
    ("json://hooks.example.org/x", None),
    ("jsons://u:p@hooks.example.org/x", None),
]


@pytest.mark.parametrize(("url", "said"), CLEAR)
def test_a_login_that_goes_over_the_internet_in_clear_is_warned_of(url: str, said: str | None) -> None:
    found = list(warnings_of(Channel(name="x", url=Secret(url))))
    assert found == [] if said is None else said in found[0]


FILLED = {
    "USER_KEY": "u" * 30, "ACCESS_TOKEN": "a" * 32, "DEVICE_KEY": "d" * 22, "TO_PHONE": "15551234567",
    "FROM_PHONE_ID": "1234567", "FROM_PHONE": "15557654321", "ACCOUNT_SID": "AC" + "0" * 32, "AUTH_TOKEN": "0" * 32,
    "!ROOM:SERVER": "!abc:example.com", "HOST": "example.com", "PORT": "8080", "USER": "me", "PASSWORD": "pw",
    "ROOM_ID": "abc", "TO_USER": "ravi", "WEBHOOK_ID": "a" * 17, "WEBHOOK_TOKEN": "b" * 43, "TOPIC": "mytopic",
    "CHAT": "12345",
}  # fmt: skip
TOKENS = {"tgram": "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0", "gotify": "A" * 15}


@pytest.mark.parametrize("address", [
    "https://t.me/x", "https://pushover.net/x", "https://api.pushbullet.com/x", "https://api.day.app/x",
    "https://open.feishu.cn/x", "https://oapi.dingtalk.com/x", "https://graph.facebook.com/x",
    "https://api.twilio.com/x", "https://lan/_matrix/x", "http://lan/v2/send", "https://lan/webapi/entry.cgi?SYNO.Chat",
    "https://lan/ocs/v2.php/apps/spreed", "https://lan/ocs/v2.php/x", "http://lan/message?token=x",
    f"https://lan/hooks/{'a' * 17}/{'b' * 43}", f"http://lan/hooks/{'a' * 26}", "https://ntfy.lan/x", "http://lan:8123",
])  # fmt: skip
def test_the_channel_that_is_proposed_for_a_web_address_can_be_used_when_filled_in(address: str) -> None:
    form = (channel_for(address) or "").partition("is written ")[2]
    assert form
    for name in sorted(FILLED, key=len, reverse=True):
        form = form.replace(name, FILLED[name])
    scheme = form.partition(":")[0]
    form = form.replace("TOKEN", TOKENS.get(scheme.removesuffix("s"), "a" * 30))
    assert problem_of(Channel(name="x", url=Secret(form))) is None


TOKEN: Final = "123456789:" + "a" * 35
ALIKE: Final = (
    (f"tgram://{TOKEN}/123?silent=yes", None),
    (f"tgram://{TOKEN}/124?silent=yes", None),
    (f"tgram://{TOKEN}/?silent=yes", "names no chat"),
    (f"tgram://{TOKEN}/123,456?silent=yes", "names 2 targets"),
    (f"tgram://{TOKEN}/123?silnt=yes", "did you mean silent=?"),
    (f"tgram://{TOKEN}/124?silnt=yes", "did you mean silent=?"),
    (f"tgram://{TOKEN}/123?mdv=v2", None),
    (f"tgram://{TOKEN}/123?mdv=v9", "the value of mdv= is not known"),
    (f"tgram://{TOKEN}/124?mdv=v9", "the value of mdv= is not known"),
    ("json://127.0.0.1:9/a?method=POST", None),
    ("json://127.0.0.1:9/b?method=PUSH", "cannot be used"),
    ("json://127.0.0.1:99999/b?method=POST", "the port"),
    ("ntfys://h.example.org/a?priority=high", None),
    ("ntfys://h.example.org/a/b?priority=high", "names 2 targets"),
    ("ntfys://h.example.org/a?to=b&priority=high", "names 2 targets"),
)
"""URLs with the same options, or nearly: what is found of the options of one holds for another, and of nothing else."""


@pytest.mark.parametrize("order", [ALIKE, ALIKE[::-1], ALIKE * 2])
def test_what_was_found_of_one_urls_options_hides_nothing_in_another(order: tuple[tuple[str, str | None], ...]) -> None:
    for url, expected in order:
        said = problem(url)
        assert (expected in (said or "")) if expected else said is None, url


@pytest.mark.parametrize("url", [
    "discord://WEBHOOK_ID/WEBHOOK_TOKEN", "ntfy://TOPIC", "gotifys://HOST/TOKEN", "pover://USER_KEY@TOKEN",
    "tgram://TOKEN/CHAT", "mailtos://USER:PASSWORD@HOST?to=ADDRESS", "discord://{id}/{token}", "ntfys://<topic>",
    "tgram://{TELEGRAM_TOKEN}/123", "ntfy://your-topic", "discord://123456789/YOUR_WEBHOOK_TOKEN",
    "jsons://example.com/hook?+Authorization=<token>", "signal://HOST:8080/FROM_PHONE/TO_PHONE",
])  # fmt: skip
def test_what_stands_for_a_value_is_not_taken_for_one(url: str) -> None:
    assert "a word that stands for something" in (problem_of(Channel(name="x", url=Secret(url))) or "")


@pytest.mark.parametrize(
    "url", ["ntfy://tokens-and-topics", "ntfy://HOSTEL", "json://host/user/key", "ntfy://TV_SHOWS", "ntfy://{address}"]
)
def test_a_value_that_only_looks_like_such_a_word_is_taken(url: str) -> None:
    assert problem_of(Channel(name="x", url=Secret(url))) is None
