"""What one message says: its words in both languages on each way."""

from typing import NamedTuple

from bekhedmetkom.kernel.text import BilingualText


class Text(NamedTuple):
    """`sms` is said by Messenger too. It is `None` for officers, who are told by e-mail alone; a whole answer goes by
    SMS alone."""

    subject: BilingualText | None
    email: BilingualText | None
    sms: BilingualText | None = None


class Wording(NamedTuple):
    """One message as it is said on one way in one language; only an e-mail has a subject."""

    subject: str
    body: str
