"""The two cookies by which a person's own browser keeps a case at hand, so that the code is in no address.

Each is sealed: whoever reads it learns nothing, and it opens nothing once its time is over. Each goes only to the
pages that need it, in either language: so the code is not sent around, and the pages on which a case is written see
the same cookies before and after, without which Chromium's back button would not show them again (Vary).
"""

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, override
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox


class Kept(NamedTuple):
    """A cookie: its name, the route whose pages it goes to, and for how long it opens them."""

    name: str
    route: str
    lasts: timedelta


RECEIVED = Kept("received", "portal:received", timedelta(hours=1))
OPEN = Kept("case", "portal:case", timedelta(minutes=30))


def remember_received(response: HttpResponse, reference: str, code: str, at: datetime) -> None:
    """Keep the page that says a case has arrived, for an hour and any number of reloads."""
    _keep(response, RECEIVED, [], [reference, code], at)


def just_received(request: HttpRequest, at: datetime) -> tuple[str, str] | None:
    """Reference and access code of the case that this browser sent last."""
    found = _kept(request, RECEIVED, at)
    return (found[0], found[1]) if found else None


def remember_open(response: HttpResponse, reference: str, case: UUID, at: datetime) -> None:
    """Keep one case open for half an hour from here. The cookie holds its key, not its access code."""
    _keep(response, OPEN, [reference], [reference, str(case)], at)


def open_case(request: HttpRequest, reference: str, at: datetime) -> UUID | None:
    """The case that this browser has opened with its code."""
    found = _kept(request, OPEN, at)
    return UUID(found[1]) if found and found[0] == reference else None


def forget(response: HttpResponse, reference: str) -> None:
    """Close a case in this browser."""
    for kept, arguments in ((OPEN, [reference]), (RECEIVED, [])):
        for language, _name in settings.LANGUAGES:
            response.delete_cookie(_named(kept, language), path=_path(kept, arguments, language))


def _keep(response: HttpResponse, kept: Kept, arguments: list[str], secrets: list[str], at: datetime) -> None:
    content = json.dumps([kept.name, int((at + kept.lasts).timestamp()), *secrets]).encode()
    sealed = urlsafe_b64encode(_box().encrypt(content)).decode()
    for language, _name in settings.LANGUAGES:
        response.set_cookie(
            _named(kept, language),
            sealed,
            path=_path(kept, arguments, language),
            max_age=kept.lasts,
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )


def _kept(request: HttpRequest, kept: Kept, at: datetime) -> list[str] | None:
    """What this browser keeps under that name; `None` when there is nothing, it is not ours, or its time is over."""
    try:
        sealed = urlsafe_b64decode(request.COOKIES.get(_named(kept, get_language() or "ar"), ""))
        name, until, *secrets = json.loads(_box().decrypt(sealed))
    except (ValueError, TypeError, CryptoError):
        return None
    return secrets if name == kept.name and at.timestamp() < until else None


def _named(kept: Kept, language: str) -> str:
    """`__Secure-`: a browser takes the cookie over HTTPS only. `__Host-` would send it to every page."""
    return f"{'__Secure-' if settings.SESSION_COOKIE_SECURE else ''}{kept.name}-{language}"


def _path(kept: Kept, arguments: list[str], language: str) -> str:
    with override(language):
        return reverse(kept.route, args=arguments)


def _box() -> SecretBox:
    return SecretBox(hashlib.sha256(b"portal-cookies\x00" + settings.SECRET_KEY.encode()).digest())
