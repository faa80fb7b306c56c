"""Request headers, and the client's address behind trusted proxies."""

from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def get_header(request: HttpRequest, name: str) -> str | None:
    """Return the value of a header; faster than `request.headers` for a single one.

    That copies the whole WSGI environment first.
    """
    value: str | None = request.META.get(f"HTTP_{name.upper().replace('-', '_')}")
    return value


def get_client_address(request: HttpRequest) -> str:
    """Return the client's address; for IPv6 its /64 network, as one household has 2^64 addresses.

    `X-Forwarded-For` counts only as far as trusted proxies wrote it: the last entry that is none of them.
    """
    chain = [*(get_header(request, "X-Forwarded-For") or "").split(","), request.META.get("REMOTE_ADDR", "")]
    proxies = _parse_networks(tuple(settings.TRUSTED_PROXIES))
    address, parsed = "", None
    for entry in reversed(chain):
        address = entry.strip()
        parsed = _parse_address(address)
        if parsed is None or not any(parsed in proxy for proxy in proxies):
            break
    return address if parsed is None else _format_address(parsed)


# Of our own proxies alone: nobody's address stays in memory.
@lru_cache(maxsize=8)
def _parse_networks(proxies: Sequence[str]) -> list[IPv4Network | IPv6Network]:
    networks = []
    for proxy in proxies:
        with suppress(ValueError):
            networks.append(ip_network(proxy, strict=False))
    return networks


def _parse_address(address: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(address)
    except ValueError:
        return None


def _format_address(address: IPv4Address | IPv6Address) -> str:
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or ip_network((address, 64), strict=False))
    return str(address)
