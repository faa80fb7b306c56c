"""Handing messages over to who carries them. A way without a provider is simply not ready (commands.sending)."""

from collections.abc import Mapping
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings

from ..rules.delivery import Channel
from .handing import Gateway, Handed, HandOver, Hears, OnReceipt, Outcome
from .mail import MailServer

__all__ = [
    "Gateway",
    "HandOver",
    "Handed",
    "Hears",
    "OnReceipt",
    "Outcome",
    "all_ready",
    "close_all",
    "ready",
]


def ready() -> Mapping[Channel, Gateway]:
    """The ways that have a provider."""
    urls = {
        Channel.MESSENGER: settings.MESSENGER_API if settings.MESSENGER_PAGE_TOKEN else "",
        Channel.EMAIL: settings.SMTP_URL,
        Channel.SMS: settings.SMS_URL,
    }
    given = {channel: _gateway(channel, url) for channel, url in urls.items() if url and may_use(url)}
    return given | {
        Channel.PUSH: _gateway(Channel.PUSH, "")
    }  # needs nobody, and reaches only who has asked for it


def all_ready() -> bool:
    """Whether nothing is merely kept to be looked at."""
    return set(ready()) >= {Channel.EMAIL, Channel.SMS}  # nobody comes by Messenger where it is not set up


def may_use(url: str) -> bool:
    """Invented people share numbers with real ones: the demonstration sends to nothing but this very machine."""
    return not settings.DEMO or _is_this_machine(urlsplit(url).hostname or "")


def close_all() -> None:
    """Before the process ends."""
    for gateway in ready().values():
        gateway.close()
    _gateway.cache_clear()


@lru_cache(maxsize=8)
def _gateway(channel: Channel, url: str) -> Gateway:
    if channel is Channel.EMAIL:
        return MailServer(url)
    if channel is Channel.MESSENGER:
        from .messenger import Messenger

        return Messenger()
    if channel is Channel.PUSH:
        from .push import Push

        return Push()
    # Read where one is set up, and by no other process: the client of HTTP takes a tenth of a second at every start.
    if urlsplit(url).scheme in ("smpp", "smpps"):
        from .smpp import Smpp

        return Smpp(url)
    from .sms_http import HttpGateway

    return HttpGateway(url)


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
