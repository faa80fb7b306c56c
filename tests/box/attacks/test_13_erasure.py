"""Attack 13: an erased report cannot be read from yesterday's backup of the database."""

from typing import Any

import pytest
from django.test import Client

from bekhedmetkom.disclosures import commands, outer_keys
from bekhedmetkom.disclosures.encryption import decrypt, decrypt_key_ring
from bekhedmetkom.disclosures.installation import Installation
from bekhedmetkom.disclosures.models import Piece, Report
from bekhedmetkom.disclosures.reports import unwrap_report
from bekhedmetkom.disclosures.rules.frame import CorruptData
from tests.box.support.actors import get_only_report, get_secret, log_in, submit_report
from tests.box.support.environment import TODAY
from tests.mutations import check_with_mutations


def test_backup_cannot_restore_an_erased_report(box: Installation, client: Client) -> None:
    def promise() -> None:
        words = submit_report(client, "سر")
        report = get_only_report().report.id
        backup: list[Any] = [*Report.objects.filter(id=report), *Piece.objects.all()]
        commands.erase_report(report, who="officer-1", today=TODAY)
        Report.objects.filter(id=report).delete()
        Piece.objects.all().delete()
        for row in backup:
            row.save(force_insert=True)
        try:
            restored = Report.objects.get(id=report)
            with pytest.raises(outer_keys.MissingOuterKey):
                unwrap_report(restored)
            # With every key of the Commission and every secret of the server, but without the outer key:
            for column in (restored.ring, restored.identity, restored.state):
                for person in ("officer-1", "officer-2", "custodian-1", "escrow"):
                    with pytest.raises(CorruptData):
                        decrypt(bytes(column), get_secret(person))
                    with pytest.raises(CorruptData):
                        decrypt_key_ring(bytes(column), get_secret(person))
            assert "لا يفتح شيء" in log_in(Client(), words).content.decode()
        finally:
            Report.objects.filter(id=report).delete()
            Piece.objects.all().delete()

    check_with_mutations(
        promise,
        {
            "the outer key stays": lambda patch: patch.setattr(outer_keys, "delete_key", lambda *_: None),
            "nothing is closed with it": skip_outer_encryption,
        },
    )


def skip_outer_encryption(patch: pytest.MonkeyPatch) -> None:
    decrypt_outer = outer_keys.decrypt

    def decrypt_or_return(key: bytes, ciphertext: bytes) -> bytes:
        try:
            return decrypt_outer(key, ciphertext)  # the decoy is encrypted already
        except CorruptData:
            return bytes(ciphertext)

    patch.setattr(outer_keys, "encrypt", lambda key, plain: plain)
    patch.setattr(outer_keys, "decrypt", decrypt_or_return)


def test_erased_report_leaves_no_row_and_no_key(box: Installation, client: Client) -> None:
    submit_report(client)
    report = get_only_report().report.id
    commands.erase_report(report, who="officer-1", today=TODAY)
    assert not Piece.objects.exists()
    with pytest.raises(outer_keys.MissingOuterKey):
        outer_keys.get_key(report, TODAY)
