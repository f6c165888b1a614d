"""A push service on loopback, with the browsers that hang on it: what RFC 8030, 8291 and 8292 ask of one.

It takes a message only with a signature that fits (201), keeps it for a browser that is away for as long as its TTL
says, replaces by topic what it keeps, and forgets what is too old. A browser reads what reaches it with `http_ece`,
which is not ours. In a test: `with PushService() as service: browser = service.subscribe(); …; browser.shown`.
"""

from __future__ import annotations

import json
import secrets
import threading
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self

import http_ece
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from reminder.platform.clock import SystemClock
from tests.support.process import PATIENCE
from tests.support.sink import Reply, Request, Sink

MOST_BYTES = 4096
LONGEST_TTL = 28 * 86400
TOPIC_SIGNS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def as_text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def as_bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass(frozen=True, kw_only=True)
class Pushed:
    """A message as the service took it, and as its browser read it."""

    headers: Mapping[str, str]
    body: bytes
    said: dict[str, Any]

    @property
    def ttl(self) -> int:
        return int(self.headers["ttl"])

    @property
    def topic(self) -> str:
        return self.headers.get("topic", "")

    @property
    def urgency(self) -> str:
        return self.headers["urgency"]

    @property
    def title(self) -> str:
        return str(self.said["title"])


@dataclass(kw_only=True)
class PushedTo:
    """A browser. `asked_with` is the public key that it was subscribed with: it takes no other's messages."""

    endpoint: str
    asked_with: str | None = None
    is_there: bool = True
    is_gone: bool = False
    shown: list[Pushed] = field(default_factory=list)
    kept: list[tuple[datetime, Pushed]] = field(default_factory=list)
    auth: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def p256dh(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def subscription(self) -> dict[str, Any]:
        """What `PushSubscription.toJSON()` gives."""
        keys = {"p256dh": as_text(self.p256dh), "auth": as_text(self.auth)}
        return {"endpoint": self.endpoint, "expirationTime": None, "keys": keys}

    @property
    def address(self) -> str:
        """What somebody's address on a channel `webpush://` is."""
        return f"{as_text(self.auth)}.{as_text(self.p256dh)}.{self.endpoint}"

    def read(self, body: bytes) -> dict[str, Any]:
        text = http_ece.decrypt(body, private_key=self.key, auth_secret=self.auth, version="aes128gcm")
        found: dict[str, Any] = json.loads(text)
        return found


class Refused(Exception):
    """What is asked is not as the RFCs want it; `status` is the answer."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class PushService:
    """The service; `sink` is its server, which can be told to answer otherwise. `refused` says why, in order.

    `now` is its clock.
    """

    def __init__(self, now: Callable[[], datetime] | None = None) -> None:
        self.now = now or SystemClock().now
        self.sink = Sink().always(self._answer)
        self.browsers: dict[str, PushedTo] = {}
        self.refused: list[str] = []
        self._changed = threading.Condition()

    def __enter__(self) -> Self:
        self.sink.__enter__()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.sink.close()

    def subscribe(self, *, path: str = "", asked_with: str | None = None) -> PushedTo:
        """Return a new browser of this service."""
        path = f"/push/{path or secrets.token_urlsafe(24)}"
        browser = PushedTo(endpoint=f"http://{self.sink.netloc}{path}", asked_with=asked_with)
        self.browsers[path] = browser
        return browser

    def comes_back(self, browser: PushedTo) -> list[Pushed]:
        """Let a browser that was away show what was kept for it; return that."""
        at = self.now()
        with self._changed:
            browser.is_there = True
            found = [pushed for until, pushed in browser.kept if at < until]
            browser.kept.clear()
            browser.shown += found
        return found

    def wait_for(self, browser: PushedTo, count: int, seconds: float = PATIENCE) -> bool:
        """Wait until a browser has shown so many; tell whether it did."""
        with self._changed:
            return self._changed.wait_for(lambda: len(browser.shown) >= count, seconds)

    def _answer(self, request: Request) -> Reply:
        try:
            return self._take(request)
        except Refused as error:
            self.refused.append(str(error))
            return Reply.json({"message": str(error)}, status=error.status)

    def _take(self, request: Request) -> Reply:
        browser = self.browsers.get(request.path)
        if browser is None:
            raise Refused(404, "no such subscription")
        if browser.is_gone:
            raise Refused(410, "push subscription has unsubscribed or expired")
        if len(request.body) > MOST_BYTES:
            raise Refused(413, "payload too large")
        ttl = _checked_ttl(request)
        signed_by(request, f"http://{request.host}", browser.asked_with, self.now())
        pushed = Pushed(headers=request.headers, body=request.body, said=browser.read(request.body))
        with self._changed:
            if browser.is_there:
                browser.shown.append(pushed)
            elif ttl:
                kept = [each for each in browser.kept if not pushed.topic or each[1].topic != pushed.topic]
                browser.kept = [*kept, (self.now() + timedelta(seconds=ttl), pushed)]
            self._changed.notify_all()
        return Reply(
            status=201, headers={"Location": f"/message/{secrets.token_urlsafe(8)}", "TTL": str(ttl)}, body=b""
        )


def _checked_ttl(request: Request) -> int:
    headers = request.headers
    if headers.get("content-encoding") != "aes128gcm":
        raise Refused(400, "another coding than aes128gcm")
    if not headers.get("ttl", "").isdecimal():
        raise Refused(400, "no TTL")
    if headers.get("urgency", "normal") not in {"very-low", "low", "normal", "high"}:
        raise Refused(400, "no such urgency")
    if len(headers.get("topic", "")) > 32 or not TOPIC_SIGNS.issuperset(headers.get("topic", "")):
        raise Refused(400, "no such topic")
    return min(int(headers["ttl"]), LONGEST_TTL)


def signed_by(request: Request, origin: str, asked_with: str | None, now: datetime) -> str:
    """Return the public key that a request is signed by, at the instant `now`. Raises Refused where RFC 8292 is not kept."""
    scheme, _, rest = request.headers.get("authorization", "").partition(" ")
    parts = dict(part.strip().split("=", 1) for part in rest.split(",") if "=" in part)
    if scheme != "vapid" or set(parts) != {"t", "k"}:
        raise Refused(401, "no VAPID")
    head, said, signature = parts["t"].split(".")
    if json.loads(as_bytes(head)) != {"typ": "JWT", "alg": "ES256"}:
        raise Refused(401, "not ES256")
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), as_bytes(parts["k"]))
    raw = as_bytes(signature)
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    try:
        key.verify(encode_dss_signature(r, s), f"{head}.{said}".encode(), ec.ECDSA(SHA256()))
    except InvalidSignature:
        raise Refused(401, "bad signature") from None
    claims = json.loads(as_bytes(said))
    if claims["aud"] != origin:
        raise Refused(401, "another audience")
    if not 0 < claims["exp"] - now.timestamp() <= 86400:
        raise Refused(401, "expired, or for more than a day")
    if not str(claims["sub"]).startswith(("mailto:", "https:")):
        raise Refused(401, "no contact")
    if asked_with is not None and parts["k"] != asked_with:
        raise Refused(403, "the key in the authorization header does not correspond to the subscription's")
    return parts["k"]
