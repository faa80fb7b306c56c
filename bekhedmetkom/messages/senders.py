"""Handing a message over to who carries it. A way without a provider is simply not ready (commands._keep)."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from enum import Enum, auto
from smtplib import SMTPException, SMTPRecipientsRefused
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string

from .models import Message
from .rules.delivery import Channel

PATIENCE = 10  # seconds for each answer of the mail server
PORTS = {"smtp": 587, "smtps": 465}

log = logging.getLogger(__name__)


class Outcome(Enum):
    SENT = auto()
    FAILED = auto()  # another try may help
    REFUSED = auto()  # none will


HandOver = Callable[[Message], Outcome]
Provider = Callable[[], AbstractContextManager[HandOver]]


def ready() -> Mapping[Channel, Provider]:
    """The ways that have a provider; each is opened for one batch."""
    return {Channel.EMAIL: lambda: _mail_server(settings.SMTP_URL)} if settings.SMTP_URL else {}


@contextmanager
def _mail_server(url: str) -> Iterator[HandOver]:
    """`smtp://USER:PASSWORD@HOST:587?from=ADDRESS`, with STARTTLS unless `starttls=0`; `smtps://` for TLS at once."""
    parts = urlsplit(url)
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    server = get_connection(
        "django.core.mail.backends.smtp.EmailBackend",
        host=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_ssl=parts.scheme == "smtps",
        use_tls=parts.scheme == "smtp" and query.get("starttls") != "0",
        timeout=PATIENCE,
    )
    sender = query.get("from") or f"no-reply@{_our_host()}"
    try:
        yield lambda message: _mail(server, sender, message)
    finally:
        server.close()


def _mail(server: BaseEmailBackend, sender: str, message: Message) -> Outcome:
    to = message.officer.email if message.officer else message.address
    if not to:
        return Outcome.REFUSED  # its address was erased
    try:
        server.open()
        _letter(message, sender, to, server).send()
    except SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        log.warning("message %s: the address was refused with %s", message.pk, codes)
        return Outcome.REFUSED if all(code >= 500 for code in codes) else Outcome.FAILED
    except (SMTPException, OSError) as error:
        log.warning("message %s: not handed over (%s)", message.pk, type(error).__name__)
        server.close()
        return Outcome.FAILED
    return Outcome.SENT


def _letter(message: Message, sender: str, to: str, server: BaseEmailBackend) -> EmailMultiAlternatives:
    """Text and HTML. The Message-ID is the row's own, so that a mail sent twice can be known as one."""
    headers = {"Message-ID": f"<message-{message.pk}@{_our_host()}>", "Auto-Submitted": "auto-generated"}
    letter = EmailMultiAlternatives(
        message.subject, message.in_clear, sender, [to], headers=headers, connection=server
    )
    letter.attach_alternative(as_html(message), "text/html")
    return letter


def as_html(message: Message) -> str:
    """The same words for a reader of HTML, in the direction of their language."""
    return render_to_string("messages/email.html", {"message": message})


def _our_host() -> str:
    return urlsplit(settings.PUBLIC_URL).hostname or "localhost"
