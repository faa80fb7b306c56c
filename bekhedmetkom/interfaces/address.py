"""From where a request comes, for whoever limits how fast somebody may knock."""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

from .headers import header_of


def address_of(request: HttpRequest) -> str:
    """The client's address; of IPv6 the network, for one household has 2^64 addresses of its own.

    `X-Forwarded-For` counts only as far as our own proxies wrote it: the last entry that is none of them.
    """
    chain = [*(header_of(request, "X-Forwarded-For") or "").split(","), request.META.get("REMOTE_ADDR", "")]
    address = ""
    for entry in reversed(chain):
        address = entry.strip()
        if not _is_among(address, tuple(settings.TRUSTED_PROXIES)):
            break
    return _network(address)


@lru_cache(maxsize=64)
def _is_among(address: str, proxies: Sequence[str]) -> bool:
    try:
        return any(ip_address(address) in ip_network(proxy, strict=False) for proxy in proxies)
    except ValueError:
        return False


@lru_cache(maxsize=1024)
def _network(address: str) -> str:
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or ip_network((parsed, 64), strict=False))
    return str(parsed)
