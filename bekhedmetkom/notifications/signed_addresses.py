"""Signed addresses in e-mails: return path, reply address and unsubscribe link."""

import base64
import hmac
from datetime import date

from django.conf import settings
from django.core import signing

from bekhedmetkom.config.key_derivation import derive_hmac

_UNSUBSCRIBE_SIGNER = signing.Signer(salt="messages.unsubscribe", sep=".")


def build_return_path(message: int) -> str | None:
    """Return `bounces+123-SIGN@HOST` from MAIL_RETURN=`bounces@HOST`; `None` if bounces are not received."""
    mailbox, _, host = settings.MAIL_RETURN.rpartition("@")
    return f"{mailbox}+{message}-{_sign_return_path(message)}@{host}" if mailbox else None


def parse_return_path(address: str) -> int | None:
    """Return the message id of a return path; `None` for any other address. Letter case is ignored."""
    mailbox = address.strip().strip("<>").rpartition("@")[0].lower()
    number, _, sign = mailbox.rpartition("+")[2].partition("-")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    return (
        int(number) if hmac.compare_digest(sign.encode(), _sign_return_path(int(number)).encode()) else None
    )


def build_reply_address(message: int, until: date) -> str | None:
    """Return `reply+123-DAY-SIGN@HOST` from MAIL_REPLY=`reply@HOST`, valid until that day; `None` if not configured."""
    mailbox, _, host = settings.MAIL_REPLY.rpartition("@")
    day = until.toordinal()
    return f"{mailbox}+{message}-{day}-{_sign_reply_address(message, day)}@{host}" if mailbox else None


def parse_reply_address(address: str) -> tuple[int, date] | None:
    """Return message id and expiry day of a reply address; `None` for any other address."""
    mailbox = address.strip().strip("<>").rpartition("@")[0].lower()
    numbers = mailbox.rpartition("+")[2].split("-")
    if len(numbers) != 3 or not all(n.isascii() and n.isdigit() and len(n) < 19 for n in numbers[:2]):
        return None
    message, day = int(numbers[0]), int(numbers[1])
    if not hmac.compare_digest(numbers[2].encode(), _sign_reply_address(message, day).encode()):
        return None
    return message, date.fromordinal(day)


def build_unsubscribe_url(message: int, language: str) -> str:
    """Return the address where the reader of this message unsubscribes from its case."""
    page = f"/unsubscribe/{_UNSUBSCRIBE_SIGNER.sign(str(message))}"
    return f"{settings.PUBLIC_URL}{'' if language == 'ar' else '/en'}{page}"


def parse_unsubscribe_token(token: str) -> int | None:
    """Return the message id in the token; `None` if the signature is not ours."""
    try:
        return int(_UNSUBSCRIBE_SIGNER.unsign(token))
    except (signing.BadSignature, ValueError):
        return None


def _sign_return_path(message: int) -> str:
    """Return ten letters and digits in lower case: 50 bits are enough, a correct guess gains little."""
    return base64.b32encode(derive_hmac("message-return", str(message)))[:10].decode().lower()


def _sign_reply_address(message: int, day: int) -> str:
    """Return twenty letters and digits: a correct guess would write in somebody's name."""
    return base64.b32encode(derive_hmac("message-reply", str(message), str(day)))[:20].decode().lower()
