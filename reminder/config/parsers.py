"""Parsers of single texts of the config; a wrong one raises a ValueError that says what to write instead.

What may hold a secret is never repeated in an error.
"""

from __future__ import annotations

import enum
import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Final, TypeVar

from reminder.config.bare import what_it_may_be
from reminder.config.names import did_you_mean, nearest
from reminder.config.secrets import DOLLAR, check_dollars
from reminder.core.dates.local_time import QuietHours
from reminder.core.model.database import understood
from reminder.core.model.digest import WEEKDAYS, Digest, Every
from reminder.core.model.entities import ADDRESS, NOTICES, Kind, Role
from reminder.core.model.names import is_shown
from reminder.core.wording import Wording, marked
from reminder.texts.languages.choice import offered, spelt
from reminder.texts.templates.engine import check_template

MAX_TEXT: Final = 500
MAX_NAME: Final = 80
MAX_ADDRESS: Final = 900
"""A browser's address is the longest."""
NONE: Final = frozenset({"none", "off", "no", "never"})
YES: Final = frozenset({"true", "yes", "on"})
NO: Final = frozenset({"false", "no", "off"})
UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
RATE: Final = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,3})?")
SEASON: Final = re.compile(r"(?:s|season|staffel|saison|temporada|#)[ .]?(\d{1,4})", re.ASCII | re.IGNORECASE)
DURATION: Final = re.compile(r"(\d{1,6})([smhdw])", re.ASCII)
SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")

#: the words of `only:`, in SPEC's order: roles of releases, and kinds of messages that can be kept from a channel
ONLY_WORDS: Final = (
    *(str(role) for role in Role),
    *(str(kind) for kind in Kind if kind not in {Kind.REMINDER, Kind.DIGEST, Kind.TEST, Kind.CODE}),
)

TEMPLATED: Final = tuple(kind for kind in Kind if kind is not Kind.CODE)
"""The kinds that may have words of the user's own; a code would be lost in them."""

PUSH: Final = "webpush://"
EACH_BROWSER: Final = f"{PUSH}/{ADDRESS}"
"""What `webpush://` is: a channel that is shared, for every browser is an address of its own."""

LOOPBACK: Final = "127.0.0.1"
LISTEN_HOST: Final = re.compile(r"[A-Za-z0-9.:_-]*", re.ASCII)
_TOO_LONG: Final = marked("this is longer than %(most)s characters: shorten it")
_UNKNOWN: Final = marked('"%(text)s" is unknown, %(hint)s')
_DIGESTS: Final = Wording("write daily, weekly monday or none")
E = TypeVar("E", bound=enum.StrEnum)


class Off(enum.Enum):
    """The word `none` where a wider setting is to be switched off for one person."""

    OFF = "none"


def parse_text(text: str) -> str:
    """Return a text for people: spaces at its ends gone, line breaks in it joined. Raises ValueError."""
    plain = " ".join(text.split())
    if not plain:
        raise ValueError(Wording("this is empty: write a text, in quotes if it begins with #"))
    if len(plain) > MAX_TEXT:
        raise ValueError(Wording(_TOO_LONG, most=MAX_TEXT))
    return plain


def parse_note(text: str) -> str | None:
    """Return a text that keeps its lines, None for an empty one. Raises ValueError."""
    if len(text) > 4 * MAX_TEXT:
        raise ValueError(Wording(_TOO_LONG, most=4 * MAX_TEXT))
    return text.strip() or None


def parse_name(text: str) -> str:
    """Return the name of a channel or a subscriber, its letters composed as those of a title are (NFC).

    Raises ValueError, without a URL that was taken for a name.
    """
    if SCHEME.match(text):
        raise ValueError(Wording("a name belongs here, not a URL: name the channel under channels:"))
    if not text.strip() or not is_shown(text) or text != text.strip() or len(text) > MAX_NAME:
        raise ValueError(
            Wording("a name is 1 to %(most)s letters, digits and signs, without a line break", most=MAX_NAME)
        )
    return unicodedata.normalize("NFC", text)


def parse_channel(template: str) -> str:
    """Return a channel's URL as written, `${NAME}` still in it. Raises ValueError, without the URL."""
    check_dollars(template)
    url = template.strip()
    if url.lower().startswith(PUSH):
        return _push(url)
    if not url.startswith("${") and not SCHEME.match(url):
        raise ValueError(f"a channel is a URL with a scheme, {what_it_may_be(url)}")
    plain = DOLLAR.sub("", url)
    if ADDRESS in plain.partition("://")[2].partition("/")[0].partition("?")[0]:
        # The endpoint is one for all: its rate, its connections and its rests are counted by it.
        raise ValueError("{address} cannot stand for the host: write it after the first /, or after the ?")
    return url


