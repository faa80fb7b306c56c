"""Content security policy of the box's pages, and the check of a request's origin."""

from contextlib import suppress
from urllib.parse import urlsplit

from django.http import HttpRequest

# No other origins and nothing inline. Argon2id needs WebAssembly. The receipt page frames the check of two words.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors "
)


def is_same_origin(request: HttpRequest) -> bool:
    """Return whether one of our own pages, or no page, sends the request.

    Older browsers have only `Origin`; it is `null` for our own forms, since our pages send no referrer.
    """
    if site := request.headers.get("Sec-Fetch-Site"):
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin", "null")
    with suppress(ValueError):
        return origin == "null" or urlsplit(origin).netloc == request.headers.get("Host")
    return False
