"""Throttling of sign-in attempts per known browser, else per address."""

from datetime import timedelta
from hashlib import sha256
from secrets import token_urlsafe

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse

from bekhedmetkom.identity import throttle
from bekhedmetkom.interfaces.request_headers import get_client_address
from bekhedmetkom.kernel import clock

BROWSER_COOKIE = "__Host-browser" if settings.HTTPS else "browser"
BROWSER_COOKIE_LIFETIME = timedelta(days=365)


class LoginAttempts:
    """Attempts at one account's secret (`secret_kind`: "password" or "code") from one browser."""

    def __init__(self, request: HttpRequest, email: str, secret_kind: str):
        email = email.strip().lower()
        known = get_known_browser(request, email)
        self.address = get_client_address(request)
        self.known = known is not None
        self.names = (secret_kind, email, *(("browser", known) if known else ("address", self.address)))

    def take_attempt(self) -> timedelta:
        """Count an attempt. Returns zero if it may proceed, else the time to wait."""
        at = clock.now()
        wait = throttle.take_attempt(throttle.ACCOUNT_LIMIT, *self.names, at=at)
        if wait or self.known:
            return wait
        return throttle.take_attempt(throttle.ADDRESS_LIMIT, "address", self.address, at=at)

    def reset(self) -> None:
        throttle.reset_attempts(*self.names)
        if not self.known:
            throttle.return_attempt("address", self.address)


def get_known_browser(request: HttpRequest, email: str) -> str | None:
    """Return the browser's number if this officer has signed in from it before, else `None`."""
    try:
        number, email_hash = _get_signer().unsign(request.COOKIES.get(BROWSER_COOKIE, "")).split(":")
    except (BadSignature, ValueError):
        return None
    return number if email_hash == _hash_email(email) else None


def remember_browser(request: HttpRequest, response: HttpResponse, email: str) -> None:
    """Mark the browser as known to the officer. The cookie grants nothing; it only separates counters."""
    number = get_known_browser(request, email) or token_urlsafe(16)
    response.set_cookie(
        BROWSER_COOKIE,
        _get_signer().sign(f"{number}:{_hash_email(email)}"),
        max_age=BROWSER_COOKIE_LIFETIME,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def _get_signer() -> Signer:
    return Signer(salt="sign-in.browser")


def _hash_email(email: str) -> str:
    return sha256(email.strip().lower().encode()).hexdigest()[:32]
