"""Rate limits of submissions per address (leaky bucket), with proof of work above the burst.

Mobile networks have thousands of people behind one address, so no address is blocked: above the burst a submission
needs a proof of work or a one-time code, or waits. Processes count locally and flush to the table after eight counts
or one second, so that a busy address is no hot row. Keys are hashes that change daily.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from threading import Lock

from django.conf import settings
from django.db import connection

from bekhedmetkom.config.key_derivation import derive_hmac
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.errors import Refusal
from bekhedmetkom.kernel.text import BilingualText

FLUSH_AFTER_COUNT, FLUSH_INTERVAL = 8, timedelta(seconds=1)
MAX_WAIT_SECONDS = 60
MAX_PROOF_BITS = 20  # some seconds on a phone
PROOF_LIFETIME = timedelta(minutes=30)
QUESTION_WEIGHT = 0.1  # relative to a submission
MAX_ADDRESSES = 10_000  # counted locally by a process

OVER_QUOTA = BilingualText(
    "بلغ هذا النظام حدّه في الساعة. أعد المحاولة بعد المدة المذكورة.",
    "This program has used its quota for the hour. Try again after the time given.",
)


class ProofOfWorkRequired(Refusal):
    """The address is above its burst: wait `wait_seconds`, or solve `challenge` with `bits` bits."""

    message = BilingualText(
        "وصلنا من شبكتك كثير من الطلبات في وقت قصير. انتظر قليلًا، أو أثبت أن وراء هذا الإرسال إنسانًا.",
        "Much has come from your network in a short time. Wait a little, or show that somebody stands behind this.",
    )

    def __init__(self, wait: int, challenge: str, bits: int):
        self.wait_seconds, self.challenge, self.bits = wait, challenge, bits
        super().__init__()


def count_submission(*, address: str, key: str, at: datetime, proof: str = "", proven: bool = False) -> None:
    """Count a submission. Raises `ProofOfWorkRequired` above the burst.

    `proof` is a solved challenge for the idempotency key; `proven`: verified otherwise, e.g. by a one-time code.
    """
    level = _add_to_level(_hash_key("address", address, get_local_date(at).isoformat()), at)
    if level <= settings.ADDRESS_BURST or proven or _is_solved(proof, key, at):
        return
    _undo_count(_hash_key("address", address, get_local_date(at).isoformat()))
    wait = ceil((level - settings.ADDRESS_BURST) / _get_rate())
    bits = _compute_difficulty(level)
    raise ProofOfWorkRequired(
        min(max(wait, 1), MAX_WAIT_SECONDS), _create_challenge(key, bits, at + PROOF_LIFETIME), bits
    )


def count_question(*, address: str, at: datetime) -> int:
    """Count a request that stores nothing, such as a suggestion. Returns 0, or the seconds to wait.

    Such requests have a bucket of their own and weigh a tenth of a submission, because forms send them while typing.
    """
    key = _hash_key("question", address, get_local_date(at).isoformat())
    level = _add_to_level(key, at, share=QUESTION_WEIGHT)
    if level <= settings.ADDRESS_BURST:
        return 0
    _undo_count(key)
    return min(max(ceil((level - settings.ADDRESS_BURST) / _get_rate()), 1), MAX_WAIT_SECONDS)


def count_client_call(*, program: int, per_hour: int, at: datetime) -> int:
    """Count a call of an API client. Returns 0, or the seconds to wait. The hourly quota may be used at once."""
    key = _hash_key("program", str(program))
    per_second = per_hour / 3600
    level = _add_to_level(key, at, per_second=per_second)
    if level <= per_hour:
        return 0
    _undo_count(key)
    return max(ceil((level - per_hour) / per_second), 1) if per_hour else MAX_WAIT_SECONDS


def hash_address(address: str) -> str:
    """Return a pseudonym of an address."""
    return _hash_key("sender", address).hex()[:24]


def clear_local_counters() -> None:
    """Clear the local counters, for tests."""
    with _lock:
        _local_counters.clear()


def delete_stale_counters(at: datetime) -> int:
    """Delete counters not used for a day; returns their number."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM identity_addressuse WHERE at < %s", [at - timedelta(days=1)])
        return int(cursor.rowcount)


@dataclass(slots=True)
class _LocalCounter:
    """Local counter of an address: the level at the last flush, and the count since."""

    level: float
    at: datetime
    unflushed: int = 0


_local_counters: dict[bytes, _LocalCounter] = {}
_lock = Lock()


def _add_to_level(key: bytes, at: datetime, *, share: float = 1, per_second: float | None = None) -> float:
    """Add `share` of a submission to a bucket and return its level."""
    with _lock:
        use = _local_counters.get(key)
        if use and use.unflushed < FLUSH_AFTER_COUNT and at - use.at < FLUSH_INTERVAL:
            use.unflushed += 1
            return use.level + use.unflushed * share
        if len(_local_counters) > MAX_ADDRESSES:
            _local_counters.clear()
        use = _local_counters.setdefault(key, _LocalCounter(0, at))
        untold, use.unflushed, use.at = use.unflushed + 1, 0, at
    with connection.cursor() as cursor:
        cursor.execute(
            COUNT_SQL,
            {
                "key": key,
                "at": at,
                "number": untold * share,
                "per_second": _get_rate() if per_second is None else per_second,
            },
        )
        use.level = float(cursor.fetchone()[0])
    return use.level


def _undo_count(key: bytes) -> None:
    """Take a refused request off again: it must not raise the level for others at the address."""
    with _lock:
        if use := _local_counters.get(key):
            use.unflushed -= 1


def _get_rate() -> float:
    return settings.ADDRESS_PER_HOUR / 3600


def _compute_difficulty(level: float) -> int:
    """Return the difficulty: one more bit each time the level doubles."""
    return min(
        settings.PROOF_BITS + int(level / max(settings.ADDRESS_BURST, 1)).bit_length() - 1, MAX_PROOF_BITS
    )


def _create_challenge(key: str, bits: int, until: datetime) -> str:
    """Return a stateless challenge for one idempotency key, so for one case at most."""
    terms = f"{bits}.{int(until.timestamp())}"
    return f"{terms}.{_hash_key('challenge', key, terms).hex()[:32]}"


def _is_solved(proof: str, key: str, at: datetime) -> bool:
    """Whether `proof` is our challenge for this key plus a nonce whose hash has enough leading zero bits."""
    challenge, _, _found = proof[:200].rpartition(".")
    bits, _, rest = challenge.partition(".")
    until = rest.partition(".")[0]
    if not (
        bits.isdecimal() and bits.isascii() and until.isdecimal() and until.isascii() and len(until) < 12
    ):
        return False
    ours = _create_challenge(key, int(bits), datetime.fromtimestamp(int(until), at.tzinfo))
    if (
        not hmac.compare_digest(ours.encode(), challenge.encode("utf-8", "replace"))
        or int(until) < at.timestamp()
    ):
        return False
    digest = hashlib.sha256(proof[:200].encode("utf-8", "replace")).digest()
    return int.from_bytes(digest) >> (256 - int(bits)) == 0


def _hash_key(*names: str) -> bytes:
    return derive_hmac("limits", *names)


COUNT_SQL = """
INSERT INTO identity_addressuse AS use (key, level, at) VALUES (%(key)s, %(number)s, %(at)s)
ON CONFLICT (key) DO UPDATE SET
    level = greatest(use.level - greatest(extract(epoch FROM %(at)s - use.at), 0) * %(per_second)s, 0) + %(number)s,
    at = greatest(use.at, %(at)s)
RETURNING level
"""
