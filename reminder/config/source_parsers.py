"""Parsers of what a config says of sources of dates; a wrong text raises a ValueError that says what to write."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from reminder.config.names import did_you_mean
from reminder.config.parsers import NONE, SCHEME, parse_link
from reminder.config.secrets import DOLLAR, check_dollars
from reminder.core.model.source_options import NO_SOURCE
from reminder.core.sourcing.answers import ReleaseKind, split_id

COUNTRY: Final = re.compile(r"[A-Z]{2}", re.ASCII)
SOURCES: Final = ("tvmaze", "tmdb", "ical")
REFS: Final = {
    "tvmaze": re.compile(r"[1-9]\d{0,9}", re.ASCII),
    "tmdb": re.compile(r"(?:movie|tv)/[1-9]\d{0,9}", re.ASCII),
}
#: the pages that people see, and what they stand for
PAGES: Final = (
    (re.compile(r"https?://(?:www\.)?tvmaze\.com/shows/(\d+)"), "tvmaze:{}"),
    (re.compile(r"https?://(?:www\.)?themoviedb\.org/(movie|tv)/(\d+)"), "tmdb:{}/{}"),
)


def parse_country(text: str) -> str:
    """Return a country's code in capitals. Raises ValueError."""
    code = text.strip().upper()
    if COUNTRY.fullmatch(code) is None:
        raise ValueError(f'"{text}" is not a country\'s code: write two letters, such as US, GB or IN')
    return "GB" if code == "UK" else code


def parse_source(text: str) -> str:
    """Return which entry of which source is meant: `tvmaze:44933`, a source's name, or none. Raises ValueError."""
    said = text.strip()
    for pattern, form in PAGES:
        page = pattern.match(said)
        if page is not None:
            return form.format(*page.groups())
    word = said.lower()
    if word in {*NONE, *REFS}:
        return NO_SOURCE if word in NONE else word
    try:
        name, ref = split_id(said)
    except ValueError:
        name, ref = "", ""
    if name not in SOURCES or (name in REFS and REFS[name].fullmatch(ref) is None):
        raise ValueError(
            f'"{text}" is not an entry of a source: write tvmaze:44933, tmdb:movie/603, tmdb:tv/1399, or none'
        )
    return f"{name}:{ref}"


def parse_calendar(template: str) -> str:
    """Return a calendar's address or file as written. Raises ValueError, without the address."""
    check_dollars(template)
    place = template.strip()
    if not place:
        raise ValueError("this is empty: write the calendar's address, such as ${SONARR_ICS}")
    if SCHEME.match(place) and place.partition("://")[0].lower() not in {"http", "https", "webcal"}:
        raise ValueError("a calendar is a file, or an address that begins with https://, http:// or webcal://")
    return place


def parse_site(text: str) -> str:
    """Return where a source is asked in place of its own address. Raises ValueError."""
    return parse_link(text).rstrip("/")


def parse_endpoint(template: str) -> str:
    """Return the address of the second reader as written, `${NAME}` still in it. Raises ValueError, without it."""
    check_dollars(template)
    address = template.strip()
    return address if address.startswith("${") else understood_endpoint(address)


def understood_endpoint(address: str) -> str:
    """Return the address before which `/chat/completions` is put. Raises ValueError, without it."""
    base = address.strip().rstrip("/").removesuffix("/chat/completions").rstrip("/")
    plain = DOLLAR.sub("x", base)
    if not re.fullmatch(r"https?://[^\s/?#@]+(?:/[^\s?#]*)?", plain, re.IGNORECASE) or not _has_port_or_none(plain):
        raise ValueError(
            "write the address of an OpenAI-compatible server, such as http://127.0.0.1:11434/v1, "
            "and its key under key:"
        )
    return base


def _has_port_or_none(address: str) -> bool:
    try:
        return urlsplit(address).port != 0 and bool(urlsplit(address).hostname)
    except ValueError:
        return False


def parse_secret(template: str) -> str:
    """Return a key as written, `${NAME}` still in it. Raises ValueError."""
    check_dollars(template)
    if not template.strip():
        raise ValueError("this is empty: write ${NAME}, and set NAME in the environment or as a credential")
    return template.strip()


def parse_release_kind(text: str) -> ReleaseKind:
    """Return a way in which a film comes out. Raises ValueError."""
    word = text.strip().lower()
    kinds = [kind for kind in ReleaseKind if kind is not ReleaseKind.EPISODE]
    if word not in kinds:
        raise ValueError(f'"{text}" is not a kind of release: {did_you_mean(word, kinds)}')
    return ReleaseKind(word)
