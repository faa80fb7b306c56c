"""A DBA who makes the journal's whole chain anew, takes its end away, or waits for more lines is found out."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client

from bekhedmetkom.disclosures import journal, key_folder
from bekhedmetkom.disclosures.installation import Installation
from bekhedmetkom.disclosures.models import Entry
from tests.box.interfaces.test_encrypted_api import sign_in
from tests.box.support.actors import get_only_report, submit_report
from tests.box.support.environment import TODAY
from tests.mutations import check_with_mutations


def says(*what: str) -> None:
    for one in what:
        journal.append_entry(who="officer-1", what=one, report=get_only_report().report.id, day=TODAY)


def made_anew(*what: str) -> None:
    """As a DBA does it: every hash fits, for the hashes have no key."""
    Entry.objects.all().delete()
    before = journal.GENESIS_HASH
    for n, one in enumerate(what, 1):
        its = journal._hash_entry(n, TODAY, "officer-1", one, None, before)
        Entry.objects.create(n=n, day=TODAY, who="officer-1", what=one, before=before, hash=its)
        before = its


@pytest.mark.parametrize(
    ("lines", "found_at"),
    [(["opened", "wrote", "status accepted"], 3), (["opened", "asked for the identity"], 3), ([], 1)],
    ids=["one is another", "its end is gone", "all is gone"],
)
def test_what_was_made_anew_is_found_and_stays_found(
    committed_box: Installation, client: Client, lines: list[str], found_at: int
) -> None:
    submit_report(client)

    def promise() -> None:
        Entry.objects.all().delete()
        (committed_box.key_folder / "journal").unlink(missing_ok=True)
        says("opened", "asked for the identity", "opened the identity")
        custodian = sign_in("custodian-1")
        assert custodian.get("/commission/journal").json()["broken_at"] is None
        made_anew(*lines)
        assert custodian.get("/commission/journal").json()["broken_at"] == found_at
        says("wrote", "wrote", "wrote", "wrote")
        assert journal.find_broken_entry() is not None, "more lines make it no better"

    def nothing_outside(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(journal, "_read_recorded_head", lambda: (0, journal.GENESIS_HASH))

    check_with_mutations(promise, {"the database alone remembers": nothing_outside})


def test_what_was_undone_or_came_late_is_no_fault(committed_box: Installation, client: Client) -> None:
    """A transaction that fails, a process that dies before it has written the head down, two at once."""
    submit_report(client)
    says("opened")
    with pytest.raises(RuntimeError), transaction.atomic():
        says("wrote")
        raise RuntimeError
    assert journal.find_broken_entry() is None
    old = (committed_box.key_folder / "journal").read_text()
    says("wrote", "status accepted")
    (committed_box.key_folder / "journal").write_text(old)
    assert journal.find_broken_entry() is None
    journal.append_entry(who="officer-2", what="opened", report=None, day=TODAY + timedelta(1))
    assert journal.find_broken_entry() is None
    assert key_folder.read_file("journal").startswith("4 ")
