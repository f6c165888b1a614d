"""A message as a mail: headers, a text part and an HTML part, and an identity that a repeated try keeps."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import Address, BaseHeader, HeaderRegistry
from email.message import EmailMessage
from email.policy import EmailPolicy
from functools import lru_cache
from typing import Any, Final

from reminder.core.text.markup import escape_html
from reminder.core.text.message import Words
from reminder.notify.limits import PLAIN_LIMIT, service
from reminder.notify.text import cut, tidy

BORDER: Final = "=_parts_of_one_message"
"""`=_` occurs in no quoted-printable text and in no base64 (RFC 2045, 6.7)."""

REMEMBERED: Final = 512
"""So many headers are kept as they were parsed and folded."""

OURS: Final = frozenset(
    {"message-id", "date", "from", "sender", "to", "cc", "bcc", "subject", "mime-version", "reply-to"}
    | {"return-path", "received", "delivered-to", "auto-submitted"}
)
"""Headers that a channel's URL cannot set: there must be one of each (RFC 5322, 3.6), or servers set them."""
OUR_FAMILIES: Final = ("content-", "resent-")

IN_WORDS: Final = frozenset({"subject", "comments", "organization"})
"""Headers that hold text, so that encoded words may stand in them (RFC 2047, 5); with those that begin with `X-`."""
FOLDED: Final = frozenset({"subject", "from", "to", "reply-to"})
"""Headers that the library may break into lines. Others stay as they are written, on one line."""
LONGEST_LINE: Final = 998
"""RFC 5322, 2.1.1."""
_NAME: Final = re.compile(r"[!-9;-~]+")


class _Registry(HeaderRegistry):
    """Headers, and their classes, each made once: the library parses them anew for every mail, most of its time.

    A header is a value; those of a part, a sender and a recipient come again with each mail.
    """

    def __init__(self) -> None:
        super().__init__()
        self._made: dict[str, type[BaseHeader]] = {}
        self._parsed = lru_cache(REMEMBERED)(super().__call__)

    def __getitem__(self, name: str) -> type[BaseHeader]:
        key = name.lower()
        if key not in self._made:
            self._made[key] = super().__getitem__(key)
        return self._made[key]

    def __call__(self, name: str, value: Any) -> BaseHeader:
        return self._parsed(name, value) if type(value) is str else super().__call__(name, value)


class _Policy(EmailPolicy):
    """The library's policy for mail on the wire (CRLF); a header that comes again is folded once."""

    def fold_binary(self, name: str, value: str) -> bytes:
        # What cannot be broken at a space, the library encodes; a List-Unsubscribe in encoded words is none (RFC 2369).
        if name.lower() not in FOLDED and value.isascii():
            return f"{name}: {value}\r\n".encode()
        return _folded(self.utf8, name, value)


POLICY: Final = _Policy(linesep="\r\n", header_factory=_Registry())
POLICY_UTF8: Final = POLICY.clone(utf8=True)


@lru_cache(REMEMBERED)
def _folded(utf8: bool, name: str, value: str) -> bytes:
    if name.lower() in IN_WORDS and not utf8 and not value.isascii():
        # The library's policy encodes word by word, and can lose the space before one that it folds at.
        encoded = Header(value, "utf-8", header_name=name).encode(linesep="\r\n")
        return f"{name}: {encoded}\r\n".encode()
    # Not by the policy at hand: the library makes a copy of it for each part of each mail.
    return EmailPolicy.fold_binary(POLICY_UTF8 if utf8 else POLICY, name, value)


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A mail ready to go: who it is from and to, and its bytes with CRLF line ends."""

    sender: str
    recipient: str
    content: bytes
    needs_utf8: bool = False


def header_problem(name: str, value: str) -> str | None:
    """Say why a header of a channel's URL cannot be written into a mail, None if it can."""
    key = name.strip().lower()
    if not _NAME.fullmatch(name.strip()):
        return "a header's name is made of letters, digits and -"
    if key in OURS or key.startswith(OUR_FAMILIES):
        return f"+{name.strip()}= cannot be set: each mail has its own"
    if not value.isascii() and not _is_text(key):
        return f"+{name.strip()}= takes plain letters only (ASCII): it is no text for people"
    if len(key) + len(value) + 2 > LONGEST_LINE:
        return f"+{name.strip()}= is longer than a line of a mail may be ({LONGEST_LINE})"
    return None


