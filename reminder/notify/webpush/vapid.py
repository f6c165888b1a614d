"""Says to a push service who sends: RFC 8292. The key was made once; browsers take messages signed with it alone."""

from __future__ import annotations

import json
import secrets
from collections import OrderedDict
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, derive_private_key
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from reminder.core.model.secret import Secret
from reminder.notify.webpush.browser import in_base64url

ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""How many keys P-256 has (SEC 2, 2.4.2)."""

HOLDS: Final = timedelta(hours=12)
"""For how long a signature holds; a push service takes none of more than 24 hours (RFC 8292, 2)."""
KEPT: Final = 64
"""So many push services' signatures are remembered."""


def new_key() -> str:
    """Return a new key: 64 hex digits, that nobody can guess."""
    return f"{secrets.randbelow(ORDER - 1) + 1:064x}"


class VapidKey:
    """Signs requests with one key; safe to use from several threads. The key is in no text that can be shown."""

    def __init__(self, key: Secret) -> None:
        self._key = key
        self._signed: OrderedDict[tuple[str, str], tuple[datetime, str]] = OrderedDict()

    @cached_property
    def _private(self) -> EllipticCurvePrivateKey:
        return derive_private_key(int(self._key.reveal(), 16), SECP256R1())

    @cached_property
    def public(self) -> str:
        """Return the public key, as browsers want it from a page: a point of P-256 in base64url."""
        return in_base64url(self._private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    def authorization(self, origin: str, contact: str, now: datetime) -> str:
        """Return the header for requests to a push service at `now`; `contact` is a mailto: or https: address."""
        made_at, header = self._signed.get((origin, contact), (None, ""))
        if made_at is None or not made_at <= now < made_at + HOLDS / 2:
            header = f"vapid t={self._token(origin, contact, now)}, k={self.public}"
            self._signed[origin, contact] = (now, header)
            if len(self._signed) > KEPT:
                self._signed.popitem(last=False)
        return header

    def _token(self, origin: str, contact: str, now: datetime) -> str:
        said = {"aud": origin, "exp": int((now + HOLDS).timestamp()), "sub": contact}
        text = ".".join(_part(part) for part in ({"typ": "JWT", "alg": "ES256"}, said))
        r, s = decode_dss_signature(self._private.sign(text.encode(), ECDSA(SHA256())))
        return f"{text}.{in_base64url(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def _part(said: object) -> str:
    return in_base64url(json.dumps(said, separators=(",", ":")).encode())
