"""A report with its outer layer off: what every command and query begins with."""

import hashlib
import logging
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction

from bekhedmetkom.config.installation import read_or_create_file
from bekhedmetkom.kernel.canonical_json import encode_canonical_json

from . import outer_keys, part_storage
from .installation import get_installation
from .models import Report
from .rules.frame import CorruptData
from .rules.report_state import ReportState, decode_state

ADVISORY_LOCK_ID = 5_150_002  # whoever writes, and whoever mixes rows: one at a time


class NoSuchReport(Exception):
    """Nobody's, or erased, or not for who asks: all are one."""


class UnwrappedReport(NamedTuple):
    """A report's row, its outer key and its state."""

    report: Report
    outer_key: bytes
    state: ReportState

    @property
    def key_ring(self) -> bytes:
        """Its key ring, without the outer layer; `SPOILED` where it is not what was put there."""
        try:
            return outer_keys.decrypt(self.outer_key, bytes(self.report.ring))
        except CorruptData:
            return part_storage.UNREADABLE

    @property
    def encrypted_identity(self) -> bytes:
        """The identity box, without the outer layer."""
        return outer_keys.decrypt(self.outer_key, bytes(self.report.identity))


def unwrap_report(report: Report, key: bytes | None = None) -> UnwrappedReport:
    """Raises `outer.Gone` where it was erased, `Broken` where its row is not what was put there."""
    key = key or outer_keys.get_key(report.id, report.day)
    try:
        unwrapped = UnwrappedReport(report, key, decode_state(outer_keys.decrypt(key, bytes(report.state))))
    except (ValueError, TypeError, LookupError) as error:
        raise CorruptData from error
    if unwrapped.state.row != hash_clear_columns(report):
        raise CorruptData
    return unwrapped


def hash_clear_columns(report: Report) -> str:
    """A hash of what a row says in clear: its `state` holds it, so nobody leads other words or keys to a report."""
    said = {
        "lookup": bytes(report.lookup).hex(),
        "reader": report.reader,
        "recipient": report.recipient,
        "anchor": bytes(report.anchor).hex(),
    }
    return hashlib.sha256(encode_canonical_json(said)).hexdigest()


def unwrap_report_or_none(report: Report, key: bytes | None = None) -> UnwrappedReport | None:
    """The same; nothing for what was erased, for the decoy, and for a row that somebody spoiled: it hides no other."""
    try:
        unwrapped = unwrap_report(report, key)
    except outer_keys.MissingOuterKey:
        return None
    except CorruptData:
        logging.getLogger("box").error("a report's row is not what was put there")
        return None
    return None if unwrapped.state.decoy else unwrapped


def list_reports() -> Iterator[UnwrappedReport]:
    """All reports there are, in no order; none that was erased, and not the decoy."""
    yield from unwrap_reports(Report.objects.order_by("id").iterator(50))


def unwrap_reports(reports: Iterable[Report]) -> Iterator[UnwrappedReport]:
    """Of many reports those that stand; each day's outer keys are read once."""
    keys = cache(outer_keys.list_keys_of_day)
    for report in reports:
        if unwrapped := unwrap_report_or_none(report, keys(report.day).get(str(report.id))):
            yield unwrapped


def list_former_key_rings(unwrapped: UnwrappedReport) -> list[bytes]:
    """The key rings that a report had before, the discloser's first."""
    return [part_storage.read_part(part, unwrapped.outer_key) for part in unwrapped.state.former]


@contextmanager
def lock_report(**which: object) -> Iterator[UnwrappedReport]:
    """One report while it is being changed; nobody else changes it meanwhile, nor moves its row."""
    with transaction.atomic():
        lock_report_writes()
        yield get_report(**which)


@contextmanager
def lock_report_for_officer(officer: str, report: UUID) -> Iterator[UnwrappedReport]:
    """The same for an officer; what they were excluded from is not there."""
    with lock_report(id=report) as unwrapped:
        if officer in unwrapped.state.excluded:
            raise NoSuchReport
        yield unwrapped


def get_report(**which: object) -> UnwrappedReport:
    """One report. Raises `NoSuchReport`."""
    report = Report.objects.filter(**which).first()
    unwrapped = unwrap_report_or_none(report) if report else None
    if unwrapped is None:
        raise NoSuchReport
    return unwrapped


def lock_report_writes() -> None:
    """Until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_LOCK_ID])


def save_state(before: UnwrappedReport, state: ReportState) -> None:
    """Its new state."""
    Report.objects.filter(id=before.report.id).update(
        state=outer_keys.encrypt(before.outer_key, state.encode())
    )


def get_decoy_lookup() -> bytes:
    """Of this installation; random, so that nobody can tell the row by it."""
    return read_or_create_file(get_installation().home / "secrets" / "decoy", lambda: secrets.token_bytes(16))
