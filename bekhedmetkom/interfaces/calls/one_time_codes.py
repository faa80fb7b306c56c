"""Sending of one-time codes to the person on the phone."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import get_language

from bekhedmetkom.calls.commands import IssuedCode
from bekhedmetkom.notifications.commands import CodePurpose, send_code_message
from bekhedmetkom.notifications.rules.delivery import Channel


def send_code(issue: Callable[[], IssuedCode], at: datetime) -> None:
    """Issue a code and send it by SMS in one transaction. Raises what `issue` raises."""
    with transaction.atomic():
        sent = issue()
        send_code_message(
            channel=Channel.SMS,
            address=sent.phone,
            language=sent.language or get_language() or "ar",
            purpose=CodePurpose.CALL,
            code=sent.code,
            at=at,
        )
