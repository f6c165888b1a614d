"""Fetching through a proxy: which hosts go through it, what it is told, and what is refused all the same."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from reminder.core.sending.proxies import Proxies, proxies_of
from reminder.core.sourcing.answers import AccessRefused, NoAnswer, Unavailable
from reminder.platform.clock import SystemClock
from reminder.sources.fetch import FetchedAnswer, Fetcher
from tests.support.proxy import Proxy
from tests.support.sink import Reply, Sink

SECRET = "pr0xy-s3cret"
PUBLIC, INSIDE = "93.184.215.14", "10.0.0.7"


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[Proxy]:
    with Proxy(tmp_path) as made:
        made.always(Reply(body=b"through"))
        yield made


def fetch(
    url: str,
    proxy: Sink,
    *,
    private: frozenset[str] = frozenset(),
    none_for: str = "",
    login: str = "",
    known: dict[str, str] | None = None,
    trusts_it: bool = True,
) -> FetchedAnswer | NoAnswer:
    """Fetch through `proxy`, where names have the addresses that `known` gives them, and others cannot be looked up."""

    def look_up(host: str) -> list[str]:
        if known and host in known:
            return [known[host]]
        if host == "127.0.0.1":
            return [host]
        raise socket.gaierror

    def context() -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(proxy.bundle) if isinstance(proxy, Proxy) and trusts_it else None)

    at = f"http://{login}{proxy.netloc}"
    fetcher = Fetcher(
        clock=SystemClock(),
        private=private,
        seconds=5.0,
        proxies=proxies_of({"HTTPS_PROXY": at, "HTTP_PROXY": at, "NO_PROXY": none_for}),
        look_up=look_up,
        context=context,
    )
    return fetcher.get(url, {"X-Key": "k"})


@pytest.mark.parametrize(
    ("environ", "url", "host"),
    [
        ({}, "https://a.example/", None),
        ({"HTTPS_PROXY": "http://p:3128"}, "https://a.example/", "p"),
        ({"HTTPS_PROXY": "p:3128"}, "https://a.example/", "p"),
        ({"HTTPS_PROXY": "http://p:3128"}, "http://a.example/", None),
        ({"https_proxy": "http://small", "HTTPS_PROXY": "http://p"}, "https://a.example/", "small"),
        ({"ALL_PROXY": "http://p"}, "http://a.example/", "p"),
        ({"HTTPS_PROXY": "http://p", "NO_PROXY": "b.example, a.example"}, "https://a.example/", None),
        ({"HTTPS_PROXY": "http://p", "NO_PROXY": ".example"}, "https://a.example/", None),
        ({"HTTPS_PROXY": "http://p", "NO_PROXY": "example"}, "https://a.example/", None),
        ({"HTTPS_PROXY": "http://p", "NO_PROXY": "ample"}, "https://a.example/", "p"),
        ({"HTTPS_PROXY": "http://p", "NO_PROXY": "*"}, "https://a.example/", None),
        ({"HTTPS_PROXY": "http://p", "NO_PROXY": "a.example:8443"}, "https://a.example:8443/", None),
        ({"HTTPS_PROXY": "http://p", "NO_PROXY": "a.example:8443"}, "https://a.example/", "p"),
        ({"HTTPS_PROXY": "http://p", "NO_PROXY": "93.184.0.0/16"}, f"https://{PUBLIC}/", None),
        ({"HTTPS_PROXY": "http://p", "NO_PROXY": "93.185.0.0/16"}, f"https://{PUBLIC}/", "p"),
        ({"HTTPS_PROXY": "http://p"}, "https://192.168.1.5:8989/", None),
        ({"HTTPS_PROXY": "http://p"}, "https://localhost/", None),
        ({"HTTPS_PROXY": "http://p"}, "https://[::1]/", None),
    ],
)
def test_which_hosts_are_asked_through_a_proxy(environ: dict[str, str], url: str, host: str | None) -> None:
    found = proxies_of(environ).of(urlsplit(url))
    assert (found.host if found else None) == host


def test_https_goes_through_a_tunnel_whose_certificate_is_the_hosts(proxy: Proxy) -> None:
    found = fetch("https://catalogue.example/a?b=c", proxy)
    assert isinstance(found, FetchedAnswer), found
    assert found.body == b"through"
    (request,) = proxy.requests
    assert (request.host, request.path, request.headers["x-key"]) == ("catalogue.example", "/a?b=c", "k")


def test_a_network_that_signs_by_itself_is_told_with_what_to_do(proxy: Proxy) -> None:
    found = fetch("https://catalogue.example/", proxy, trusts_it=False)
    assert isinstance(found, Unavailable), found
    assert "its certificate is not trusted (" in found.reason
    assert found.reason.endswith("; behind a company's proxy, name its authority's file in SSL_CERT_FILE")


def test_http_is_asked_of_the_proxy_by_its_whole_address(proxy: Proxy) -> None:
    assert isinstance(fetch("http://catalogue.example/a?b=c", proxy, login=f"me:{SECRET}@"), FetchedAnswer)
    (request,) = proxy.requests
    assert request.path == "http://catalogue.example/a?b=c"
    assert request.headers["host"] == "catalogue.example"
    assert request.headers["proxy-authorization"].startswith("Basic ")


def test_a_proxy_that_wants_another_login_is_named_as_what_refuses(proxy: Proxy) -> None:
    proxy.always(Reply(status=407))
    assert fetch("http://catalogue.example/", proxy) == AccessRefused(reason="the proxy wants another login (407)")


def test_the_proxys_login_is_for_the_proxy_alone_and_stands_nowhere(proxy: Proxy) -> None:
    fetch("https://catalogue.example/", proxy, login=f"me:{SECRET}@")
    assert "proxy-authorization" not in proxy.requests[0].headers
    assert SECRET not in repr(proxies_of({"HTTPS_PROXY": f"http://me:{SECRET}@p"}))
    proxy.turns_away = True
    told = fetch("https://catalogue.example/", proxy, login=f"me:{SECRET}@")
    assert told == Unavailable(reason="the proxy did not let it through (403)")


def test_a_name_that_leads_inside_is_refused_before_the_proxy_hears_of_it(proxy: Proxy) -> None:
    for url in ("https://inside.example/", "http://inside.example/"):
        found = fetch(url, proxy, known={"inside.example": INSIDE})
        assert found == AccessRefused(reason="inside.example has a private address, which is not fetched from")
    assert proxy.connections == 0


def test_a_host_that_the_config_names_is_the_proxys_to_find(proxy: Proxy) -> None:
    here = frozenset({"nas.home.example"})
    known = {"nas.home.example": INSIDE}
    assert isinstance(fetch("https://nas.home.example/", proxy, private=here, known=known), FetchedAnswer)


def test_a_private_address_in_numbers_goes_past_the_proxy(proxy: Proxy) -> None:
    with Sink() as near:
        near.always(Reply(body=b"near"))
        found = fetch(f"http://{near.netloc}/", proxy, private=frozenset({"127.0.0.1"}))
        assert isinstance(found, FetchedAnswer)
        assert (found.body, proxy.connections) == (b"near", 0)
        assert isinstance(fetch(f"http://{near.netloc}/", proxy), AccessRefused)


def test_a_redirect_to_another_host_is_given_to_the_proxy_as_the_address_that_was_checked(proxy: Proxy) -> None:
    proxy.script(Reply.redirect("https://other.example/there"), on="catalogue.example")
    fetch("https://catalogue.example/", proxy, known={"other.example": PUBLIC})
    assert [request.host for request in proxy.requests] == ["catalogue.example"]
    assert proxy.tunnels == ["catalogue.example:443", f"{PUBLIC}:443"]


@pytest.mark.parametrize(
    ("to", "known"),
    [
        ("https://inside.example/", {"inside.example": INSIDE}),
        ("https://unknown.example/", {}),
        ("http://other.example/", {"other.example": PUBLIC}),
    ],
)
def test_a_redirect_that_cannot_be_checked_is_not_followed(proxy: Proxy, to: str, known: dict[str, str]) -> None:
    proxy.script(Reply.redirect(to), on="catalogue.example")
    assert isinstance(fetch("https://catalogue.example/", proxy, known=known), AccessRefused)
    assert proxy.tunnels == ["catalogue.example:443"]


def test_a_redirect_on_the_same_host_goes_on_by_name(proxy: Proxy) -> None:
    proxy.script(Reply.redirect("/there"), on="catalogue.example")
    assert isinstance(fetch("https://catalogue.example/", proxy), FetchedAnswer)
    assert set(proxy.tunnels) == {"catalogue.example:443"}


@pytest.mark.parametrize("said", ["socks5://p:1080", "https://p:3128", "http://"])
def test_a_proxy_of_another_kind_is_refused_and_not_gone_past(said: str) -> None:
    with Sink() as there:
        proxies = Proxies(by_scheme={"http": said})
        fetcher = Fetcher(clock=SystemClock(), private=None, proxies=proxies, look_up=lambda host: ["127.0.0.1"])
        found = fetcher.get(f"http://catalogue.example:{there.port}/")
        assert isinstance(found, AccessRefused)
        assert "http://HOST:PORT" in found.reason
        assert there.connections == 0


def test_a_proxy_that_is_not_there_is_named_as_what_is_missing() -> None:
    with Sink() as gone:
        pass
    found = fetch("https://catalogue.example/", gone)
    assert found == Unavailable(reason="the proxy cannot be reached: the connection was refused")


def test_no_proxy_goes_past_it(proxy: Proxy) -> None:
    with Sink() as there:
        there.always(Reply(body=b"straight"))
        url = f"http://catalogue.example:{there.port}/"
        found = fetch(
            url,
            proxy,
            private=frozenset({"catalogue.example"}),
            none_for="catalogue.example",
            known={"catalogue.example": "127.0.0.1"},
        )
        assert isinstance(found, FetchedAnswer)
        assert (found.body, proxy.connections) == (b"straight", 0)
