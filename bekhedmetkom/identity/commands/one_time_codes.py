"""One-time codes of six digits that verify a phone number or e-mail address.

A code is valid for ten minutes, once, for one purpose and one asker (a value that only that browser has), with five
attempts. So somebody who knows a phone number can neither use up another person's attempts nor replace the code.
Whether an address belongs to a case is unknown here and cannot leak.
"""

import hmac
import secrets
from datetime import datetime, timedelta
from math import ceil

from django.db import connection

from bekhedmetkom.config.key_derivation import derive_hmac
from bekhedmetkom.kernel import digits
from bekhedmetkom.kernel.errors import Refusal
from bekhedmetkom.kernel.formatting import SECOND, format_arabic_count, format_count
from bekhedmetkom.kernel.text import BilingualText

from .. import throttle

CODE_LENGTH = 6
CODE_LIFETIME = timedelta(minutes=10)
MAX_ATTEMPTS = 5
CONTACT_LIMIT = throttle.ThrottleLimit(
    free_attempts=5, max_wait_seconds=300
)  # per phone number or address, whoever asks

_WAIT = BilingualText(
    "طُلب أكثر من رمز. انتظر {ar} ثم جرّب من جديد.", "Several codes were asked for. Wait {en} and try again."
)


class TooManyCodes(Refusal):
    """Too many codes were requested; `wait` is the time until the next."""

    def __init__(self, wait: timedelta):
        self.wait = wait
        self.seconds = max(ceil(wait.total_seconds()), 1)
        super().__init__(
            _WAIT.format(
                ar=format_arabic_count(self.seconds, SECOND, after=True),
                en=format_count(self.seconds, SECOND, "en"),
            )
        )


def issue_code(*, purpose: str, address: str, at: datetime, asker: str = "") -> str:
    """Return a new code for `address` (E.164 or e-mail); it replaces the asker's earlier one.

    Raises `TooManyCodes`, for known and unknown addresses alike.
    """
    count_code(address, at)
    key = _hash_key(purpose, address, asker)
    code = f"{secrets.randbelow(10**CODE_LENGTH):0{CODE_LENGTH}d}"
    with connection.cursor() as cursor:
        cursor.execute(
            ISSUE_SQL,
            {
                "key": key,
                "hash": derive_hmac("one-time", "code", key.hex(), code),
                "until": at + CODE_LIFETIME,
            },
        )
    return code


def verify_code(*, purpose: str, address: str, code: str, at: datetime, asker: str = "") -> bool:
    """Whether the code is valid for this purpose, address and asker. Each call uses an attempt.

    Call it outside transactions that may be rolled back, or the attempt is not counted.
    """
    key = _hash_key(purpose, address, asker)
    with connection.cursor() as cursor:
        cursor.execute(ATTEMPT_SQL, {"key": key, "at": at, "tries": MAX_ATTEMPTS})
        row = cursor.fetchone()
        tried = derive_hmac("one-time", "code", key.hex(), digits.normalise_code(code[:40]))
        if row is None or not hmac.compare_digest(bytes(row[0]), tried):
            return False
        cursor.execute(DELETE_SQL, {"key": key, "hash": tried})
        used = int(cursor.rowcount) == 1  # only one of two simultaneous calls succeeds
    if used:
        throttle.reset_attempts(*_get_throttle_key(address))
    return used


def count_code(address: str, at: datetime) -> None:
    """Count a code to this address. Raises `TooManyCodes`."""
    if wait := throttle.take_attempt(CONTACT_LIMIT, *_get_throttle_key(address), at=at):
        raise TooManyCodes(wait)


def delete_expired_codes(at: datetime) -> int:
    """Delete expired codes; returns their number."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM identity_onetimecode WHERE expires_at <= %s", [at])
        return int(cursor.rowcount)


def _get_throttle_key(address: str) -> tuple[str, str]:
    return "one-time", _hash_key(address).hex()


def _hash_key(*names: str) -> bytes:
    """Return a keyed hash, so that a stolen table names nobody."""
    return derive_hmac("one-time", "whom", *(name.strip().casefold() for name in names))


ISSUE_SQL = """
INSERT INTO identity_onetimecode (key, hash, expires_at, tries) VALUES (%(key)s, %(hash)s, %(until)s, 0)
ON CONFLICT (key) DO UPDATE SET hash = excluded.hash, expires_at = excluded.expires_at, tries = 0
"""

ATTEMPT_SQL = """
UPDATE identity_onetimecode SET tries = tries + 1
WHERE key = %(key)s AND expires_at > %(at)s AND tries < %(tries)s
RETURNING hash
"""

DELETE_SQL = "DELETE FROM identity_onetimecode WHERE key = %(key)s AND hash = %(hash)s"
