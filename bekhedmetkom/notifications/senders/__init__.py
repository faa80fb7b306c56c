"""Gateways by channel. A channel without a provider has none (see `commands.delivery`)."""

from collections.abc import Mapping
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings

from ..rules.delivery import Channel
from .gateway import Gateway, ReceiptHandler, SendFunction, SendOutcome, SendResult, TextReceiver
from .smtp import SmtpGateway

__all__ = [
    "Gateway",
    "ReceiptHandler",
    "SendFunction",
    "SendOutcome",
    "SendResult",
    "TextReceiver",
    "close_gateways",
    "get_available_gateways",
    "has_all_providers",
]


def get_available_gateways() -> Mapping[Channel, Gateway]:
    """Return the gateways of the channels that have a provider."""
    urls = {
        Channel.MESSENGER: settings.MESSENGER_API if settings.MESSENGER_PAGE_TOKEN else "",
        Channel.EMAIL: settings.SMTP_URL,
        Channel.SMS: settings.SMS_URL,
    }
    given = {
        channel: _get_gateway(channel, url)
        for channel, url in urls.items()
        if url and is_allowed_provider(url)
    }
    return given | {
        Channel.PUSH: _get_gateway(Channel.PUSH, "")
    }  # needs nobody, and reaches only who has asked for it


def has_all_providers() -> bool:
    """Return whether e-mail and SMS can be sent."""
    return set(get_available_gateways()) >= {
        Channel.EMAIL,
        Channel.SMS,
    }  # nobody comes by Messenger where it is not set up


def is_allowed_provider(url: str) -> bool:
    """Return whether messages may go there. The demonstration's numbers may be real: it sends to this machine only."""
    return not settings.DEMO or _is_this_machine(urlsplit(url).hostname or "")


def close_gateways() -> None:
    """Close all connections before the process ends."""
    for gateway in get_available_gateways().values():
        gateway.close()
    _get_gateway.cache_clear()


@lru_cache(maxsize=8)
def _get_gateway(channel: Channel, url: str) -> Gateway:
    if channel is Channel.EMAIL:
        return SmtpGateway(url)
    if channel is Channel.MESSENGER:
        from .messenger import MessengerGateway

        return MessengerGateway()
    if channel is Channel.PUSH:
        from .push import PushGateway

        return PushGateway()
    # Read where one is set up, and by no other process: the client of HTTP takes a tenth of a second at every start.
    if urlsplit(url).scheme in ("smpp", "smpps"):
        from .smpp import SmppGateway

        return SmppGateway(url)
    from .sms_http import HttpSmsGateway

    return HttpSmsGateway(url)


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
