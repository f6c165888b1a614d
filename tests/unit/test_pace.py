"""How fast each service may be sent to."""

from __future__ import annotations

import pytest

from reminder.core.sending.rate_limit import SendRate
from reminder.notify.pace import is_private, pace


@pytest.mark.parametrize(
    ("url", "rate", "each", "most"),
    [
        ("tgram://123:abc/456", SendRate(amount=30), SendRate(amount=1), None),
        ("discord://1/abc", SendRate(amount=5, seconds=2), None, None),
        ("slack://a/b/c", SendRate(amount=10), None, None),
        ("ntfys://ntfy.sh/topic", SendRate(amount=10), None, None),
        ("ntfy://192.168.1.5/topic", None, None, None),
        ("ntfy://user:pw@[fd00::1]:8080/topic", None, None, None),
        ("gotify://nas.local/token", None, None, None),
        ("jsons://hooks.example.com/x", None, None, None),
        ("mailtos://me:pw@example.com", None, None, 1),
        ("console://", None, None, None),
    ],
)
def test_each_service_has_its_pace(url: str, rate: SendRate | None, each: SendRate | None, most: int | None) -> None:
    found = pace(url)
    assert (found.rate, found.each, found.most) == (rate, each, most)


def test_the_users_own_rate_wins_and_zero_is_none() -> None:
    assert pace("tgram://123:abc/456", {"telegram": 5}).rate == SendRate(amount=5)
    unlimited = pace("tgram://123:abc/456", {"telegram": 0})
    assert (unlimited.rate, unlimited.each) == (None, None)


def test_two_chats_of_one_bot_share_a_lane_and_two_bots_do_not() -> None:
    assert pace("tgram://123:abc/1").lane == pace("tgram://123:abc/2").lane
    assert pace("tgram://123:abc/1").lane != pace("tgram://124:abc/1").lane


@pytest.mark.parametrize("url", ["json://10.0.0.3", "json://localhost:80/x", "ntfy://[::1]/t", "ntfy://a.home.arpa/t"])
def test_a_host_at_home_is_private(url: str) -> None:
    assert is_private(url)


@pytest.mark.parametrize("url", ["json://8.8.8.8", "tgram://10:abc/1", "ntfy://ntfy.sh/t", "slack://localhostile/b/c"])
def test_any_other_is_not(url: str) -> None:
    assert not is_private(url)