def _push(url: str) -> str:
    if url[len(PUSH) :].strip("/") not in {"", ADDRESS}:
        raise ValueError("browsers have addresses of their own, made on the page: write webpush:// as it is")
    return EACH_BROWSER


def is_push(template: str) -> bool:
    """Tell whether a channel leads to browsers."""
    return template == EACH_BROWSER


def is_shared(template: str) -> bool:
    """Tell whether a channel's URL as written holds `{address}`; `${address}` is a secret of that name."""
    return ADDRESS in DOLLAR.sub("", template)


def parse_address(text: str) -> str:
    """Return a subscriber's address on a shared channel. Raises ValueError, without it."""
    address = text.strip()
    if not address or not address.isprintable() or len(address) > MAX_ADDRESS:
        raise ValueError(
            f"an address is 1 to {MAX_ADDRESS} letters, digits and signs, such as a chat's number or a mailbox"
        )
    return address


def parse_database(template: str) -> str:
    """Return a database's path or URL as written. Raises ValueError, without the URL."""
    check_dollars(template)
    database = template.strip()
    if not database:
        raise ValueError("this is empty: write a path, or postgresql://user:${NAME:quoted}@host/name")
    understood(DOLLAR.sub("x", database))
    return database


def parse_link(text: str) -> str:
    """Return a web address. Raises ValueError for every scheme but http and https."""
    link = text.strip()
    if not re.fullmatch(r"https?://[^\s/?#]+[^\s]*", link, re.IGNORECASE):
        raise ValueError(Wording('"%(text)s" is not a web address: write it from https:// on', text=link[:MAX_NAME]))
    return link


def parse_duration(text: str) -> timedelta:
    """Return a length of time: `2d`, `36h`, `30s`. Raises ValueError."""
    found = DURATION.fullmatch(text.strip().lower())
    if found is None:
        raise ValueError(f'"{text}" is not a length of time: write it as 30s, 10m, 36h, 2d or 1w')
    return timedelta(seconds=int(found[1]) * UNITS[found[2]])


def parse_grace(text: str) -> timedelta:
    """Return how late a message is still useful, a minute to a year. Raises ValueError."""
    return _within(text, parse_duration(text), timedelta(minutes=1), timedelta(days=365), "1m to 365d")


def parse_keep(text: str) -> timedelta:
    """Return how long closed rows of the ledger are kept, 60 days or more, or 0 for ever. Raises ValueError."""
    if text.strip() == "0":
        return timedelta(0)
    return _within(text, parse_duration(text), timedelta(days=60), timedelta(days=36500), "60d or more, or 0 for ever")


def parse_heartbeat(text: str) -> int | Off:
    """Return the weekday of `weekly monday` (Monday is 0), `Off` for `none`. Raises ValueError."""
    try:
        said = parse_digest(text)
    except ValueError:
        said = Digest(every=Every.DAILY)
    if isinstance(said, Off):
        return said
    if said.weekday is None:
        raise ValueError(f'"{text}" is not a day for it: write weekly monday, or none')
    return said.weekday


def parse_listen(text: str) -> tuple[str, int]:
    """Return host and port to listen on: `9464` and `127.0.0.1:9464` are this machine's own. Raises ValueError."""
    host, _, port = text.strip().rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not (port.isascii() and port.isdecimal() and 0 < int(port[:9]) < 65536) or not LISTEN_HOST.fullmatch(host):
        raise ValueError(f'"{text}" is not an address to listen on: write 127.0.0.1:9464, or a port')
    return host or LOOPBACK, int(port)


def parse_timeout(text: str) -> timedelta:
    """Return how long a service may take to answer, a second to ten minutes. Raises ValueError."""
    return _within(text, parse_duration(text), timedelta(seconds=1), timedelta(minutes=10), "1s to 10m")


def _within(text: str, value: timedelta, least: timedelta, most: timedelta, shown: str) -> timedelta:
    if not least <= value <= most:
        raise ValueError(f'"{text}" is out of bounds: write {shown}')
    return value


def parse_rate(text: str) -> float:
    """Return messages a second, 0 for no limit. Raises ValueError."""
    if RATE.fullmatch(text.strip()) is None:
        raise ValueError(f'"{text}" is not a rate: write messages a second, as in 30 or 0.5, or 0 for no limit')
    return float(text)


