"""Attack 10: custodians cannot read content, and officers cannot read an identity without a journalled access."""

from base64 import b64decode
from typing import Any
from unittest import mock

import pytest
from django.test import Client

from bekhedmetkom.disclosures import commands, encryption, journal
from bekhedmetkom.disclosures.installation import Installation
from bekhedmetkom.disclosures.models import Entry, Report
from bekhedmetkom.disclosures.reports import get_decoy_lookup
from bekhedmetkom.disclosures.rules.frame import CorruptData
from bekhedmetkom.interfaces.box.commission import api
from bekhedmetkom.interfaces.box.commission.api import SignedInPerson
from tests.box.support.actors import get_only_report, get_secret, submit_report
from tests.box.support.api_client import post_json, sign_in
from tests.mutations import check_with_mutations

OPENED_IDENTITY = "opened the identity"


def test_roles_are_separate_and_access_is_journalled_first(box: Installation) -> None:
    def promise() -> None:
        Report.objects.exclude(lookup=get_decoy_lookup()).delete()
        Entry.objects.all().delete()
        submit_report(Client(), "سر", identity="yes", name="هند")
        unwrapped = get_only_report()
        report, officer, custodian = unwrapped.report.id, sign_in("officer-1"), sign_in("custodian-1")
        for key in ("custodian-1", "custodian-2"):
            with pytest.raises(CorruptData):
                encryption.decrypt_key_ring(unwrapped.key_ring, get_secret(key))
        for key in ("officer-1", "officer-2", "escrow"):
            with pytest.raises(CorruptData):
                encryption.decrypt(unwrapped.encrypted_identity, get_secret(key))
        (text,) = unwrapped.state.turns[0].parts
        for path in ("reports", f"reports/{report}/parts/{text.id}"):
            assert custodian.get(f"/commission/{path}").status_code in {403, 404}
        assert post_json(custodian, f"/commission/reports/{report}/opened").status_code in {403, 404}
        assert post_json(officer, f"/commission/requests/{report}/opened").status_code in {403, 404}
        assert post_json(custodian, f"/commission/requests/{report}/opened").status_code >= 400  # no request
        commands.request_identity(report, officer="officer-1", reason=b"sealed", today=unwrapped.report.day)
        before = list_acts()
        answer = post_json(custodian, f"/commission/requests/{report}/opened")
        assert b64decode(answer.json()["identity"]).startswith(b"age-encryption.org/v1")
        assert list_acts() == [*before, ("custodian-1", OPENED_IDENTITY)]
        assert post_json(officer, f"/commission/reports/{report}/opened").json()["identity"] is None

    check_with_mutations(
        promise,
        {"offices are not told apart": ignore_roles, "the opening is not written down": skip_journal_entry},
    )


def list_acts() -> list[tuple[str, str]]:
    return [(entry.who, entry.what) for entry in journal.list_entries()]


def ignore_roles(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(api, "_find_person", lambda name: SignedInPerson(name, mock.ANY))  # equals any role


def skip_journal_entry(patch: pytest.MonkeyPatch) -> None:
    append_entry = journal.append_entry

    def append_other_entries(*, what: str, **fields: Any) -> None:
        if what != OPENED_IDENTITY:
            append_entry(what=what, **fields)

    patch.setattr(journal, "append_entry", append_other_entries)
