"""Reads a `database:` setting: a SQLite file, or the URL of a PostgreSQL. Nothing else is taken for a path."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qs, urlsplit

HOW_TO_WRITE: Final = "write postgresql://USER:${PASSWORD:quoted}@HOST/NAME, or a file's path"

_SCHEME: Final = re.compile(r"(?P<word>[A-Za-z][A-Za-z0-9.-]*)(?P<driver>\+[A-Za-z0-9.-]*)?:(?P<slashes>/{0,3})")
_KEYWORDS: Final = re.compile(
    r"(?:^|\s)(?:host|hostaddr|port|dbname|user|password|passfile|service|sslmode|data source|server)\s?=",
    re.IGNORECASE,
)
_HOST_AND_PORT: Final = re.compile(r"[A-Za-z0-9.-]+:\d+(?:/|$)")
_POSTGRESQL: Final = frozenset({"postgresql", "postgres"})
_OTHERS: Final = frozenset(
    {"mysql", "mariadb", "mssql", "oracle", "jdbc", "mongodb", "redis", "pgsql", "file", "http", "https", "cockroachdb"}
)


class BadDatabase(ValueError):
    """A setting that is neither a file nor a PostgreSQL; the text says what to write and shows nothing of it."""


def understood(setting: str) -> str:
    """Return a `database:` setting in its plain form: a file's path, or a URL that begins with `postgresql://`.

    The driver that other programs name in the scheme is left out. Raises BadDatabase, without the setting's text: what
    is no path may hold a password.
    """
    text = setting.strip()
    if not text or any(ord(sign) < 32 for sign in text):
        raise BadDatabase(f"this is not one line of text: {HOW_TO_WRITE}")
    if _KEYWORDS.search(text):
        raise BadDatabase(f"a database is not given by words such as host=… and dbname=…: {HOW_TO_WRITE}")
    scheme = _SCHEME.match(text)
    word = scheme["word"].lower() if scheme else ""
    if scheme and word in _POSTGRESQL:
        return _server(text, scheme)
    if scheme and word == "sqlite":
        return _file(text, scheme)
    return _path(text, scheme)


def is_server(setting: str) -> bool:
    """Tell whether an understood setting is the URL of a server, not a file's path."""
    return setting.startswith("postgresql://")


def _server(text: str, scheme: re.Match[str]) -> str:
    if len(scheme["slashes"]) < 2:
        raise BadDatabase(f"a URL has :// behind its scheme: {HOW_TO_WRITE}")
    url = f"postgresql://{text[scheme.end('word') :].partition('://')[2]}"
    if url.partition("?")[0].count("@") > 1:
        # Half of such a password would be taken for the host, and be shown.
        raise BadDatabase(f"the database URL has more than one `@`: a password must be percent-encoded: {HOW_TO_WRITE}")
    try:
        parts = urlsplit(url)
    except ValueError:
        raise BadDatabase(f"the database URL cannot be read: {HOW_TO_WRITE}") from None
    if not parts.path.strip("/") and not {"dbname", "service"} & parse_qs(parts.query).keys():
        raise BadDatabase(f"the database URL names no database behind its host: {HOW_TO_WRITE}")
    return url


def _file(text: str, scheme: re.Match[str]) -> str:
    path = text[scheme.end() :]
    if len(scheme["slashes"]) != 3 or not path:
        raise BadDatabase(
            "a SQLite URL has three slashes before its file, four where that begins with one: "
            "write the file's path alone"
        )
    return path


def _path(text: str, scheme: re.Match[str] | None) -> str:
    """Return a path as it is. One that might as well be a server's address has to begin with a slash or a dot."""
    if scheme and (scheme["word"].lower() in _OTHERS or len(scheme["slashes"]) >= 2):
        raise BadDatabase(f"this is neither SQLite nor PostgreSQL: {HOW_TO_WRITE}")
    if text.startswith("//"):
        raise BadDatabase(f"this begins with two slashes: {HOW_TO_WRITE}")
    if not text.startswith(("/", "./", "../", "~/")) and ("@" in text or _HOST_AND_PORT.match(text)):
        raise BadDatabase(f"this looks like a server's address: {HOW_TO_WRITE} that begins with / or ./")
    return text
