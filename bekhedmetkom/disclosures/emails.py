"""Letters of the box: two constant texts, by mail settings of its own. Nothing in them tells whether anything came."""

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
    """Each gets a letter of their own; without a mail server they lie in `BK_HOME/box/letters`.

    Raises what went wrong only where nobody got theirs: else the others would get it again at each try.
    """
    failed: list[Exception] = []
    addresses = to or ["commission@box.invalid"]
    for address in addresses:
        letter = EmailMessage()
        letter["From"], letter["To"] = get_installation().mail_from or "box@box.invalid", address
        letter["Subject"], text = EMAIL_TEXTS[kind]
        letter.set_content(text)
        try:
            _send_by_smtp(letter) if get_installation().smtp_url and to else _save_to_folder(letter)
        except OSError as error:  # smtplib's faults are among them
            failed.append(error)
    if len(failed) == len(addresses):
        raise failed[0]


def _send_by_smtp(letter: EmailMessage) -> None:
    server = urlsplit(get_installation().smtp_url)
    host, port = server.hostname or "", server.port or 0
    by: smtplib.SMTP
    if server.scheme == "smtps":
        by = smtplib.SMTP_SSL(host, port, timeout=SMTP_TIMEOUT_SECONDS)
    else:
        by = smtplib.SMTP(host, port, timeout=SMTP_TIMEOUT_SECONDS)
    with by:
        if server.scheme == "smtp" and by.has_extn("starttls"):
            by.starttls()
        if server.username:
            by.login(unquote(server.username), unquote(server.password or ""))
        by.send_message(letter)


def _save_to_folder(letter: EmailMessage) -> None:
    folder = get_installation().home / "letters"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / f"{uuid4()}.eml").write_bytes(bytes(letter))
