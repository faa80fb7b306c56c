"""Attack 13: a report is erased, then yesterday's backup of the database is put back: nobody reads it."""

from typing import Any

import pytest
from django.test import Client

from bekhedmetkom.disclosures import commands, outer
from bekhedmetkom.disclosures.models import Piece, Report
from bekhedmetkom.disclosures.place import Place
from bekhedmetkom.disclosures.rules.padding import Broken
from bekhedmetkom.disclosures.sealing import decrypted, opened_ring
from bekhedmetkom.disclosures.standing import standing
from tests.box.home import TODAY
from tests.box.people import comes_back, only_report, secret_of, sends
from tests.broken import holds


def test_a_backup_of_yesterday_cannot_bring_an_erased_report_back(box: Place, client: Client) -> None:
    def promise() -> None:
        words = sends(client, "سر")
        report = only_report().report.id
        backup: list[Any] = [*Report.objects.filter(id=report), *Piece.objects.all()]
        commands.erase(report, who="officer-1", today=TODAY)
        Report.objects.filter(id=report).delete()
        Piece.objects.all().delete()
        for row in backup:
            row.save(force_insert=True)
        try:
            restored = Report.objects.get(id=report)
            with pytest.raises(outer.Gone):
                standing(restored)
            # With every key of the Commission and every secret of the server, but without the outer key:
            for column in (restored.ring, restored.identity, restored.state):
                for person in ("officer-1", "officer-2", "custodian-1", "escrow"):
                    with pytest.raises(Broken):
                        decrypted(bytes(column), secret_of(person))
                    with pytest.raises(Broken):
                        opened_ring(bytes(column), secret_of(person))
            assert "لا يفتح شيء" in comes_back(Client(), words).content.decode()
        finally:
            Report.objects.filter(id=report).delete()
            Piece.objects.all().delete()

    holds(
        promise,
        {
            "the outer key stays": lambda patch: patch.setattr(outer, "forget", lambda *_: None),
            "nothing is closed with it": nothing_is_closed,
        },
    )


def nothing_is_closed(patch: pytest.MonkeyPatch) -> None:
    opened = outer.opened

    def as_it_is(key: bytes, shut: bytes) -> bytes:
        try:
            return opened(key, shut)  # the decoy was closed before
        except Broken:
            return bytes(shut)

    patch.setattr(outer, "closed", lambda key, plain: plain)
    patch.setattr(outer, "opened", as_it_is)


def test_an_erased_report_leaves_no_row_and_no_key(box: Place, client: Client) -> None:
    sends(client)
    report = only_report().report.id
    commands.erase(report, who="officer-1", today=TODAY)
    assert not Piece.objects.exists()
    with pytest.raises(outer.Gone):
        outer.of(report, TODAY)
