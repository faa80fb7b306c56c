"""What one message says: its words in both languages on each way."""

from typing import NamedTuple

from bekhedmetkom.kernel.words import Words


class Text(NamedTuple):
    """`sms` is said by Messenger too. It is `None` for officers, who are told by e-mail alone; a whole answer goes by
    SMS alone."""

    subject: Words | None
    email: Words | None
    sms: Words | None = None


class Wording(NamedTuple):
    """One message as it is said on one way in one language; only an e-mail has a subject."""

    subject: str
    body: str
