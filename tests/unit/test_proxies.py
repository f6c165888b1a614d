"""Which hosts are reached without a proxy."""

from __future__ import annotations

import pytest

from reminder.core.sending.proxies import is_of_home, leaves_out

LEFT_OUT = [
    ("127.0.0.1", "127.0.0.1", 80, True),
    ("127.0.0.1:8080", "127.0.0.1", 8080, True),
    ("127.0.0.1:8080", "127.0.0.1", 80, False),
    ("127.0.0.0/8", "127.9.9.9", 80, True),
    ("10.0.0.0/8,192.168.0.0/16", "192.168.1.5", 80, True),
    ("10.0.0.0/8", "192.168.1.5", 80, False),
    ("fd00::/8", "fd00::25", 80, True),
    ("[fd00::25]:25", "fd00::25", 25, True),
    ("example.org", "example.org", 443, True),
    ("example.org", "hooks.example.org", 443, True),
    (".example.org", "hooks.example.org", 443, True),
    ("*.example.org", "hooks.example.org", 443, True),
    ("example.org", "badexample.org", 443, False),
    ("example.org:8443", "hooks.example.org", 8443, True),
    ("example.org:8443", "hooks.example.org", 443, False),
    ("EXAMPLE.org", "Hooks.Example.ORG.", 443, True),
    ("a.org  b.org", "b.org", 443, True),
    ("*", "anything.org", 443, True),
    ("", "example.org", 443, False),
    (",,", "example.org", 443, False),
    ("1.5", "192.168.1.5", 80, False),
]


@pytest.mark.parametrize(("none_for", "host", "port", "is_so"), LEFT_OUT)
def test_no_proxy_is_read_in_every_form(none_for: str, host: str, port: int, is_so: bool) -> None:
    assert leaves_out(none_for, host, port) is is_so


@pytest.mark.parametrize(
    ("host", "is_so"),
    [
        ("localhost", True), ("127.0.0.1", True), ("::1", True), ("192.168.1.5", True), ("fd00::1", True),
        ("169.254.1.1", True), ("nas", True), ("nas.lan", True), ("printer.LOCAL", True), ("ha.home.arpa", True),
        ("8.8.8.8", False), ("api.telegram.org", False), ("2606:4700::1111", False), ("lan.example.org", False),
    ],
)  # fmt: skip
def test_what_is_at_home_is_reached_straight(host: str, is_so: bool) -> None:
    assert is_of_home(host) is is_so
