"""Six digits sent to a telephone or an e-mail address, to show that whoever asks for something reads it.

A code is good for ten minutes, once, for one purpose, and after five wrong tries no more. Who asks is the door's
to say (`asker`: something only that browser has), and a code opens nothing for another: so whoever knows a
person's number can neither use up that person's tries nor put a new code in the place of theirs.
Nothing here knows whether an address belongs to any case, so nothing can tell.
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
)  # codes to one telephone or address, whoever asks for them

_WAIT = BilingualText(
    "طُلب أكثر من رمز. انتظر {ar} ثم جرّب من جديد.", "Several codes were asked for. Wait {en} and try again."
)


class TooManyCodes(Refusal):
    """So many codes were asked for that the next has to wait: `wait` says how long."""

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
    """A new code for who is reached at `address` (E.164 or e-mail); what that asker had before is void.

    Raises `TooSoon`, for an address that nobody has ever given as for any other.
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
    """Whether this is the living code for that purpose, address and asker. Right or not, a try is used up.

    Call it outside a transaction that might be rolled back, or the try is given back with it.
    """
    key = _hash_key(purpose, address, asker)
    with connection.cursor() as cursor:
        cursor.execute(ATTEMPT_SQL, {"key": key, "at": at, "tries": MAX_ATTEMPTS})
        row = cursor.fetchone()
        tried = derive_hmac("one-time", "code", key.hex(), digits.normalise_code(code[:40]))
        if row is None or not hmac.compare_digest(bytes(row[0]), tried):
            return False
        cursor.execute(DELETE_SQL, {"key": key, "hash": tried})
        used = int(cursor.rowcount) == 1  # of two at the same moment, one
    if used:
        throttle.reset_attempts(*_get_throttle_key(address))
    return used


def count_code(address: str, at: datetime) -> None:
    """One code more to that address, of whatever sort; `TooSoon` when there were too many."""
    if wait := throttle.take_attempt(CONTACT_LIMIT, *_get_throttle_key(address), at=at):
        raise TooManyCodes(wait)


def delete_expired_codes(at: datetime) -> int:
    """Drop what has expired; how many there were."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM identity_onetimecode WHERE expires_at <= %s", [at])
        return int(cursor.rowcount)


def _get_throttle_key(address: str) -> tuple[str, str]:
    return "one-time", _hash_key(address).hex()


def _hash_key(*names: str) -> bytes:
    """Whom a code is for, so that a stolen copy of the table names nobody."""
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
