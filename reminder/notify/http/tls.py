"""TLS contexts, one for each bundle of authorities: reading such a file costs 25 ms of CPU, so it is read once."""

from __future__ import annotations

import os
import ssl
import threading
from functools import lru_cache
from pathlib import Path
from typing import Final

from certifi import where

_MAKING: Final = threading.Lock()


def context(verify: bool | str) -> ssl.SSLContext:
    """Return the context for a bundle (a file or a directory); True: certifi's; False: no check at all.

    Raises OSError when the bundle cannot be read.
    """
    # One at a time: a second context would have connections of its own, which whoever holds the first never finds.
    with _MAKING:
        return _context(verify)


@lru_cache(maxsize=16)
def _context(verify: bool | str) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    if verify is False:
        made.check_hostname = False
        made.verify_mode = ssl.CERT_NONE
        return made
    _trust(made, _bundle() if verify is True else str(verify))
    return made


def mail_context(*, verify: bool) -> ssl.SSLContext:
    """Return the context for mail: the system's authorities and certifi's, or the bundle that the environment names."""
    named = os.environ.get("REQUESTS_CA_BUNDLE")
    if not verify or named:
        return context(named if verify and named else False)
    return _system_context()


@lru_cache(maxsize=1)
def _system_context() -> ssl.SSLContext:
    made = ssl.create_default_context()
    _trust(made, _bundle())
    return made


def _trust(made: ssl.SSLContext, bundle: str) -> None:
    if Path(bundle).is_dir():
        made.load_verify_locations(capath=bundle)
    else:
        made.load_verify_locations(cafile=bundle)


def _bundle() -> str:
    return where()


def speaks_none(error: BaseException | None) -> bool:
    """Tell whether TLS failed because plain text came back, such as http or a mail server's greeting."""
    return isinstance(error, ssl.SSLError) and getattr(error, "reason", None) in _OF_PLAIN_TEXT


_OF_PLAIN_TEXT: Final = frozenset({"WRONG_VERSION_NUMBER", "PACKET_LENGTH_TOO_LONG", "UNKNOWN_PROTOCOL"})
"""How OpenSSL, by its version, names a record that is none."""
