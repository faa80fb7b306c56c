"""Intake of reports, encrypted by the browser or by the server while it received them."""

import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from uuid import uuid4

from django.db import transaction

from .. import current_manifest, outer_keys
from ..encryption import generate_discarded_recipient
from ..models import Report
from ..reports import get_decoy_lookup, hash_clear_columns, lock_report_writes
from ..rules.report_state import Part, ReportState, Turn
from .row_shuffling import shuffle_reports_of_day


class ManifestChanged(Exception):
    """The report is encrypted to an earlier manifest; the client encrypts it again."""


class DuplicateReport(Exception):
    """A report with this look-up id exists: it was sent twice."""


@dataclass(frozen=True, slots=True)
class EncryptedReport:
    """A report as it is stored. `parts` (its text, then its files) are stored already under its outer key."""

    lookup_id: bytes
    reader: str
    recipient: str
    anchor: bytes
    key_ring: bytes
    identity: bytes
    epoch: int
    parts: Sequence[Part]
    excluded_officers: Sequence[str] = ()


def submit_report(encrypted: EncryptedReport, *, key: bytes, today: date) -> None:
    """Store a report. Raises `ManifestError`, `ManifestChanged`, `DuplicateReport`."""
    if current_manifest.get_current_manifest(today).epoch != encrypted.epoch:
        raise ManifestChanged
    state = ReportState(
        epoch=encrypted.epoch,
        received=today,
        since=today,
        excluded=tuple(sorted(encrypted.excluded_officers)),
        turns=(Turn("discloser", today, tuple(encrypted.parts)),),
    )
    _insert_report(encrypted, state, key, today)


def create_decoy(today: date) -> None:
    """Create the row that is read when a receipt is invalid, so that both cases cost the same."""
    if Report.objects.filter(lookup=get_decoy_lookup()).exists():
        return
    noise, nobody = secrets.token_bytes(4500), generate_discarded_recipient()
    state = ReportState(
        epoch=0, received=today, decoy=True, turns=(Turn("discloser", today, (Part(uuid4(), 4500),)),)
    )
    encrypted = EncryptedReport(
        get_decoy_lookup(), nobody, nobody, secrets.token_bytes(32), noise, noise, 0, ()
    )
    with suppress(DuplicateReport):  # created by another process meanwhile
        _insert_report(encrypted, state, outer_keys.generate_key(), today)


def _insert_report(encrypted: EncryptedReport, state: ReportState, key: bytes, today: date) -> None:
    report = Report(
        id=uuid4(),
        day=today,
        lookup=encrypted.lookup_id,
        reader=encrypted.reader,
        recipient=encrypted.recipient,
        anchor=encrypted.anchor,
        ring=outer_keys.encrypt(key, encrypted.key_ring),
        identity=outer_keys.encrypt(key, encrypted.identity),
    )
    report.state = outer_keys.encrypt(key, replace(state, row=hash_clear_columns(report)).encode())
    outer_keys.store_key(report.id, today, key)  # before the row, which cannot be read without it
    try:
        with transaction.atomic():
            lock_report_writes()
            if Report.objects.filter(lookup=encrypted.lookup_id).exists():
                raise DuplicateReport
            report.save(force_insert=True)
            shuffle_reports_of_day(today)
    except BaseException:
        outer_keys.delete_key(report.id, today)
        raise
