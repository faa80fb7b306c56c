"""Codes and messages that were sent during a test."""

from bekhedmetkom.notifications.encryption import decrypt_secret
from bekhedmetkom.notifications.models import Message


def get_sent_code(address: str) -> str:
    """Return the newest code sent to a phone or an e-mail address."""
    message = Message.objects.filter(address=address, sealed__isnull=False).latest("pk")
    assert message.sealed is not None
    code = decrypt_secret(bytes(message.sealed))
    assert code
    return code


def list_sent_messages(address: str) -> list[str]:
    """Return the kinds of messages sent there, oldest first."""
    return list(Message.objects.filter(address=address).order_by("pk").values_list("template", flat=True))
