"""Encrypts a message for one browser: RFC 8291, in the coding `aes128gcm` of RFC 8188, as one record.

What is encrypted is filled up to one of a few lengths first (RFC 8188, 2), so that a push service cannot tell a code
from a countdown, or one title from another, by how long they are.
"""

from __future__ import annotations

import secrets
import struct
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from reminder.notify.unusable import Unusable
from reminder.notify.webpush.browser import Browser

RECORD_BYTES: Final = 4096
SALT_BYTES: Final = 16
LAST_RECORD: Final = b"\x02"
"""What ends the text of the last record (RFC 8188, 2)."""
MOST_BYTES: Final = 3993
"""The longest message: what every push service takes, 4096 bytes (RFC 8030, 7.2), without header, tag and end sign."""
LENGTHS: Final = (1024, 2048, MOST_BYTES)
"""What messages are filled up to, in bytes: nearly all come to the first."""


def encrypt(message: bytes, browser: Browser) -> bytes:
    """Return a message as the body of a request to the browser's push service.

    Raises ValueError for one of more than MOST_BYTES, and Unusable when the browser's key is none.
    """
    fill = next((length for length in LENGTHS if len(message) <= length), 0) - len(message)
    own = generate_private_key(SECP256R1())
    return encrypt_with(message, browser, secrets.token_bytes(SALT_BYTES), own, fill=fill)


def encrypt_with(
    message: bytes, browser: Browser, salt: bytes, own: EllipticCurvePrivateKey, *, fill: int = 0
) -> bytes:
    """Return what `encrypt` does, by this salt and key, filled up by so many bytes; both serve one message."""
    if len(message) > MOST_BYTES:
        raise ValueError(f"{len(message)} bytes are more than a push service takes")
    try:
        theirs = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), browser.p256dh)
    except ValueError:
        raise Unusable("this browser's key is none: have it set up again on the page", is_address=True) from None
    ours = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shared = own.exchange(ECDH(), theirs)
    # RFC 8291, 3.3 and 3.4: both keys, and what browser and we share, go into the key of this one message.
    secret = _derived(shared, browser.auth, b"WebPush: info\0" + browser.p256dh + ours, 32)
    key = _derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(secret, salt, b"Content-Encoding: nonce\0", 12)
    head = salt + struct.pack("!IB", RECORD_BYTES, len(ours)) + ours
    return head + AESGCM(key).encrypt(nonce, message + LAST_RECORD + bytes(fill), None)


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)
