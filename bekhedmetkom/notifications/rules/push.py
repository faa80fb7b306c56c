"""Web push encryption (RFC 8291) and VAPID authorization (RFC 8292).

Implemented over `cryptography`: pywebpush would bring an HTTP client that bypasses kernel/outbound_http.py.
`tests/rules/notifications/test_push.py` checks it against the RFC's example.
"""

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from enum import Enum, auto
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bekhedmetkom.kernel.text import BilingualText

PrivateKey = ec.EllipticCurvePrivateKey
CURVE = ec.SECP256R1()
RECORD_SIZE = 4096  # bytes; what every push service takes
TOKEN_LIFETIME = timedelta(hours=12)
MESSAGE_TTL = timedelta(days=4)  # by the push service, while the telephone is off
MAX_DEVICES = 5  # a case
MAX_ENDPOINT_LENGTH = 1000

INVALID_ENDPOINT = BilingualText(
    "عنوان التنبيه ليس عنوان https عامًا.", "The push endpoint is not a public https address."
)
INVALID_KEYS = BilingualText("مفتاحا التنبيه غير صحيحين.", "The push keys are not valid.")


class PushResult(Enum):
    """What a push service's answer means."""

    ACCEPTED = auto()
    UNSUBSCRIBED = auto()  # the browser is subscribed no more
    THROTTLED = auto()
    REJECTED = auto()  # not this message, and no other try helps
    RETRY = auto()


def interpret_status(status: int) -> PushResult:
    """Return the result by the status code; response bodies differ between services."""
    if 200 <= status < 300:
        return PushResult.ACCEPTED
    if status in (404, 410):
        return PushResult.UNSUBSCRIBED
    if status in (429, 503):
        return PushResult.THROTTLED
    return PushResult.REJECTED if status in (400, 413) else PushResult.RETRY


def parse_public_key(raw: bytes) -> ec.EllipticCurvePublicKey:
    """Return a browser's public key. Raises `ValueError` if it is not a point of the curve."""
    return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, raw)


def encrypt_message(
    said: bytes, p256dh: bytes, auth: bytes, *, own: PrivateKey | None = None, salt: bytes | None = None
) -> bytes:
    """Return one aes128gcm record that only this browser can read. Key and salt are new for each message."""
    own, salt = own or ec.generate_private_key(CURVE), salt or os.urandom(16)
    ours = encode_public_key(own)
    shared = _derive_key(
        own.exchange(ec.ECDH(), parse_public_key(p256dh)), auth, b"WebPush: info\0" + p256dh + ours, 32
    )
    key = _derive_key(shared, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derive_key(shared, salt, b"Content-Encoding: nonce\0", 12)
    header = salt + RECORD_SIZE.to_bytes(4) + bytes([len(ours)]) + ours
    return header + AESGCM(key).encrypt(nonce, said + b"\x02", None)  # 2: the last record


def build_authorization_header(key: PrivateKey, endpoint: str, contact: str, at: datetime) -> str:
    """Return the VAPID header: who sends, and whom to contact."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((at + TOKEN_LIFETIME).timestamp()),
        "sub": contact,
    }
    return (
        f"vapid t={jwt.encode(claims, key, algorithm='ES256')}, k={encode_base64url(encode_public_key(key))}"
    )


def encode_public_key(key: PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def encode_base64url(raw: bytes) -> str:
    """Return base64url without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode_base64url(text: str) -> bytes:
    """Decode base64url without padding. Raises `ValueError`."""
    return urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))


def _derive_key(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)