def _is_text(key: str) -> bool:
    return key in IN_WORDS or key.startswith("x-")


def message_id(ref: str, sender: str) -> str:
    """Return the Message-ID of the delivery `ref`: the same for each try, so that a copy can be told for one."""
    digest = hashlib.sha256(ref.encode()).hexdigest()[:32]
    return f"<{digest}@{sender.rpartition('@')[2]}>"


def list_id(name: str, sender: str) -> str:
    """Return what a mail over the shared channel `name` says of its list: one value for all its mails (RFC 2919)."""
    label = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "list"
    return f"<{label}.reminder.{sender.rpartition('@')[2]}>"


@dataclass(frozen=True, kw_only=True)
class Head:
    """The headers that the mails of one channel share, and its name; `shared` is that of one that many people have."""

    sender: Address
    recipient: Address
    reply_to: tuple[Address, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    shared: str | None = None
    channel: str | None = None


def write_mail(head: Head, words: Words, *, ref: str, plain: bool, text_only: bool, now: datetime) -> Mail:
    """Return `words` as a mail."""
    message = EmailMessage(policy=POLICY)
    message["From"], message["To"] = str(head.sender), str(head.recipient)
    if head.reply_to:
        message["Reply-To"] = ", ".join(map(str, head.reply_to))
    _head(message, head, words, ref, now)
    _fill(message, words.short() if plain else words.with_links(), plain=plain, text_only=plain or text_only)
    sender, recipient = head.sender.addr_spec, head.recipient.addr_spec
    needs_utf8 = not (sender + recipient).isascii()
    policy = POLICY_UTF8 if needs_utf8 else POLICY
    return Mail(sender=sender, recipient=recipient, content=message.as_bytes(policy=policy), needs_utf8=needs_utf8)


def _head(message: EmailMessage, head: Head, words: Words, ref: str, now: datetime) -> None:
    limits, sender = service("mailto"), head.sender.addr_spec
    message["Subject"] = cut(" ".join(tidy(words.subject).split()), limits.title or PLAIN_LIMIT)
    message["Date"] = now
    message["Message-ID"] = message_id(ref, sender)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834, 5: no out-of-office note comes back
    for header, value in head.headers:
        if header_problem(header, value) is None:
            message[header.strip()] = " ".join(value.split())
    _list(message, head, words, sender)


def _list(message: EmailMessage, head: Head, words: Words, sender: str) -> None:
    """Say by which press of a button mail to this address ends (RFC 8058), and of what list it is (RFC 2919).

    What the channel's URL says of either stands. Each is a line of its own, whatever its length: a mail program follows
    an address that is written as it is, and no other.
    """
    end = words.unsubscribe
    if end is not None and len(end) <= LONGEST_LINE - len("List-Unsubscribe: <>") and "List-Unsubscribe" not in message:
        message["List-Unsubscribe"] = f"<{end}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    name = head.shared or (head.channel if end is not None else None)
    if name is not None and "List-Id" not in message:
        message["List-Id"] = list_id(name, sender)


def _fill(message: EmailMessage, words: Words, *, plain: bool, text_only: bool) -> None:
    limit = PLAIN_LIMIT if plain else service("mailto").body or PLAIN_LIMIT
    body = cut(tidy(words.plain()), limit, link=words.link)
    message.set_content(body.rstrip() + "\n")
    html = tidy(words.html())
    if not text_only and len(html) <= limit:
        # A border of our own: for the library's, it compiles a pattern for each mail.
        message.make_alternative(boundary=_border(message, body, html))
        message.add_alternative(_page(words.subject, html), subtype="html")


def _border(message: EmailMessage, *texts: str) -> str:
    """Return what parts the parts: the same in each mail, but for one whose text holds it (RFC 2046, 5.1.1)."""
    if not any(BORDER in text for text in texts):
        return BORDER
    return hashlib.sha256(str(message["Message-ID"]).encode()).hexdigest()[:40]


def _page(subject: str, body: str) -> str:
    return (
        '<!DOCTYPE html>\n<html>\n<head><meta charset="utf-8">'
        f"<title>{escape_html(tidy(subject))}</title></head>\n<body>\n{body}\n</body>\n</html>\n"
    )
