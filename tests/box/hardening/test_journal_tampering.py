"""A database administrator who rewrites or truncates the journal is detected."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client

from bekhedmetkom.disclosures import journal, key_folder
from bekhedmetkom.disclosures.installation import Installation
from bekhedmetkom.disclosures.models import Entry
from tests.box.support.actors import get_only_report, submit_report
from tests.box.support.api_client import sign_in
from tests.box.support.environment import TODAY
from tests.mutations import check_with_mutations


def append_entries(*what: str) -> None:
    for action in what:
        journal.append_entry(who="officer-1", what=action, report=get_only_report().report.id, day=TODAY)


def rewrite_journal(*what: str) -> None:
    """Rewrite the journal with valid hashes, which have no key."""
    Entry.objects.all().delete()
    before = journal.GENESIS_HASH
    for n, action in enumerate(what, 1):
        entry_hash = journal._hash_entry(n, TODAY, "officer-1", action, None, before)
        Entry.objects.create(n=n, day=TODAY, who="officer-1", what=action, before=before, hash=entry_hash)
        before = entry_hash


@pytest.mark.parametrize(
    ("lines", "found_at"),
    [(["opened", "wrote", "status accepted"], 3), (["opened", "asked for the identity"], 3), ([], 1)],
    ids=["changed", "truncated", "empty"],
)
def test_rewritten_journal_is_detected_permanently(
    committed_box: Installation, client: Client, lines: list[str], found_at: int
) -> None:
    submit_report(client)

    def promise() -> None:
        Entry.objects.all().delete()
        (committed_box.key_folder / "journal").unlink(missing_ok=True)
        append_entries("opened", "asked for the identity", "opened the identity")
        custodian = sign_in("custodian-1")
        assert custodian.get("/commission/journal").json()["broken_at"] is None
        rewrite_journal(*lines)
        assert custodian.get("/commission/journal").json()["broken_at"] == found_at
        append_entries("wrote", "wrote", "wrote", "wrote")
        assert journal.find_broken_entry() is not None, "more lines make it no better"

    def ignore_recorded_head(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(journal, "_read_recorded_head", lambda: (0, journal.GENESIS_HASH))

    check_with_mutations(promise, {"the database alone remembers": ignore_recorded_head})


def test_rollbacks_and_late_heads_are_no_tampering(committed_box: Installation, client: Client) -> None:
    """A failed transaction, a process that dies before it records the head, and concurrent writers."""
    submit_report(client)
    append_entries("opened")
    with pytest.raises(RuntimeError), transaction.atomic():
        append_entries("wrote")
        raise RuntimeError
    assert journal.find_broken_entry() is None
    old = (committed_box.key_folder / "journal").read_text()
    append_entries("wrote", "status accepted")
    (committed_box.key_folder / "journal").write_text(old)
    assert journal.find_broken_entry() is None
    journal.append_entry(who="officer-2", what="opened", report=None, day=TODAY + timedelta(1))
    assert journal.find_broken_entry() is None
    assert key_folder.read_file("journal").startswith("4 ")
