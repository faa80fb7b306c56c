"""Reports without their outer layer of encryption, and the decoy that hides whether a receipt is valid."""

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

ADVISORY_LOCK_ID = 5_150_002  # serialises writers and row shuffling


class NoSuchReport(Exception):
    """No such report, or erased, or not visible to the caller: these cases are indistinguishable."""


class UnwrappedReport(NamedTuple):
    """A report's row, its outer key and its state."""

    report: Report
    outer_key: bytes
    state: ReportState

    @property
    def key_ring(self) -> bytes:
        """The key ring without the outer layer, or `UNREADABLE` if it was changed."""
        try:
            return outer_keys.decrypt(self.outer_key, bytes(self.report.ring))
        except CorruptData:
            return part_storage.UNREADABLE

    @property
    def encrypted_identity(self) -> bytes:
        """The identity, encrypted to the custodians, without the outer layer."""
        return outer_keys.decrypt(self.outer_key, bytes(self.report.identity))


def unwrap_report(report: Report, key: bytes | None = None) -> UnwrappedReport:
    """Decrypt the state. Raises `MissingOuterKey` if erased, `CorruptData` if the row was changed."""
    key = key or outer_keys.get_key(report.id, report.day)
    try:
        unwrapped = UnwrappedReport(report, key, decode_state(outer_keys.decrypt(key, bytes(report.state))))
    except (ValueError, TypeError, LookupError) as error:
        raise CorruptData from error
    if unwrapped.state.row != hash_clear_columns(report):
        raise CorruptData
    return unwrapped


def hash_clear_columns(report: Report) -> str:
    """Return a hash of the columns in clear. `state` contains it, so they cannot be replaced."""
    columns = {
        "lookup": bytes(report.lookup).hex(),
        "reader": report.reader,
        "recipient": report.recipient,
        "anchor": bytes(report.anchor).hex(),
    }
    return hashlib.sha256(encode_canonical_json(columns)).hexdigest()


def unwrap_report_or_none(report: Report, key: bytes | None = None) -> UnwrappedReport | None:
    """Like `unwrap_report`, but None for an erased report, the decoy and a corrupt row."""
    try:
        unwrapped = unwrap_report(report, key)
    except outer_keys.MissingOuterKey:
        return None
    except CorruptData:
        logging.getLogger("box").error("a report's row is corrupt")
        return None
    return None if unwrapped.state.decoy else unwrapped


def list_reports() -> Iterator[UnwrappedReport]:
    """Yield all reports in random order, without erased ones and the decoy."""
    yield from unwrap_reports(Report.objects.order_by("id").iterator(50))


def unwrap_reports(reports: Iterable[Report]) -> Iterator[UnwrappedReport]:
    """Yield those that can be unwrapped; each day's outer keys are read once."""
    keys = cache(outer_keys.list_keys_of_day)
    for report in reports:
        if unwrapped := unwrap_report_or_none(report, keys(report.day).get(str(report.id))):
            yield unwrapped


def list_former_key_rings(unwrapped: UnwrappedReport) -> list[bytes]:
    """Return the report's earlier key rings, the discloser's first."""
    return [part_storage.read_part(part, unwrapped.outer_key) for part in unwrapped.state.former]


@contextmanager
def lock_report(**which: object) -> Iterator[UnwrappedReport]:
    """Yield one report, locked against changes until the transaction ends. Raises `NoSuchReport`."""
    with transaction.atomic():
        lock_report_writes()
        yield get_report(**which)


@contextmanager
def lock_report_for_officer(officer: str, report: UUID) -> Iterator[UnwrappedReport]:
    """Like `lock_report`. Raises `NoSuchReport` also if the officer is excluded."""
    with lock_report(id=report) as unwrapped:
        if officer in unwrapped.state.excluded:
            raise NoSuchReport
        yield unwrapped


def get_report(**which: object) -> UnwrappedReport:
    """Return one report. Raises `NoSuchReport`."""
    report = Report.objects.filter(**which).first()
    unwrapped = unwrap_report_or_none(report) if report else None
    if unwrapped is None:
        raise NoSuchReport
    return unwrapped


def lock_report_writes() -> None:
    """Serialise writers of reports until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_LOCK_ID])


def save_state(before: UnwrappedReport, state: ReportState) -> None:
    """Store a report's new state."""
    Report.objects.filter(id=before.report.id).update(
        state=outer_keys.encrypt(before.outer_key, state.encode())
    )


def get_decoy_lookup() -> bytes:
    """Return this installation's look-up id of the decoy; random, so that it cannot be recognised."""
    return read_or_create_file(get_installation().home / "secrets" / "decoy", lambda: secrets.token_bytes(16))
