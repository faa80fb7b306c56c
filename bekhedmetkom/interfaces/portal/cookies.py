"""The two cookies by which a person's own browser keeps a case at hand, so that the code is in no address.

Each is sealed: whoever reads the cookie learns nothing, and it opens nothing once its time is over.
"""

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

RECEIVED_FOR = timedelta(hours=1)
OPEN_FOR = timedelta(minutes=30)


def remember_received(response: HttpResponse, reference: str, code: str, at: datetime) -> None:
    """Keep the page that says a case has arrived, for an hour and any number of reloads."""
    _set(response, "received", reference, code, at, RECEIVED_FOR)


def just_received(request: HttpRequest, at: datetime) -> tuple[str, str] | None:
    """Reference and access code of the case that this browser sent last."""
    return _opened(request, "received", at)


def remember_open(response: HttpResponse, reference: str, case: UUID, at: datetime) -> None:
    """Keep one case open for half an hour from here. The cookie holds its key, not its access code."""
    _set(response, _name_of(reference), reference, str(case), at, OPEN_FOR)


def open_case(request: HttpRequest, reference: str, at: datetime) -> UUID | None:
    """The case that this browser has opened with its code."""
    found = _opened(request, _name_of(reference), at)
    return UUID(found[1]) if found and found[0] == reference else None


def forget(response: HttpResponse, reference: str) -> None:
    """Close a case in this browser."""
    for name in (_name_of(reference), "received"):
        response.delete_cookie(_prefixed(name), samesite="Lax")


def _set(
    response: HttpResponse, name: str, reference: str, secret: str, at: datetime, lasts: timedelta
) -> None:
    content = json.dumps([name, reference, secret, int((at + lasts).timestamp())]).encode()
    response.set_cookie(
        _prefixed(name),
        urlsafe_b64encode(_box().encrypt(content)).decode(),
        max_age=lasts,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def _opened(request: HttpRequest, name: str, at: datetime) -> tuple[str, str] | None:
    try:
        sealed = urlsafe_b64decode(request.COOKIES.get(_prefixed(name), ""))
        for_name, reference, secret, until = json.loads(_box().decrypt(sealed))
    except (ValueError, TypeError, CryptoError):
        return None
    return (reference, secret) if for_name == name and at.timestamp() < until else None


def _box() -> SecretBox:
    return SecretBox(hashlib.sha256(b"portal-cookies\x00" + settings.SECRET_KEY.encode()).digest())


def _name_of(reference: str) -> str:
    return f"case-{reference}"


def _prefixed(name: str) -> str:
    """`__Host-` binds a cookie to this very host; browsers accept it only over HTTPS."""
    return f"__Host-{name}" if settings.SESSION_COOKIE_SECURE else name