def parse_yes(text: str) -> bool:
    """Return the value of `true` or `false` (yes, no, on, off). Raises ValueError."""
    word = text.strip().lower()
    if word not in YES | NO:
        raise ValueError(f'"{text}" is not true or false: write true or false')
    return word in YES


def number(least: int, most: int) -> Callable[[str], int]:
    """Return a parser of whole numbers from `least` to `most`; it raises ValueError."""

    def parse(text: str) -> int:
        plain = text.strip()
        if not (plain.isascii() and plain.isdecimal() and least <= int(plain[:9]) <= most):
            raise ValueError(
                Wording(
                    '"%(text)s" is not a whole number from %(least)s to %(most)s', text=text, least=least, most=most
                )
            )
        return int(plain)

    return parse


def parse_season(text: str) -> int:
    """Return a season's number. Raises ValueError; `S03` and `season 3` are answered with the number alone."""
    found = SEASON.fullmatch(text.strip())
    if found is None:
        return number(0, 9999)(text)
    raise ValueError(Wording('"%(text)s" is not a number: write %(number)s', text=text, number=int(found[1])))


def word_of(words: Iterable[E]) -> Callable[[str], E]:
    """Return a parser of one of the words of an enum; it raises ValueError with the nearest one."""
    known = {str(word): word for word in words}

    def parse(text: str) -> E:
        plain = text.strip().lower()
        if plain not in known:
            raise ValueError(Wording(_UNKNOWN, text=text, hint=did_you_mean(text, known)))
        return known[plain]

    return parse


def parse_language(text: str) -> str:
    """Return the code of a language, whatever its case, `_` for `-`. Raises ValueError with the one that was meant."""
    code = spelt(text)
    if code is not None:
        return code
    known = offered()
    named = {name.casefold(): each.code for each in known.values() for name in (each.name, each.english_name)}
    plain = text.strip().casefold()
    # `de_AT.UTF-8` and `deu` are German too.
    meant = named.get(plain) or next((code for code in known if plain[:2] == code[:2].casefold()), None)
    hint = f"did you mean {meant} ({known[meant].english_name})?" if meant else f"write one of {', '.join(known)}"
    raise ValueError(f'"{text}" is no language that is spoken here, {hint}')


def parse_only(text: str) -> str:
    """Return a word of `only:`. Raises ValueError with the nearest one."""
    word = text.strip().lower()
    if word not in ONLY_WORDS:
        raise ValueError(Wording(_UNKNOWN, text=text, hint=did_you_mean(text, ONLY_WORDS)))
    return word


def parse_notice(text: str) -> Kind:
    """Return a kind of notice. Raises ValueError with the nearest one."""
    words = [str(kind) for kind in Kind if kind in NOTICES]
    if text.strip().lower() in NONE:
        raise ValueError(Wording('"%(text)s" is no notice: write [] for none of them', text=text))
    if text.strip().lower() not in words:
        raise ValueError(
            Wording('"%(text)s" is not a kind of notice, %(hint)s', text=text, hint=did_you_mean(text, words))
        )
    return Kind(text.strip().lower())


def parse_quiet(text: str) -> QuietHours | Off:
    """Return quiet hours, `Off` for `none`. Raises ValueError."""
    return Off.OFF if text.strip().lower() in NONE else QuietHours.parse(text)


def parse_digest(text: str) -> Digest | Off:
    """Return `daily` or `weekly monday`, `Off` for `none`. Raises ValueError."""
    every, _, day = " ".join(text.lower().split()).partition(" ")
    if every in NONE and not day:
        return Off.OFF
    if every == Every.DAILY and not day:
        return Digest(every=Every.DAILY)
    if every == Every.WEEKLY and day in WEEKDAYS:
        return Digest(every=Every.WEEKLY, weekday=WEEKDAYS.index(day))
    near = nearest(day, WEEKDAYS) if every == Every.WEEKLY else None
    hint = Wording("did you mean %(word)s?", word=f"weekly {near}") if near else _DIGESTS
    raise ValueError(Wording('"%(text)s" is not a digest: %(hint)s', text=text, hint=hint))


def parse_scheme(text: str) -> str:
    """Return the scheme of a URL: `syslog` for `syslog` or `syslog://`. Raises ValueError."""
    scheme = text.strip().lower().removesuffix("://")
    if not SCHEME.fullmatch(f"{scheme}://"):
        raise ValueError(f'"{text}" is not the scheme of a URL: write the word in front of ://')
    return scheme


def parse_template(source: str) -> str:
    """Return a template whose Jinja is sound. Raises ValueError with what is wrong in it."""
    problem = check_template(source)
    if problem is not None:
        raise ValueError(problem)
    return source
