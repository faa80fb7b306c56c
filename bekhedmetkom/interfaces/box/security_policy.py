"""What a page of the box may load (its own files), and who may send it a form."""

from contextlib import suppress
from urllib.parse import urlsplit

from django.http import HttpRequest

# Nothing from anywhere else, and nothing inline. WebAssembly is Argon2id's, of our own files. One page shows a frame of
# ours: the check of two words, beside which the words must stay.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors "
)


def is_same_origin(request: HttpRequest) -> bool:
    """Whether one of our own pages sends it, or nobody's. Browsers say so; older ones say at least their `Origin`.

    `null` is what our own forms come with, for our pages name no referrer.
    """
    if site := request.headers.get("Sec-Fetch-Site"):
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin", "null")
    with suppress(ValueError):
        return origin == "null" or urlsplit(origin).netloc == request.headers.get("Host")
    return False
