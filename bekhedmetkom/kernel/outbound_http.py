"""Outbound HTTP to URLs that others supply (webhooks, remote images, external systems), protected against SSRF.

A host name is resolved once, all its addresses must be public, and the connection goes to exactly that address, so
DNS rebinding has no effect. Redirects and proxies of the environment are off. `OUTWARD_NETWORKS` allows private
networks, such as the government's own.
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

TIMEOUT_SECONDS = 10.0  # for each step of one call
SCHEMES = ("https", "http")


class UnreachableAddress(Exception):
    """The host is unknown or its address is not allowed. The text never contains the request."""


class ResponseTooLarge(Exception):
    """The response exceeds the size or time limit."""


# All errors of an outbound request.
REQUEST_ERRORS = (httpx.HTTPError, httpx.InvalidURL, UnreachableAddress, ResponseTooLarge)
# Those errors that occur before anything was sent.
CONNECTION_ERRORS = (
    httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.InvalidURL,
    UnreachableAddress,
)  # fmt: skip


@cache
def get_ssl_context() -> ssl.SSLContext:
    """Return the TLS context. Cached: loading all authorities takes longer than a call."""
    return httpx.create_ssl_context(trust_env=False)


def create_client(
    allowed: Iterable[Network] = (), *, patience: float = TIMEOUT_SECONDS, **options: Any
) -> httpx.Client:
    """Return a client that reaches public addresses and the private networks in `allowed`."""
    return httpx.Client(
        transport=_GuardedTransport(tuple(allowed)),
        timeout=patience, follow_redirects=False, trust_env=False, **options,
    )  # fmt: skip


def read_response(answer: httpx.Response, most: int, seconds: float) -> bytes:
    """Return the body of a streamed response. Raises `ResponseTooLarge` past `most` bytes or `seconds` in total.

    The client's own timeout restarts with each byte, so it does not stop a slow sender.
    """
    until, kept = time.monotonic() + seconds, bytearray()
    for piece in answer.iter_bytes():
        kept += piece
        if len(kept) > most or time.monotonic() > until:
            raise ResponseTooLarge
    return bytes(kept)


def resolve_address(host: str, port: int, allowed: Sequence[Network]) -> str:
    """Return the address of a host. Raises `UnreachableAddress` if it has none or one is not allowed."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    except (OSError, UnicodeError) as error:
        raise UnreachableAddress("no such host") from error
    addresses = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    if not addresses or not all(_is_reachable(address, allowed) for address in addresses):
        raise UnreachableAddress("not a public address")
    return str(addresses[0])


def is_allowed_url(url: str, allowed: Sequence[Network]) -> bool:
    """Whether the URL is HTTPS to a public address, or HTTP or HTTPS to an allowed private network."""
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
    """Whether an address from `resolve_address` is in one of these networks."""
    found = ip_address(address)
    return any(found in network for network in allowed if network.version == found.version)


def _is_reachable(address: Address, allowed: Sequence[Network]) -> bool:
    if isinstance(address, IPv6Address):
        # IPv6 addresses that embed an IPv4 address are judged by that address.
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is not None:
            return _is_reachable(inner, allowed)
        if address in _NAT64_NETWORK:
            return _is_reachable(IPv4Address(int(address) & 0xFFFFFFFF), allowed)
    return is_in_networks(str(address), allowed) or (address.is_global and not address.is_multicast)


_NAT64_NETWORK = IPv6Network("64:ff9b::/96")  # NAT64, RFC 6052


class _GuardedTransport(httpx.HTTPTransport):
    """Connects to the checked address; `Host` and the certificate check keep the host name."""

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
