"""What has been sent to people in a test: the codes in their telephones and letter boxes."""

from bekhedmetkom.messages.models import Message
from bekhedmetkom.messages.sealing import opened


def get_sent_code(address: str) -> str:
    """The newest code on its way to a telephone or an e-mail address."""
    message = Message.objects.filter(address=address, sealed__isnull=False).latest("pk")
    assert message.sealed is not None
    code = opened(bytes(message.sealed))
    assert code
    return code


def list_sent_messages(address: str) -> list[str]:
    """Which sorts of messages have gone there, oldest first."""
    return list(Message.objects.filter(address=address).order_by("pk").values_list("template", flat=True))
