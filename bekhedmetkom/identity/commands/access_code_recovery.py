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

from bekhedmetkom.config.key_derivation import get_secret_box

from ..models import ForgottenCode
from . import one_time_codes


@dataclass(frozen=True, slots=True)
class RecoveryRequest:
    """The case, where its new code is to go (`contact`: "phone" or "email"), and in which language."""

    reference: str
    contact: str
    address: str
    language: str


def request_recovery(forgotten: RecoveryRequest, at: datetime) -> None:
    """Keep it for the worker. Raises `one_time.TooSoon` where too many codes were asked for that address."""
    one_time_codes.count_code(forgotten.address, at)
    sealed = get_secret_box("forgotten-code").encrypt(json.dumps(asdict(forgotten)).encode())
    ForgottenCode.objects.create(sealed=sealed, asked_at=at)


def take_next_request() -> RecoveryRequest | None:
    """The next one that is still open, taken off the list; call it in the transaction that answers it."""
    with connection.cursor() as cursor:
        while True:
            cursor.execute(TAKE_NEXT_SQL)
            if (row := cursor.fetchone()) is None:
                return None
            try:
                return RecoveryRequest(**json.loads(get_secret_box("forgotten-code").decrypt(bytes(row[0]))))
            except CryptoError:
                continue  # sealed with another secret key: nobody can read it any more


TAKE_NEXT_SQL = """
DELETE FROM identity_forgottencode WHERE id = (
    SELECT id FROM identity_forgottencode ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING sealed
"""
