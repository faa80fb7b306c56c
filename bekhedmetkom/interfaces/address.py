"""From where a request comes, for whoever limits how fast somebody may knock."""

from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

from .headers import header_of


def address_of(request: HttpRequest) -> str:
    """The client's address; of IPv6 the network, for one household has 2^64 addresses of its own.

    `X-Forwarded-For` counts only as far as our own proxies wrote it: the last entry that is none of them.
    """
    chain = [*(header_of(request, "X-Forwarded-For") or "").split(","), request.META.get("REMOTE_ADDR", "")]
    proxies = _networks(tuple(settings.TRUSTED_PROXIES))
    address, parsed = "", None
    for entry in reversed(chain):
        address = entry.strip()
        parsed = _parsed(address)
        if parsed is None or not any(parsed in proxy for proxy in proxies):
            break
    return address if parsed is None else _told(parsed)


# Of our own proxies alone: nobody's address stays in memory.
@lru_cache(maxsize=8)
def _networks(proxies: Sequence[str]) -> list[IPv4Network | IPv6Network]:
    networks = []
    for proxy in proxies:
        with suppress(ValueError):
            networks.append(ip_network(proxy, strict=False))
    return networks


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(address)
    except ValueError:
        return None


def _told(address: IPv4Address | IPv6Address) -> str:
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or ip_network((address, 64), strict=False))
    return str(address)
