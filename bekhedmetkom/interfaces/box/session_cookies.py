"""Session cookies and other tokens, encrypted with a key that exists only in this process's memory.

A restart ends all sessions.
"""

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from threading import Lock
from time import monotonic
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox
from nacl.utils import random

_KEY = random(SecretBox.KEY_SIZE)
CookieName = Literal["__Host-box", "__Host-line", "__Host-commission"]
COOKIE_SECONDS: Mapping[CookieName, int] = {
    "__Host-box": 15 * 60,
    "__Host-line": 3 * 60,
    "__Host-commission": 30 * 60,
}


def encrypt_token(purpose: str, payload: Mapping[str, Any], seconds: int) -> str:
    """Return a token with `payload` that only this process can read, valid for `seconds`."""
    plain = json.dumps([purpose, monotonic() + seconds, payload]).encode()
    plain += b" " * (-len(plain) % 256)
    return urlsafe_b64encode(SecretBox(_KEY).encrypt(plain)).decode().rstrip("=")


def decrypt_token(purpose: str, token: str) -> dict[str, Any] | None:
    """Return the payload of a token for this purpose, or None if it is invalid, expired or ended."""
    try:
        box = _decode_token(token)
        stored_purpose, expires, payload = json.loads(SecretBox(_KEY).decrypt(box))
    except (CryptoError, ValueError, TypeError):
        return None
    is_valid = stored_purpose == purpose and expires > monotonic() and _get_token_id(box) not in _used_tokens
    return payload if is_valid else None


_used_tokens: dict[str, float] = {}  # token id -> when it expires
_used_tokens_lock = Lock()


def claim_token(token: str, seconds: int) -> bool:
    """Return whether a token is used for the first time. It is remembered for as long as it would be valid."""
    with _used_tokens_lock:
        now = monotonic()
        while _used_tokens and next(iter(_used_tokens.values())) <= now:
            del _used_tokens[next(iter(_used_tokens))]
        first = token not in _used_tokens
        _used_tokens.setdefault(token, now + seconds)
    return first


def compute_fingerprint(*parts: bytes) -> bytes:
    """Return a keyed hash of the parts, which only this process can compute."""
    mac = hmac.new(_KEY, digestmod=hashlib.sha256)
    for part in parts:
        mac.update(len(part).to_bytes(8, "big") + part)
    return mac.digest()


def set_cookie(response: HttpResponse, name: CookieName, payload: Mapping[str, Any]) -> None:
    """Set a session cookie that is valid for at most `COOKIE_SECONDS`."""
    value = encrypt_token(name, payload, COOKIE_SECONDS[name])
    response.set_cookie(name, value, secure=True, httponly=True, samesite="Strict", path="/")


def read_cookie(request: HttpRequest, name: CookieName) -> dict[str, Any] | None:
    """Return the cookie's payload, or None if it is invalid or expired."""
    return decrypt_token(name, request.COOKIES.get(name, ""))


def end_session(request: HttpRequest, response: HttpResponse, name: CookieName) -> None:
    """Delete the cookie and invalidate all copies of it."""
    if read_cookie(request, name) is not None:
        claim_token(_get_token_id(_decode_token(request.COOKIES[name])), COOKIE_SECONDS[name])
    delete_cookie(response, name)


def delete_cookie(response: HttpResponse, name: CookieName) -> None:
    """Delete the cookie."""
    response.set_cookie(name, "", max_age=0, secure=True, httponly=True, samesite="Strict", path="/")


def _decode_token(token: str) -> bytes:
    return urlsafe_b64decode(token + "=" * (-len(token) % 4))


def _get_token_id(box: bytes) -> str:
    """Return the nonce: the base64 spelling could be changed without changing the content."""
    return box[: SecretBox.NONCE_SIZE].hex()
