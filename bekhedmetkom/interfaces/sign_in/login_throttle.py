"""Who is waiting behind whose failures: by this browser where it is known, by its address where it is not."""

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
    """Tries at one account's secret (`what`: its password or its code) from one browser."""

    def __init__(self, request: HttpRequest, email: str, what: str):
        email = email.strip().lower()
        known = get_known_browser(request, email)
        self.address = get_client_address(request)
        self.known = known is not None
        self.names = (what, email, *(("browser", known) if known else ("address", self.address)))

    def take_attempt(self) -> timedelta:
        """Zero when this try may go ahead, else how long to wait. Every try counts until `succeed`."""
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
    """The browser's own number, if this officer signed in from it before."""
    try:
        number, whose = _get_signer().unsign(request.COOKIES.get(BROWSER_COOKIE, "")).split(":")
    except (BadSignature, ValueError):
        return None
    return number if whose == _hash_email(email) else None


def remember_browser(request: HttpRequest, response: HttpResponse, email: str) -> None:
    """Let this browser be known as the officer's. The cookie opens nothing: it only keeps the pace apart."""
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
