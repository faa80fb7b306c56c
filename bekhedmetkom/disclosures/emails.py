"""Emails of the box: two constant texts, sent with its own mail settings, that reveal nothing about reports."""

import smtplib
from collections.abc import Sequence
from email.message import EmailMessage
from typing import Literal
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from .installation import get_installation

SMTP_TIMEOUT_SECONDS = 30
EMAIL_TEXTS: dict[str, tuple[str, str]] = {
    "digest": (
        "صندوق الهيئة",
        "هذه رسالة ثابتة تصلك مرتين في اليوم، جاء جديد أم لم يأتِ.\nافتح صفحة الهيئة لترى ما فيها.\n\n"
        "This is a constant letter. It comes twice a day, whether or not there is anything new.\n"
        "Open the Commission's page to see what is there.\n",
    ),
    "alert": (
        "صندوق الهيئة: موعد فات",
        "فات موعد قانوني في صندوق الهيئة. افتح صفحة الهيئة لترى أيها.\n\n"
        "A legal date has passed in the Commission's box. Open the Commission's page to see which.\n",
    ),
}


def send_email(kind: Literal["digest", "alert"], to: Sequence[str]) -> None:
    """Send one email to each address, or write it to `BK_HOME/box/letters` if there is no mail server.

    Raises the first error only if no address got the email: a retry would send it again to the others.
    """
    failed: list[Exception] = []
    addresses = to or ["commission@box.invalid"]
    for address in addresses:
        message = EmailMessage()
        message["From"], message["To"] = get_installation().mail_from or "box@box.invalid", address
        message["Subject"], text = EMAIL_TEXTS[kind]
        message.set_content(text)
        try:
            _send_by_smtp(message) if get_installation().smtp_url and to else _save_to_folder(message)
        except OSError as error:  # base class of smtplib's errors
            failed.append(error)
    if len(failed) == len(addresses):
        raise failed[0]


def _send_by_smtp(message: EmailMessage) -> None:
    server = urlsplit(get_installation().smtp_url)
    host, port = server.hostname or "", server.port or 0
    connection: smtplib.SMTP
    if server.scheme == "smtps":
        connection = smtplib.SMTP_SSL(host, port, timeout=SMTP_TIMEOUT_SECONDS)
    else:
        connection = smtplib.SMTP(host, port, timeout=SMTP_TIMEOUT_SECONDS)
    with connection:
        if server.scheme == "smtp" and connection.has_extn("starttls"):
            connection.starttls()
        if server.username:
            connection.login(unquote(server.username), unquote(server.password or ""))
        connection.send_message(message)


def _save_to_folder(message: EmailMessage) -> None:
    folder = get_installation().home / "letters"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / f"{uuid4()}.eml").write_bytes(bytes(message))
