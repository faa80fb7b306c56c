"""The cookies by which a person's own browser keeps their cases at hand, so that no secret is in an address.

Each is sealed: whoever reads it learns nothing, and it opens nothing once its time is over. Each goes only to the
pages that need it, in either language: so the code is not sent around, and the pages on which a case is written see
the same cookies before and after, without which Chromium's back button would not show them again (Vary).
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, override
from nacl.exceptions import CryptoError

from bekhedmetkom.cases.rules.contact import Contact, Known
from bekhedmetkom.config.key_derivation import get_secret_box


class CookieSpec(NamedTuple):
    """A cookie: its name, the route whose pages it goes to, and for how long it opens them.

    `all_below`: the route has one argument, and the cookie goes to the pages of every one.
    """

    name: str
    route: str
    lifetime: timedelta
    covers_all_cases: bool = False


RECEIVED_COOKIE = CookieSpec("received", "portal:received", timedelta(hours=1))
OPEN_CASE_COOKIE = CookieSpec("case", "portal:case", timedelta(minutes=30))
MY_CASES_COOKIES = (
    CookieSpec("mine", "portal:mine", timedelta(minutes=30)),
    CookieSpec("my-case", "portal:case", timedelta(minutes=30), covers_all_cases=True),
)
SIGN_IN_COOKIE = CookieSpec("sign-in", "portal:signed-in", timedelta(minutes=10))
CASE_CODE_COOKIE = CookieSpec("asked-case", "portal:contact", timedelta(minutes=10))
MY_CASES_CODE_COOKIE = CookieSpec("asked-mine", "portal:mine", timedelta(minutes=10))


def set_received_case(response: HttpResponse, reference: str, code: str, at: datetime) -> None:
    """Keep the page that says a case has arrived, for an hour and any number of reloads."""
    _set_cookie(response, RECEIVED_COOKIE, [], [reference, code], at)


def get_received_case(request: HttpRequest, at: datetime) -> tuple[str, str] | None:
    """Reference and access code of the case that this browser sent last."""
    found = _read_cookie(request, RECEIVED_COOKIE, at)
    return (found[0], found[1]) if found else None


def set_open_case(response: HttpResponse, reference: str, case: UUID, at: datetime) -> None:
    """Keep one case open for half an hour from here. The cookie holds its key, not its access code."""
    _set_cookie(response, OPEN_CASE_COOKIE, [reference], [reference, str(case)], at)


def get_open_case(request: HttpRequest, reference: str, at: datetime) -> UUID | None:
    """The case that this browser has opened with its code."""
    found = _read_cookie(request, OPEN_CASE_COOKIE, at)
    return UUID(found[1]) if found and found[0] == reference else None


def set_verified_contacts(response: HttpResponse, known: Sequence[Known], at: datetime) -> None:
    """Keep all of a person's cases open for half an hour from here, by what they have shown to be theirs."""
    for kept in MY_CASES_COOKIES:
        _set_cookie(response, kept, [], [part for one in known for part in one], at)


def get_verified_contacts(request: HttpRequest, at: datetime) -> list[Known]:
    """What the person at this browser has shown to be theirs; empty when nobody has, or it is too long ago."""
    found = next((found for kept in MY_CASES_COOKIES if (found := _read_cookie(request, kept, at))), [])
    return [Known(Contact(c), address) for c, address in zip(found[::2], found[1::2], strict=True)]


def delete_verified_contacts(response: HttpResponse) -> None:
    """Leave: none of the cases is open in this browser any more, but for what was opened with its own code."""
    for kept in (*MY_CASES_COOKIES, MY_CASES_CODE_COOKIE):
        _delete_cookie(response, kept, [])


def set_pending_sign_in(response: HttpResponse, begun: list[str], at: datetime) -> None:
    """Keep what only the browser that began to sign in may know, until it comes back."""
    _set_cookie(response, SIGN_IN_COOKIE, [], begun, at)


def get_pending_sign_in(request: HttpRequest, at: datetime) -> list[str] | None:
    """What this browser began to sign in with."""
    return _read_cookie(request, SIGN_IN_COOKIE, at)


def delete_pending_sign_in(response: HttpResponse) -> None:
    """It has come back: what it began with counts no more."""
    _delete_cookie(response, SIGN_IN_COOKIE, [])


class PendingCode(NamedTuple):
    """A one-time code is on its way to `known`; only the browser that has `asker` can use it."""

    contact: Known
    browser_token: str


def set_pending_code(
    response: HttpResponse, kept: CookieSpec, arguments: list[str], asked: PendingCode, at: datetime
) -> None:
    """Keep for whom the code was asked until it is typed in."""
    _set_cookie(response, kept, arguments, [*asked.contact, asked.browser_token], at)


def get_pending_code(request: HttpRequest, kept: CookieSpec, at: datetime) -> PendingCode | None:
    """For whom this browser asked a code last."""
    if not (found := _read_cookie(request, kept, at)):
        return None
    contact, address, asker = found
    return PendingCode(Known(Contact(contact), address), asker)


def delete_pending_code(response: HttpResponse, kept: CookieSpec, arguments: list[str]) -> None:
    """The code has been used."""
    _delete_cookie(response, kept, arguments)


def delete_open_case(response: HttpResponse, reference: str) -> None:
    """Close a case in this browser."""
    _delete_cookie(response, OPEN_CASE_COOKIE, [reference])
    _delete_cookie(response, RECEIVED_COOKIE, [])


def _delete_cookie(response: HttpResponse, kept: CookieSpec, arguments: list[str]) -> None:
    for language, _name in settings.LANGUAGES:
        response.delete_cookie(
            _get_cookie_name(kept, language), path=_get_cookie_path(kept, arguments, language)
        )


def _set_cookie(
    response: HttpResponse, kept: CookieSpec, arguments: list[str], secrets: list[str], at: datetime
) -> None:
    content = json.dumps([kept.name, int((at + kept.lifetime).timestamp()), *secrets]).encode()
    sealed = urlsafe_b64encode(get_secret_box("portal-cookies").encrypt(content)).decode()
    for language, _name in settings.LANGUAGES:
        response.set_cookie(
            _get_cookie_name(kept, language),
            sealed,
            path=_get_cookie_path(kept, arguments, language),
            max_age=kept.lifetime,
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )


def _read_cookie(request: HttpRequest, kept: CookieSpec, at: datetime) -> list[str] | None:
    """What this browser keeps under that name; `None` when there is nothing, it is not ours, or its time is over."""
    try:
        sealed = urlsafe_b64decode(request.COOKIES.get(_get_cookie_name(kept, get_language() or "ar"), ""))
        name, until, *secrets = json.loads(get_secret_box("portal-cookies").decrypt(sealed))
    except (ValueError, TypeError, CryptoError):
        return None
    return secrets if name == kept.name and at.timestamp() < until else None


def _get_cookie_name(kept: CookieSpec, language: str) -> str:
    """`__Secure-`: a browser takes the cookie over HTTPS only. `__Host-` would send it to every page."""
    return f"{'__Secure-' if settings.SESSION_COOKIE_SECURE else ''}{kept.name}-{language}"


def _get_cookie_path(kept: CookieSpec, arguments: list[str], language: str) -> str:
    if kept.covers_all_cases:
        return _reverse_route(kept.route, language, "-").removesuffix("/-")
    return _reverse_route(kept.route, language, *arguments)


@lru_cache(maxsize=100)
def _reverse_route(route: str, language: str, *arguments: str) -> str:
    with override(language):
        return reverse(route, args=arguments)
