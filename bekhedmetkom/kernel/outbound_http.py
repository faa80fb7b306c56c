"""HTTP to addresses that others name: webhooks, pictures of a request, bodies' own systems. Never into our own house.

Whoever may name an address could have us ask the database's host, the cloud's metadata or a neighbour's printer. So a
name is looked up once, every address that it has must be a public one, and the connection goes to exactly that
address: a second look-up could say something else. Redirects are not followed, the environment's proxies not used.
What lies in a private network on purpose (a ministry's system behind the government's own network) is allowed by name
of its network in `OUTWARD_NETWORKS`.
"""

import socket
import ssl
import time
from collections.abc import Iterable, Sequence
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import urlsplit

import httpx

Address = IPv4Address | IPv6Address
Client = httpx.Client
Network = IPv4Network | IPv6Network

TIMEOUT_SECONDS = 10.0  # seconds, for each step of one call
SCHEMES = ("https", "http")


class UnreachableAddress(Exception):
    """Where this address leads we do not go, or nobody is found there. Says why, and never what was to be sent."""


class ResponseTooLarge(Exception):
    """The answer is larger, or takes longer, than anyone here will read."""


# Whatever goes wrong on the way to somebody else's address.
REQUEST_ERRORS = (httpx.HTTPError, httpx.InvalidURL, UnreachableAddress, ResponseTooLarge)
# Of these, what goes wrong before anybody there has heard a word.
CONNECTION_ERRORS = (
    httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.InvalidURL,
    UnreachableAddress,
)  # fmt: skip


@cache
def get_ssl_context() -> ssl.SSLContext:
    """Whose certificates count. Read once: to read all authorities takes longer than a call."""
    return httpx.create_ssl_context(trust_env=False)


def create_client(
    allowed: Iterable[Network] = (), *, patience: float = TIMEOUT_SECONDS, **options: Any
) -> httpx.Client:
    """A client that reaches public addresses, and private ones of the networks `allowed`."""
    return httpx.Client(
        transport=_GuardedTransport(tuple(allowed)),
        timeout=patience, follow_redirects=False, trust_env=False, **options,
    )  # fmt: skip


def read_response(answer: httpx.Response, most: int, seconds: float) -> bytes:
    """The body of a streamed answer: at most so many bytes, in at most so many seconds. Raises `TooMuch`.

    A sender who gives a byte a second is never too slow for a time limit that each byte starts anew.
    """
    until, kept = time.monotonic() + seconds, bytearray()
    for piece in answer.iter_bytes():
        kept += piece
        if len(kept) > most or time.monotonic() > until:
            raise ResponseTooLarge
    return bytes(kept)


def resolve_address(host: str, port: int, allowed: Sequence[Network]) -> str:
    """The address to connect to for this name. Raises `Unreachable` where it has none, or one that is not public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    except (OSError, UnicodeError) as error:
        raise UnreachableAddress("no such host") from error
    addresses = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    if not addresses or not all(_is_reachable(address, allowed) for address in addresses):
        raise UnreachableAddress("not a public address")
    return str(addresses[0])


def is_allowed_url(url: str, allowed: Sequence[Network]) -> bool:
    """Https to a public address; where an operator has opened a private network, plain http within it too."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    if not url.isascii() or parts.scheme not in SCHEMES or parts.username:
        return False
    try:
        reached = resolve_address(parts.hostname or "", port or 443, allowed)
    except UnreachableAddress:
        return False
    return parts.scheme == "https" or is_in_networks(reached, allowed)


def is_in_networks(address: str, allowed: Iterable[Network]) -> bool:
    """Whether this address, as `place` gave it, lies in one of these networks."""
    found = ip_address(address)
    return any(found in network for network in allowed if network.version == found.version)


def _is_reachable(address: Address, allowed: Sequence[Network]) -> bool:
    if isinstance(address, IPv6Address):
        # What is written as IPv6 and carried as IPv4 leads where the IPv4 address leads.
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is not None:
            return _is_reachable(inner, allowed)
        if address in _NAT64_NETWORK:
            return _is_reachable(IPv4Address(int(address) & 0xFFFFFFFF), allowed)
    return is_in_networks(str(address), allowed) or (address.is_global and not address.is_multicast)


_NAT64_NETWORK = IPv6Network("64:ff9b::/96")  # NAT64, RFC 6052


class _GuardedTransport(httpx.HTTPTransport):
    """Connects to the address that was looked at; the name stays in `Host` and in what the certificate must say."""

    def __init__(self, allowed: Sequence[Network]) -> None:
        super().__init__(verify=get_ssl_context(), trust_env=False)
        self._allowed = allowed

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        if url.scheme not in SCHEMES or url.userinfo:
            raise UnreachableAddress("not an address of the web")
        port = url.port or (443 if url.scheme == "https" else 80)
        address = resolve_address(url.host, port, self._allowed)
        request.url = url.copy_with(host=address)
        request.extensions = {**request.extensions, "sni_hostname": url.host}
        return super().handle_request(request)
