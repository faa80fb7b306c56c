"""Throttling of guesses with exponential delay, without lockout.

An attempt is taken before the secret is checked, so parallel attempts gain nothing. A known browser (signed cookie)
has a counter of its own, which attackers behind the same address cannot fill; everybody else shares the counter of
(address, target). Counters do not reveal whether an account exists.
"""

import hashlib
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection


class ThrottleLimit(NamedTuple):
    """`free_attempts` at once; then the wait doubles from one second to `max_wait_seconds`."""

    free_attempts: int
    max_wait_seconds: int


ACCOUNT_LIMIT = ThrottleLimit(free_attempts=5, max_wait_seconds=30)
# One password tried on many accounts; lenient, because offices share an address.
ADDRESS_LIMIT = ThrottleLimit(free_attempts=30, max_wait_seconds=4)
# One case's access code, from one address, at any interface.
CASE_LIMIT = ThrottleLimit(free_attempts=20, max_wait_seconds=60)
# Uploads from one address; lenient, because networks share an address.
UPLOAD_LIMIT = ThrottleLimit(free_attempts=200, max_wait_seconds=4)
FAILURE_LIFETIME = timedelta(hours=1)

TAKE_ATTEMPT_SQL = """
INSERT INTO identity_signinpace AS pace (key, failures, next_at) VALUES (%(key)s, 1, %(at)s)
ON CONFLICT (key) DO UPDATE SET
    failures = CASE WHEN pace.next_at < %(forgotten)s THEN 1 ELSE pace.failures + 1 END,
    next_at = CASE
        WHEN pace.next_at < %(forgotten)s OR pace.failures < %(free)s THEN %(at)s
        ELSE %(at)s + make_interval(secs => least(%(longest)s, 2 ^ least(pace.failures - %(free)s, 10)))
    END
    WHERE pace.next_at <= %(at)s
RETURNING failures
"""

CLAIM_ONCE_SQL = """
INSERT INTO identity_signinpace AS pace (key, failures, next_at) VALUES (%(key)s, 1, %(until)s)
ON CONFLICT (key) DO UPDATE SET next_at = %(until)s WHERE pace.next_at <= %(at)s
RETURNING failures
"""


def take_attempt(limit: ThrottleLimit, *names: str, at: datetime) -> timedelta:
    """Count an attempt under `names`. Returns zero if it may proceed, else the time until the next attempt."""
    key = _hash_key(names)
    with connection.cursor() as cursor:
        cursor.execute(
            TAKE_ATTEMPT_SQL,
            {
                "key": key,
                "at": at,
                "forgotten": at - FAILURE_LIFETIME,
                "free": limit.free_attempts,
                "longest": limit.max_wait_seconds,
            },
        )
        if cursor.fetchone():
            return timedelta(0)
        cursor.execute("SELECT next_at FROM identity_signinpace WHERE key = %s", [key])
        row = cursor.fetchone()
    return max(row[0] - at, timedelta(0)) if row else timedelta(0)


def return_attempt(*names: str) -> None:
    """Take a successful attempt off the counter."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE identity_signinpace SET failures = greatest(failures - 1, 0) WHERE key = %s",
            [_hash_key(names)],
        )


def reset_attempts(*names: str) -> None:
    """Delete the counter after a successful authentication."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM identity_signinpace WHERE key = %s", [_hash_key(names)])


def claim_once(*names: str, at: datetime, lasts: timedelta) -> bool:
    """Whether a single-use value, such as a six-digit code, is used for the first time within `lasts`."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM_ONCE_SQL, {"key": _hash_key(names), "at": at, "until": at + lasts})
        return cursor.fetchone() is not None


def delete_stale_counters(at: datetime) -> int:
    """Delete expired counters; returns their number."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM identity_signinpace WHERE next_at < %s", [at - FAILURE_LIFETIME])
        return int(cursor.rowcount)


def _hash_key(names: tuple[str, ...]) -> bytes:
    """Return the stored key: a hash, so that addresses and e-mails are not kept."""
    return hashlib.sha256("\x00".join(names).encode("utf-8", "surrogatepass")).digest()
