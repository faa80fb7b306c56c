"""What a browser keeps for a while, sealed with a key that lives in this process's memory and nowhere else.

Who takes the machine away, or starts the service anew, ends every visit.
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


def encrypt_token(purpose: str, said: Mapping[str, Any], seconds: int) -> str:
    """`said`, readable by this process alone, and for so long."""
    plain = json.dumps([purpose, monotonic() + seconds, said]).encode()
    plain += b" " * (-len(plain) % 256)
    return urlsafe_b64encode(SecretBox(_KEY).encrypt(plain)).decode().rstrip("=")


def decrypt_token(purpose: str, shut: str) -> dict[str, Any] | None:
    """What was sealed for this purpose, and is not over nor was ended."""
    try:
        box = _decode_token(shut)
        said = json.loads(SecretBox(_KEY).decrypt(box))
    except (CryptoError, ValueError, TypeError):
        return None
    return (
        said[2]
        if said[0] == purpose and said[1] > monotonic() and _get_token_id(box) not in _used_tokens
        else None
    )


_used_tokens: dict[str, float] = {}  # until when to remember it
_used_tokens_lock = Lock()


def claim_token(token: str, seconds: int) -> bool:
    """Whether nobody has used this before. What serves once is remembered for as long as it would open."""
    with _used_tokens_lock:
        now = monotonic()
        while _used_tokens and next(iter(_used_tokens.values())) <= now:
            del _used_tokens[next(iter(_used_tokens))]
        first = token not in _used_tokens
        _used_tokens.setdefault(token, now + seconds)
    return first


def compute_fingerprint(*parts: bytes) -> bytes:
    """A hash that this process alone can make: equal for equal things, and no way back."""
    mac = hmac.new(_KEY, digestmod=hashlib.sha256)
    for part in parts:
        mac.update(len(part).to_bytes(8, "big") + part)
    return mac.digest()


def set_cookie(response: HttpResponse, name: CookieName, said: Mapping[str, Any]) -> None:
    """A cookie for as long as the browser is open, and no longer than `SECONDS`."""
    value = encrypt_token(name, said, COOKIE_SECONDS[name])
    response.set_cookie(name, value, secure=True, httponly=True, samesite="Strict", path="/")


def read_cookie(request: HttpRequest, name: CookieName) -> dict[str, Any] | None:
    """What the cookie says, if it is ours and not over."""
    return decrypt_token(name, request.COOKIES.get(name, ""))


def end_session(request: HttpRequest, response: HttpResponse, name: CookieName) -> None:
    """The cookie goes, and no copy of it opens anything again."""
    if read_cookie(request, name) is not None:
        claim_token(_get_token_id(_decode_token(request.COOKIES[name])), COOKIE_SECONDS[name])
    delete_cookie(response, name)


def delete_cookie(response: HttpResponse, name: CookieName) -> None:
    """The cookie goes."""
    response.set_cookie(name, "", max_age=0, secure=True, httponly=True, samesite="Strict", path="/")


def _decode_token(shut: str) -> bytes:
    return urlsafe_b64decode(shut + "=" * (-len(shut) % 4))


def _get_token_id(box: bytes) -> str:
    """Of something sealed: its nonce. What it is written as could be written otherwise and say the same."""
    return box[: SecretBox.NONCE_SIZE].hex()
