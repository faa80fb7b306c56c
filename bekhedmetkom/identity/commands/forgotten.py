"""Access codes that somebody has forgotten: asked for at a door, answered by the worker.

Whether there is such a case, and whether the contact is one that its citizen has confirmed, is looked up after the
door has answered: so its answer and how long it takes are the same, and nobody learns from either. What was asked
waits encrypted, for it says who has a case.
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import connection
from nacl.exceptions import CryptoError

from bekhedmetkom.config.keys import box

from ..models import ForgottenCode
from . import one_time


@dataclass(frozen=True, slots=True)
class Forgotten:
    """The case, where its new code is to go (`contact`: "phone" or "email"), and in which language."""

    reference: str
    contact: str
    address: str
    language: str


def ask(forgotten: Forgotten, at: datetime) -> None:
    """Keep it for the worker. Raises `one_time.TooSoon` where too many codes were asked for that address."""
    one_time.take_turn(forgotten.address, at)
    sealed = box("forgotten-code").encrypt(json.dumps(asdict(forgotten)).encode())
    ForgottenCode.objects.create(sealed=sealed, asked_at=at)


def take() -> Forgotten | None:
    """The next one that is still open, taken off the list; call it in the transaction that answers it."""
    with connection.cursor() as cursor:
        while True:
            cursor.execute(TAKE)
            if (row := cursor.fetchone()) is None:
                return None
            try:
                return Forgotten(**json.loads(box("forgotten-code").decrypt(bytes(row[0]))))
            except CryptoError:
                continue  # sealed with another secret key: nobody can read it any more


TAKE = """
DELETE FROM identity_forgottencode WHERE id = (
    SELECT id FROM identity_forgottencode ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING sealed
"""
