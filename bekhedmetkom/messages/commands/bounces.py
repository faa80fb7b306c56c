"""Mail that came back: a delivery report (RFC 3464) at the return path of the message that it is about."""

from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, Message

from ..rules.states import Why
from ..signed import came_back_to
from . import receipts


def take_in_bounce(*, raw: bytes, came_to: str, at: datetime) -> bool:
    """Read what arrived at a return path; `True` where it says that a message could not be delivered, for good.

    The signature in the address tells that we sent the message: the report itself can be anybody's, and what it says
    of recipients is not looked at. A delay, an answer that somebody is away, or a receipt changes nothing.
    """
    message = came_back_to(came_to)
    if message is None or not _says_failed(raw):
        return False
    return bool(receipts.not_reached(message=message, why=Why.BOUNCED, at=at))


def _says_failed(raw: bytes) -> bool:
    report = message_from_bytes(raw, policy=policy.default)
    return any(_is_hard(recipient) for recipient in _recipients(report))


def _recipients(report: EmailMessage) -> Iterator[Message]:
    """The blocks of a delivery report: the first is about the letter, each other about one recipient."""
    if report.get_content_type() != "multipart/report":
        return
    for part in report.walk():
        if part.get_content_type() == "message/delivery-status":
            blocks = part.get_payload()
            yield from (
                (block for block in blocks if isinstance(block, Message)) if isinstance(blocks, list) else ()
            )


def _is_hard(recipient: Message) -> bool:
    action, status = str(recipient.get("Action", "")), str(recipient.get("Status", ""))
    return action.strip().lower() == "failed" and status.strip().startswith("5")
