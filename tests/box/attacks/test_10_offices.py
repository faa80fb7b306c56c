"""Attack 10: a custodian cannot read content; an officer cannot read an identity without the journalled opening."""

from base64 import b64decode
from typing import Any
from unittest import mock

import pytest
from django.test import Client

from bekhedmetkom.disclosures import commands, journal, sealing
from bekhedmetkom.disclosures.decoy import decoy_lookup
from bekhedmetkom.disclosures.models import Entry, Report
from bekhedmetkom.disclosures.place import Place
from bekhedmetkom.disclosures.rules.padding import Broken
from bekhedmetkom.interfaces.box import commission
from bekhedmetkom.interfaces.box.commission import Person
from tests.box.people import only_report, secret_of, sends
from tests.box.test_sealed_wire import asks, signed_in
from tests.broken import holds

OPENED = "opened the identity"


def test_each_office_reads_its_own_and_the_journal_knows_first(box: Place) -> None:
    def promise() -> None:
        Report.objects.exclude(lookup=decoy_lookup()).delete()
        Entry.objects.all().delete()
        sends(Client(), "سر", identity="yes", name="هند")
        found = only_report()
        report, officer, custodian = found.report.id, signed_in("officer-1"), signed_in("custodian-1")
        for key in ("custodian-1", "custodian-2"):
            with pytest.raises(Broken):
                sealing.opened_ring(found.ring, secret_of(key))
        for key in ("officer-1", "officer-2", "escrow"):
            with pytest.raises(Broken):
                sealing.decrypted(found.identity, secret_of(key))
        (text,) = found.state.turns[0].parts
        for path in ("reports", f"reports/{report}/parts/{text.id}"):
            assert custodian.get(f"/commission/{path}").status_code in {403, 404}
        assert asks(custodian, f"/commission/reports/{report}/opened").status_code in {403, 404}
        assert asks(officer, f"/commission/requests/{report}/opened").status_code in {403, 404}
        assert asks(custodian, f"/commission/requests/{report}/opened").status_code >= 400  # nobody asked
        commands.ask_for_identity(report, officer="officer-1", reason=b"sealed", today=found.report.day)
        before = acts()
        answer = asks(custodian, f"/commission/requests/{report}/opened")
        assert b64decode(answer.json()["identity"]).startswith(b"age-encryption.org/v1")
        assert acts() == [*before, ("custodian-1", OPENED)]
        assert asks(officer, f"/commission/reports/{report}/opened").json()["identity"] is None

    holds(
        promise,
        {"offices are not told apart": told_apart_no_more, "the opening is not written down": unwritten},
    )


def acts() -> list[tuple[str, str]]:
    return [(entry.who, entry.what) for entry in journal.lines()]


def told_apart_no_more(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(commission, "_person", lambda name: Person(name, mock.ANY))  # any role that is asked for


def unwritten(patch: pytest.MonkeyPatch) -> None:
    whole = journal.write

    def write(*, what: str, **said: Any) -> None:
        if what != OPENED:
            whole(what=what, **said)

    patch.setattr(journal, "write", write)
