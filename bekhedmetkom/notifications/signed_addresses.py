"""Addresses that only we can have made: where a mail comes back to, and where its reader stops more of them."""

import base64
import hmac
from datetime import date

from django.conf import settings
from django.core import signing

from bekhedmetkom.config.key_derivation import derive_hmac

_UNSUBSCRIBE_SIGNER = signing.Signer(salt="messages.unsubscribe", sep=".")


def build_return_path(message: int) -> str | None:
    """`bounces+123-SIGN@HOST`, from MAIL_RETURN=`bounces@HOST`; `None` where nobody takes in what comes back."""
    mailbox, _, host = settings.MAIL_RETURN.rpartition("@")
    return f"{mailbox}+{message}-{_sign_return_path(message)}@{host}" if mailbox else None


def parse_return_path(address: str) -> int | None:
    """The message whose return path this is; `None` for any other address. Mail servers may change capitals."""
    mailbox = address.strip().strip("<>").rpartition("@")[0].lower()
    number, _, sign = mailbox.rpartition("+")[2].partition("-")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    return (
        int(number) if hmac.compare_digest(sign.encode(), _sign_return_path(int(number)).encode()) else None
    )


def build_reply_address(message: int, until: date) -> str | None:
    """`reply+123-DAY-SIGN@HOST`, from MAIL_REPLY=`reply@HOST`: good for this letter's case and reader up to a day."""
    mailbox, _, host = settings.MAIL_REPLY.rpartition("@")
    day = until.toordinal()
    return f"{mailbox}+{message}-{day}-{_sign_reply_address(message, day)}@{host}" if mailbox else None


def parse_reply_address(address: str) -> tuple[int, date] | None:
    """The message whose reply address this is, and up to when that was good; `None` for any other address."""
    mailbox = address.strip().strip("<>").rpartition("@")[0].lower()
    numbers = mailbox.rpartition("+")[2].split("-")
    if len(numbers) != 3 or not all(n.isascii() and n.isdigit() and len(n) < 19 for n in numbers[:2]):
        return None
    message, day = int(numbers[0]), int(numbers[1])
    if not hmac.compare_digest(numbers[2].encode(), _sign_reply_address(message, day).encode()):
        return None
    return message, date.fromordinal(day)


def build_unsubscribe_url(message: int, language: str) -> str:
    """Where the reader of this message says that they want no more of the kind."""
    page = f"/unsubscribe/{_UNSUBSCRIBE_SIGNER.sign(str(message))}"
    return f"{settings.PUBLIC_URL}{'' if language == 'ar' else '/en'}{page}"


def parse_unsubscribe_token(token: str) -> int | None:
    """The message that the address was in; `None` where we did not make it."""
    try:
        return int(_UNSUBSCRIBE_SIGNER.unsign(token))
    except (signing.BadSignature, ValueError):
        return None


def _sign_return_path(message: int) -> str:
    """Ten letters and digits in one case: 50 bits, enough against guessing where a guess gains so little."""
    return base64.b32encode(derive_hmac("message-return", str(message)))[:10].decode().lower()


def _sign_reply_address(message: int, day: int) -> str:
    """Twenty letters and digits: whoever guesses one writes in somebody's name."""
    return base64.b32encode(derive_hmac("message-reply", str(message), str(day)))[:20].decode().lower()
