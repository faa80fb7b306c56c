"""Guessing made slow, and nobody locked out: each stranger waits behind their own failures alone.

A try is taken before the secret is looked at, so a thousand at once are no faster than one after the other.
Who signed in from this browser before, shown by a signed cookie, has a pace of their own: an attacker
behind the same address cannot hold them up. Everybody else shares the pace of (address, what they try),
which no attacker elsewhere touches. The counters say nothing about whether an account exists.
"""

import hashlib
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection


class ThrottleLimit(NamedTuple):
    """So many tries at once; then the wait doubles from one second up to `longest`."""

    free_attempts: int
    max_wait_seconds: int


ACCOUNT_LIMIT = ThrottleLimit(free_attempts=5, max_wait_seconds=30)
ADDRESS_LIMIT = ThrottleLimit(
    free_attempts=30, max_wait_seconds=4
)  # one password tried on many accounts; offices share an address, so mild
CASE_LIMIT = ThrottleLimit(
    free_attempts=20, max_wait_seconds=60
)  # one case's access code, from one address, at whichever door
UPLOAD_LIMIT = ThrottleLimit(
    free_attempts=200, max_wait_seconds=4
)  # files from one address: a network of many sends many, so mild
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
    """Take one try for whoever `names` describe. Zero: go ahead. Else: how long until the next try."""
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
    """The try was right: it does not count."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE identity_signinpace SET failures = greatest(failures - 1, 0) WHERE key = %s",
            [_hash_key(names)],
        )


def reset_attempts(*names: str) -> None:
    """Start afresh for whoever has proved who they are."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM identity_signinpace WHERE key = %s", [_hash_key(names)])


def claim_once(*names: str, at: datetime, lasts: timedelta) -> bool:
    """Whether something that counts once, like a six-digit code, is used for the first time in so long."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM_ONCE_SQL, {"key": _hash_key(names), "at": at, "until": at + lasts})
        return cursor.fetchone() is not None


def delete_stale_counters(at: datetime) -> int:
    """Drop counters that no longer slow anybody; how many there were."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM identity_signinpace WHERE next_at < %s", [at - FAILURE_LIFETIME])
        return int(cursor.rowcount)


def _hash_key(names: tuple[str, ...]) -> bytes:
    """Addresses and e-mails of people who failed are nobody's business: only a hash stays."""
    return hashlib.sha256("\x00".join(names).encode("utf-8", "surrogatepass")).digest()
