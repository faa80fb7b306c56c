"""SMTP gateway: text and HTML, our own Message-ID, and a return path that identifies the message."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from smtplib import SMTP, SMTPException
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.utils.html import format_html, linebreaks, urlize
from django.utils.safestring import SafeString

from bekhedmetkom.kernel.clock import get_local_date

from ..models import Message
from ..rules.reply_outcomes import REPLY_ADDRESS_LIFETIME
from ..rules.templates import Template
from ..signed_addresses import build_reply_address, build_return_path, build_unsubscribe_url
from .gateway import (
    TIMEOUT_SECONDS,
    ReceiptHandler,
    SendFunction,
    SendOutcome,
    SendResult,
    build_message_id,
    get_hostname,
)

DEFAULT_PORTS = {"smtp": 587, "smtps": 465}
CRLF = b"\r\n"

log = logging.getLogger(__name__)


class SmtpGateway:
    """`smtp://USER:PASSWORD@HOST:587?from=ADDRESS`, with STARTTLS unless `starttls=0`; `smtps://` for TLS at once."""

    is_idempotent = False  # few servers look whether they know a Message-ID

    def __init__(self, url: str):
        parts = urlsplit(url)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        self.sender = query.get("from") or f"no-reply@{get_hostname()}"
        self.connection_options: dict[str, Any] = {
            "host": parts.hostname,
            "port": parts.port or DEFAULT_PORTS[parts.scheme],
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "use_ssl": parts.scheme == "smtps",
            "use_tls": parts.scheme == "smtp" and query.get("starttls") != "0",
            "timeout": TIMEOUT_SECONDS,
        }

    @contextmanager
    def open_round(self, on_receipt: ReceiptHandler) -> Iterator[SendFunction]:
        server = get_connection("django.core.mail.backends.smtp.EmailBackend", **self.connection_options)
        try:
            yield lambda message: self._send(server, message)
        finally:
            server.close()

    def close(self) -> None:
        """Nothing is kept between rounds."""

    def _send(self, server: Any, message: Message) -> SendResult:
        to = message.officer.email if message.officer else message.address
        letter: Any = build_email(message, self.sender, to).message()
        try:
            server.open()
            talk: SMTP = server.connection
            if refused := _send_envelope(talk, message, build_return_path(message.pk) or self.sender, to):
                return refused
        except (SMTPException, OSError) as error:
            return _handle_broken_link(server, message, error, SendOutcome.FAILED)
        try:  # from the first byte of the letter on nobody but the server knows whether it was taken
            talk.send(
                re.sub(rb"(?m)^\.", b"..", letter.as_bytes(linesep="\r\n")).rstrip(CRLF) + CRLF + b"." + CRLF
            )
            code = talk.getreply()[0]
        except (SMTPException, OSError) as error:
            return _handle_broken_link(server, message, error, SendOutcome.IN_DOUBT)
        return SendResult(SendOutcome.SENT) if code == 250 else _build_refusal(message, code, "the letter")


def _handle_broken_link(server: Any, message: Message, error: Exception, outcome: SendOutcome) -> SendResult:
    log.warning("message %s: the link to the mail server broke (%s)", message.pk, type(error).__name__)
    server.close()
    return SendResult(outcome, stop_round=True)


def _send_envelope(talk: SMTP, message: Message, sender: str, to: str) -> SendResult | None:
    """Up to where the letter may be sent; what refused before that, if anything did."""
    talk.ehlo_or_helo_if_needed()
    code = talk.mail(sender)[0]
    if code != 250:  # not the person's fault: every other letter would meet the same
        log.warning("message %s: our own address was refused with %s", message.pk, code)
        talk.rset()
        return SendResult(SendOutcome.FAILED, stop_round=True)
    code = talk.rcpt(to)[0]
    if code not in (250, 251):
        talk.rset()
        return _build_refusal(message, code, "the address")
    code = talk.docmd("DATA")[0]
    return None if code == 354 else _build_refusal(message, code, "the letter")


def _build_refusal(message: Message, code: int, what: str) -> SendResult:
    log.warning("message %s: %s was refused with %s", message.pk, what, code)
    return SendResult(SendOutcome.REFUSED if code >= 500 else SendOutcome.FAILED)


def build_email(message: Message, sender: str, to: str) -> EmailMultiAlternatives:
    """Text and HTML. The Message-ID is the row's own, so that a mail sent twice can be known as one."""
    headers = {
        "Message-ID": f"<{build_message_id(message)}@{get_hostname()}>",
        "Auto-Submitted": "auto-generated",
    }
    stop = build_unsubscribe_url(message.pk, message.language) if can_unsubscribe(message) else ""
    if stop:  # RFC 8058: mail programs show a button that posts to it
        headers |= {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    if can_reply(message) and (
        reply := build_reply_address(message.pk, get_local_date(message.not_before + REPLY_ADDRESS_LIFETIME))
    ):
        headers["Reply-To"] = reply
    text = (
        f"{message.full_text}\n\n{_UNSUBSCRIBE_TEXTS[message.language]}\n{stop}"
        if stop
        else message.full_text
    )
    letter = EmailMultiAlternatives(message.subject, text, sender, [to], headers=headers)
    letter.attach_alternative(render_html(message, stop), "text/html")
    return letter


def render_html(message: Message, stop: str = "") -> str:
    """The same words for a reader of HTML, in the direction of their language; nothing in it is fetched."""
    context = {
        "body": link_addresses(message.full_text),
        "message": message,
        "stop": stop,
        "stop_words": _UNSUBSCRIBE_TEXTS[message.language],
    }
    return render_to_string("notifications/email.html", context)


def link_addresses(text: str) -> SafeString:
    """With its addresses as links. Words that have one on the line below are that link."""
    parts = _LABELLED_LINK.split(text)
    said = [urlize(parts[0], autoescape=True)]
    for words, address, between in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        said += [format_html('<a href="{}">{}</a>', address, words), urlize(between, autoescape=True)]
    return SafeString(linebreaks("".join(said)))


_LABELLED_LINK = re.compile(r"^(.+)\n(https?://\S+)$", re.MULTILINE)


def can_unsubscribe(message: Message) -> bool:
    """News of a case, which its citizen may not want; not an officer's work, nor a code that was asked for."""
    return (
        message.case_id is not None and message.officer_id is None and not Template(message.template).is_code
    )


def can_reply(message: Message) -> bool:
    """Whether a reply goes into the case: to its citizen's news. What is need-to-know does not travel by e-mail."""
    return (
        can_unsubscribe(message)
        and message.event_id is not None
        and message.template != str(Template.DISCREET)
    )


_UNSUBSCRIBE_TEXTS = {
    "ar": "لا تريد رسائل عن هذا الطلب؟ أوقفها بضغطة:",
    "en": "No more messages about this case? Stop them here:",
}
