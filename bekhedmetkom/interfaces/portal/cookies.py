"""Encrypted cookies that keep a person's cases open in their browser, so that no secret is in a URL.

Each expires by itself and is sent only to the pages that need it, in both languages. The pages of a new case get none:
a cookie that changes (Vary) would keep Chromium's back button from showing them again.
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

from bekhedmetkom.cases.rules.contact import ContactAddress, ContactType
from bekhedmetkom.config.key_derivation import get_secret_box


class CookieSpec(NamedTuple):
    """A cookie: its name, the route whose pages it is sent to, and its lifetime.

    `covers_all_cases`: the route takes a reference, and the cookie is sent to the pages of every case.
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
    """Remember the case that was just submitted, for its receipt page."""
    _set_cookie(response, RECEIVED_COOKIE, [], [reference, code], at)


def get_received_case(request: HttpRequest, at: datetime) -> tuple[str, str] | None:
    """Return reference and access code of the case that this browser submitted last, or `None`."""
    values = _read_cookie(request, RECEIVED_COOKIE, at)
    return (values[0], values[1]) if values else None


def set_open_case(response: HttpResponse, reference: str, case: UUID, at: datetime) -> None:
    """Keep a case open in this browser. The cookie holds its id, not its access code."""
    _set_cookie(response, OPEN_CASE_COOKIE, [reference], [reference, str(case)], at)


def get_open_case(request: HttpRequest, reference: str, at: datetime) -> UUID | None:
    """Return the id of the case if this browser opened it with its code."""
    values = _read_cookie(request, OPEN_CASE_COOKIE, at)
    return UUID(values[1]) if values and values[0] == reference else None


def set_verified_contacts(response: HttpResponse, contacts: Sequence[ContactAddress], at: datetime) -> None:
    """Keep the cases of these verified contacts open in this browser."""
    for spec in MY_CASES_COOKIES:
        _set_cookie(response, spec, [], [part for contact in contacts for part in contact], at)


def get_verified_contacts(request: HttpRequest, at: datetime) -> list[ContactAddress]:
    """Return the contacts that the person at this browser has verified; empty after expiry."""
    values = next((values for spec in MY_CASES_COOKIES if (values := _read_cookie(request, spec, at))), [])
    return [
        ContactAddress(ContactType(c), address) for c, address in zip(values[::2], values[1::2], strict=True)
    ]


def delete_verified_contacts(response: HttpResponse) -> None:
    """Close the list of cases in this browser; a case opened with its own code stays open."""
    for spec in (*MY_CASES_COOKIES, MY_CASES_CODE_COOKIE):
        _delete_cookie(response, spec, [])


def set_pending_sign_in(response: HttpResponse, secrets: list[str], at: datetime) -> None:
    """Store the secrets of a sign-in until the provider redirects back."""
    _set_cookie(response, SIGN_IN_COOKIE, [], secrets, at)


def get_pending_sign_in(request: HttpRequest, at: datetime) -> list[str] | None:
    """Return the secrets of the sign-in that this browser started, or `None`."""
    return _read_cookie(request, SIGN_IN_COOKIE, at)


def delete_pending_sign_in(response: HttpResponse) -> None:
    """Delete the secrets of a finished sign-in."""
    _delete_cookie(response, SIGN_IN_COOKIE, [])


class PendingCode(NamedTuple):
    """A one-time code that was sent to `contact`; only the browser with `browser_token` can use it."""

    contact: ContactAddress
    browser_token: str


def set_pending_code(
    response: HttpResponse, spec: CookieSpec, arguments: list[str], pending: PendingCode, at: datetime
) -> None:
    """Remember for which contact a code was sent."""
    _set_cookie(response, spec, arguments, [*pending.contact, pending.browser_token], at)


def get_pending_code(request: HttpRequest, spec: CookieSpec, at: datetime) -> PendingCode | None:
    """Return for which contact this browser last asked for a code, or `None`."""
    if not (values := _read_cookie(request, spec, at)):
        return None
    contact, address, browser_token = values
    return PendingCode(ContactAddress(ContactType(contact), address), browser_token)


def delete_pending_code(response: HttpResponse, spec: CookieSpec, arguments: list[str]) -> None:
    """Forget a code that was used."""
    _delete_cookie(response, spec, arguments)


def delete_open_case(response: HttpResponse, reference: str) -> None:
    """Close a case in this browser."""
    _delete_cookie(response, OPEN_CASE_COOKIE, [reference])
    _delete_cookie(response, RECEIVED_COOKIE, [])


def _delete_cookie(response: HttpResponse, spec: CookieSpec, arguments: list[str]) -> None:
    for language, _name in settings.LANGUAGES:
        response.delete_cookie(
            _get_cookie_name(spec, language), path=_get_cookie_path(spec, arguments, language)
        )


def _set_cookie(
    response: HttpResponse, spec: CookieSpec, arguments: list[str], secrets: list[str], at: datetime
) -> None:
    content = json.dumps([spec.name, int((at + spec.lifetime).timestamp()), *secrets]).encode()
    sealed = urlsafe_b64encode(get_secret_box("portal-cookies").encrypt(content)).decode()
    for language, _name in settings.LANGUAGES:
        response.set_cookie(
            _get_cookie_name(spec, language),
            sealed,
            path=_get_cookie_path(spec, arguments, language),
            max_age=spec.lifetime,
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )


def _read_cookie(request: HttpRequest, spec: CookieSpec, at: datetime) -> list[str] | None:
    """Return the cookie's content; `None` if it is missing, invalid or expired."""
    try:
        sealed = urlsafe_b64decode(request.COOKIES.get(_get_cookie_name(spec, get_language() or "ar"), ""))
        name, until, *secrets = json.loads(get_secret_box("portal-cookies").decrypt(sealed))
    except (ValueError, TypeError, CryptoError):
        return None
    return secrets if name == spec.name and at.timestamp() < until else None


def _get_cookie_name(spec: CookieSpec, language: str) -> str:
    """Return the name. `__Secure-` needs HTTPS; `__Host-` would send the cookie to every page."""
    return f"{'__Secure-' if settings.SESSION_COOKIE_SECURE else ''}{spec.name}-{language}"


def _get_cookie_path(spec: CookieSpec, arguments: list[str], language: str) -> str:
    if spec.covers_all_cases:
        return _reverse_route(spec.route, language, "-").removesuffix("/-")
    return _reverse_route(spec.route, language, *arguments)


@lru_cache(maxsize=100)
def _reverse_route(route: str, language: str, *arguments: str) -> str:
    with override(language):
        return reverse(route, args=arguments)
