"""A channel written as something else than a URL of its service: what is meant is said, and none of it repeated."""

from __future__ import annotations

from typing import Final

import pytest

from reminder.config.parsers import parse_channel
from reminder.notify import schemas

PLANTED: Final = "abcdefghijklmnopqrstuvwxyz"


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (f"https://api.telegram.org/bot123456:{PLANTED}/sendMessage?chat_id=1", "Telegram: its channel is written tgram://TOKEN/CHAT"),
        ("https://t.me/mybot", "Telegram: its channel is written tgram://TOKEN/CHAT"),
        (f"https://gotify.example.com/message?token={PLANTED}", "Gotify: its channel is written gotifys://HOST/TOKEN"),
        (f"http://nas.lan:8080/gotify/message?token={PLANTED}", "Gotify: its channel is written gotify://HOST/TOKEN"),
        ("https://ntfy.example.com/topic", "ntfy: its channel is written ntfys://HOST/TOPIC"),
        (f"https://open.rocket.chat/hooks/5f7f1a2b3c4d5e6f7/{PLANTED}", "Rocket.Chat: its channel is written rockets://WEBHOOK_ID"),
        (f"http://chat.lan:8065/hooks/{PLANTED}", "Mattermost: its channel is written mmost://HOST/TOKEN"),
        ("https://api.pushover.net/1/messages.json", "Pushover: its channel is written pover://USER_KEY@TOKEN"),
        ("http://192.168.1.5:8080/v2/send", "Signal: its channel is written signal://HOST:PORT/FROM_PHONE/TO_PHONE"),
        ("http://homeassistant.local:8123", "Home Assistant: its channel is written hassio://HOST:PORT/ACCESS_TOKEN"),
        (f"https://matrix.org/_matrix/client/v3/rooms?access_token={PLANTED}", "Matrix: its channel is written matrixs://TOKEN@HOST"),
        (f"https://nas.lan:5001/webapi/entry.cgi?api=SYNO.Chat.External&token={PLANTED}", "Synology Chat: its channel is written synologys"),
        ("https://cloud.lan/ocs/v2.php/apps/spreed/api/v1/bot/x/message", "Nextcloud Talk: its channel is written nctalks"),
        (f"https://open.feishu.cn/open-apis/bot/v2/hook/{PLANTED}", "Feishu: its channel is written feishu://TOKEN"),
        (f"https://contoso.webhook.office.com/webhookb2/{PLANTED}@x/IncomingWebhook/y/z", "Microsoft has ended"),
        # addresses of programs of one's own stay theirs
        ("http://homeassistant.local:8123/api/webhook/some-id", "for a program of your own write json:// in its place"),
        ("https://hooks.zapier.com/hooks/catch/123/abc", "for a program of your own write jsons:// in its place"),
        ("http://192.168.1.5/hooks/on", "for a program of your own write json:// in its place"),
    ],
)  # fmt: skip
def test_a_web_address_of_a_service_is_answered_with_its_channel(address: str, said: str) -> None:
    complaint = schemas.refusal(address) or ""
    assert said in complaint
    assert PLANTED not in complaint


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0", "a Telegram bot's token is one part of it: write tgram://TOKEN/CHAT"),
        ("-1001234567890", "a chat's number is one part of it: write tgram://TOKEN/CHAT"),
        ("@mychannel", "a chat's name is one part of it: write tgram://TOKEN/CHAT"),
        ("+49 170 1234567", "a phone's number is one part of it: write signal://HOST:8080/FROM_PHONE/TO_PHONE"),
        ("anna@example.com", "a mail address is one part of it: write mailtos://USER:${MAIL_PASSWORD:quoted}@SMTP_HOST"),
        ("Telegram", "a service's name is none yet: write tgram://TOKEN/CHAT"),
        ("e-mail", "a service's name is none yet: write mailtos://"),
        ("console", "a service's name is none yet: write console://"),
        ("ntfy.sh/mytopic", "which is missing here: write https:// in front"),
        ("discord.com/api/webhooks/1/abc", "which is missing here: write https:// in front"),
        ("mailto:anna@example.com", "behind its colon stand two slashes"),
        ("tgram:123456:abc/1", "behind its colon stand two slashes"),
        ("https:/discord.com/api/webhooks/1/abc", "behind its colon stand two slashes"),
        ("anna:hunter2@example.com", "such as mailto://, tgram://, discord:// or console://"),
        ("nonsense", "such as mailto://, tgram://, discord:// or console://"),
    ],
)  # fmt: skip
def test_what_is_no_url_is_answered_with_the_url_it_belongs_to(written: str, said: str) -> None:
    with pytest.raises(ValueError, match="a channel is a URL with a scheme") as raised:
        parse_channel(written)
    assert said in str(raised.value)
    assert written.isalpha() or written not in str(raised.value)
