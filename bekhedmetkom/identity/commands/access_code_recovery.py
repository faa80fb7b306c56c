"""Recovery of forgotten access codes: requested at an interface, processed by the worker.

The case and its confirmed contact are looked up after the response, so that neither the response nor its duration
reveals whether a case exists. Requests wait encrypted, because they say who has a case.
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
    """Store the request. Raises `one_time_codes.TooManyCodes` when the address had too many."""
    one_time_codes.count_code(forgotten.address, at)
    sealed = get_secret_box("forgotten-code").encrypt(json.dumps(asdict(forgotten)).encode())
    ForgottenCode.objects.create(sealed=sealed, asked_at=at)


def take_next_request() -> RecoveryRequest | None:
    """Remove and return the next request, or `None`; call it in the transaction that processes it."""
    with connection.cursor() as cursor:
        while True:
            cursor.execute(TAKE_NEXT_SQL)
            if (row := cursor.fetchone()) is None:
                return None
            try:
                return RecoveryRequest(**json.loads(get_secret_box("forgotten-code").decrypt(bytes(row[0]))))
            except CryptoError:
                continue  # encrypted under another secret key: unreadable


TAKE_NEXT_SQL = """
DELETE FROM identity_forgottencode WHERE id = (
    SELECT id FROM identity_forgottencode ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING sealed
"""
