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

from bekhedmetkom.config.keys import keyed
from bekhedmetkom.kernel import digits
from bekhedmetkom.kernel.dates import SECOND, counted, say_count
from bekhedmetkom.kernel.errors import Refused
from bekhedmetkom.kernel.words import Words

from .. import pace

DIGITS = 6
LASTS = timedelta(minutes=10)
TRIES = 5
ONE_CONTACT = pace.Limit(free=5, longest=300)  # codes to one telephone or address, whoever asks for them

_WAIT = Words(
    "طُلب أكثر من رمز. انتظر {ar} ثم جرّب من جديد.", "Several codes were asked for. Wait {en} and try again."
)


class TooSoon(Refused):
    """So many codes were asked for that the next has to wait: `wait` says how long."""

    def __init__(self, wait: timedelta):
        self.wait = wait
        self.seconds = max(ceil(wait.total_seconds()), 1)
        super().__init__(
            _WAIT.filled(
                ar=counted(self.seconds, SECOND, after=True), en=say_count(self.seconds, SECOND, "en")
            )
        )


def issue(*, purpose: str, address: str, at: datetime, asker: str = "") -> str:
    """A new code for who is reached at `address` (E.164 or e-mail); what that asker had before is void.

    Raises `TooSoon`, for an address that nobody has ever given as for any other.
    """
    take_turn(address, at)
    key = _key(purpose, address, asker)
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    with connection.cursor() as cursor:
        cursor.execute(
            ISSUE, {"key": key, "hash": keyed("one-time", "code", key.hex(), code), "until": at + LASTS}
        )
    return code


def check(*, purpose: str, address: str, code: str, at: datetime, asker: str = "") -> bool:
    """Whether this is the living code for that purpose, address and asker. Right or not, a try is used up.

    Call it outside a transaction that might be rolled back, or the try is given back with it.
    """
    key = _key(purpose, address, asker)
    with connection.cursor() as cursor:
        cursor.execute(TRY, {"key": key, "at": at, "tries": TRIES})
        row = cursor.fetchone()
        tried = keyed("one-time", "code", key.hex(), digits.packed(code[:40]))
        if row is None or not hmac.compare_digest(bytes(row[0]), tried):
            return False
        cursor.execute(USE, {"key": key, "hash": tried})
        used = int(cursor.rowcount) == 1  # of two at the same moment, one
    if used:
        pace.forget(*_paced(address))
    return used


def take_turn(address: str, at: datetime) -> None:
    """One code more to that address, of whatever sort; `TooSoon` when there were too many."""
    if wait := pace.take(ONE_CONTACT, *_paced(address), at=at):
        raise TooSoon(wait)


def sweep(at: datetime) -> int:
    """Drop what has expired; how many there were."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM identity_onetimecode WHERE expires_at <= %s", [at])
        return int(cursor.rowcount)


def _paced(address: str) -> tuple[str, str]:
    return "one-time", _key(address).hex()


def _key(*names: str) -> bytes:
    """Whom a code is for, so that a stolen copy of the table names nobody."""
    return keyed("one-time", "whom", *(name.strip().casefold() for name in names))


ISSUE = """
INSERT INTO identity_onetimecode (key, hash, expires_at, tries) VALUES (%(key)s, %(hash)s, %(until)s, 0)
ON CONFLICT (key) DO UPDATE SET hash = excluded.hash, expires_at = excluded.expires_at, tries = 0
"""

TRY = """
UPDATE identity_onetimecode SET tries = tries + 1
WHERE key = %(key)s AND expires_at > %(at)s AND tries < %(tries)s
RETURNING hash
"""

USE = "DELETE FROM identity_onetimecode WHERE key = %(key)s AND hash = %(hash)s"
