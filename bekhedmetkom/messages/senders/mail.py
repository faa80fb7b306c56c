"""E-mail by SMTP: text and HTML, our own Message-ID, a return path that tells which message came back."""

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
from ..rules.arriving import ANSWERED_FOR
from ..rules.templates import Template
from ..signed import reply_address, return_path, unsubscribe_address
from .handing import PATIENCE, Handed, HandOver, OnReceipt, Outcome, our_host, our_id

PORTS = {"smtp": 587, "smtps": 465}
CRLF = b"\r\n"

log = logging.getLogger(__name__)


class MailServer:
    """`smtp://USER:PASSWORD@HOST:587?from=ADDRESS`, with STARTTLS unless `starttls=0`; `smtps://` for TLS at once."""

    forgives_repeats = False  # few servers look whether they know a Message-ID

    def __init__(self, url: str):
        parts = urlsplit(url)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        self.sender = query.get("from") or f"no-reply@{our_host()}"
        self.connecting: dict[str, Any] = {
            "host": parts.hostname,
            "port": parts.port or PORTS[parts.scheme],
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "use_ssl": parts.scheme == "smtps",
            "use_tls": parts.scheme == "smtp" and query.get("starttls") != "0",
            "timeout": PATIENCE,
        }

    @contextmanager
    def open(self, on_receipt: OnReceipt) -> Iterator[HandOver]:
        server = get_connection("django.core.mail.backends.smtp.EmailBackend", **self.connecting)
        try:
            yield lambda message: self._hand_over(server, message)
        finally:
            server.close()

    def close(self) -> None:
        """Nothing is kept between rounds."""

    def _hand_over(self, server: Any, message: Message) -> Handed:
        to = message.officer.email if message.officer else message.address
        letter: Any = as_letter(message, self.sender, to).message()
        try:
            server.open()
            talk: SMTP = server.connection
            if refused := _envelope(talk, message, return_path(message.pk) or self.sender, to):
                return refused
        except (SMTPException, OSError) as error:
            return _broken(server, message, error, Outcome.FAILED)
        try:  # from the first byte of the letter on nobody but the server knows whether it was taken
            talk.send(
                re.sub(rb"(?m)^\.", b"..", letter.as_bytes(linesep="\r\n")).rstrip(CRLF) + CRLF + b"." + CRLF
            )
            code = talk.getreply()[0]
        except (SMTPException, OSError) as error:
            return _broken(server, message, error, Outcome.IN_DOUBT)
        return Handed(Outcome.SENT) if code == 250 else _refusal(message, code, "the letter")


def _broken(server: Any, message: Message, error: Exception, outcome: Outcome) -> Handed:
    log.warning("message %s: the link to the mail server broke (%s)", message.pk, type(error).__name__)
    server.close()
    return Handed(outcome, stop=True)


def _envelope(talk: SMTP, message: Message, sender: str, to: str) -> Handed | None:
    """Up to where the letter may be sent; what refused before that, if anything did."""
    talk.ehlo_or_helo_if_needed()
    code = talk.mail(sender)[0]
    if code != 250:  # not the person's fault: every other letter would meet the same
        log.warning("message %s: our own address was refused with %s", message.pk, code)
        talk.rset()
        return Handed(Outcome.FAILED, stop=True)
    code = talk.rcpt(to)[0]
    if code not in (250, 251):
        talk.rset()
        return _refusal(message, code, "the address")
    code = talk.docmd("DATA")[0]
    return None if code == 354 else _refusal(message, code, "the letter")


def _refusal(message: Message, code: int, what: str) -> Handed:
    log.warning("message %s: %s was refused with %s", message.pk, what, code)
    return Handed(Outcome.REFUSED if code >= 500 else Outcome.FAILED)


def as_letter(message: Message, sender: str, to: str) -> EmailMultiAlternatives:
    """Text and HTML. The Message-ID is the row's own, so that a mail sent twice can be known as one."""
    headers = {"Message-ID": f"<{our_id(message)}@{our_host()}>", "Auto-Submitted": "auto-generated"}
    stop = unsubscribe_address(message.pk, message.language) if may_be_stopped(message) else ""
    if stop:  # RFC 8058: mail programs show a button that posts to it
        headers |= {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    if may_be_answered(message) and (
        reply := reply_address(message.pk, get_local_date(message.not_before + ANSWERED_FOR))
    ):
        headers["Reply-To"] = reply
    text = f"{message.in_clear}\n\n{_STOP[message.language]}\n{stop}" if stop else message.in_clear
    letter = EmailMultiAlternatives(message.subject, text, sender, [to], headers=headers)
    letter.attach_alternative(as_html(message, stop), "text/html")
    return letter


def as_html(message: Message, stop: str = "") -> str:
    """The same words for a reader of HTML, in the direction of their language; nothing in it is fetched."""
    context = {
        "body": linked(message.in_clear),
        "message": message,
        "stop": stop,
        "stop_words": _STOP[message.language],
    }
    return render_to_string("messages/email.html", context)


def linked(text: str) -> SafeString:
    """With its addresses as links. Words that have one on the line below are that link."""
    parts = _WITH_ADDRESS.split(text)
    said = [urlize(parts[0], autoescape=True)]
    for words, address, between in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        said += [format_html('<a href="{}">{}</a>', address, words), urlize(between, autoescape=True)]
    return SafeString(linebreaks("".join(said)))


_WITH_ADDRESS = re.compile(r"^(.+)\n(https?://\S+)$", re.MULTILINE)


def may_be_stopped(message: Message) -> bool:
    """News of a case, which its citizen may not want; not an officer's work, nor a code that was asked for."""
    return (
        message.case_id is not None
        and message.officer_id is None
        and not Template(message.template).tells_code
    )


def may_be_answered(message: Message) -> bool:
    """Whether a reply goes into the case: to its citizen's news. What is need-to-know does not travel by e-mail."""
    return (
        may_be_stopped(message)
        and message.event_id is not None
        and message.template != str(Template.DISCREET)
    )


_STOP = {
    "ar": "لا تريد رسائل عن هذا الطلب؟ أوقفها بضغطة:",
    "en": "No more messages about this case? Stop them here:",
}
