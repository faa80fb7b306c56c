"""A DBA who makes the journal's whole chain anew, takes its end away, or waits for more lines is found out."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client

from bekhedmetkom.disclosures import beside, journal
from bekhedmetkom.disclosures.models import Entry
from bekhedmetkom.disclosures.place import Place
from tests.box.home import TODAY
from tests.box.people import only_report, sends
from tests.box.test_sealed_wire import signed_in
from tests.broken import holds


def says(*what: str) -> None:
    for one in what:
        journal.write(who="officer-1", what=one, report=only_report().report.id, day=TODAY)


def made_anew(*what: str) -> None:
    """As a DBA does it: every hash fits, for the hashes have no key."""
    Entry.objects.all().delete()
    before = journal.START
    for n, one in enumerate(what, 1):
        its = journal._hash(n, TODAY, "officer-1", one, None, before)
        Entry.objects.create(n=n, day=TODAY, who="officer-1", what=one, before=before, hash=its)
        before = its


@pytest.mark.parametrize(
    ("lines", "found_at"),
    [(["opened", "wrote", "status accepted"], 3), (["opened", "asked for the identity"], 3), ([], 1)],
    ids=["one is another", "its end is gone", "all is gone"],
)
def test_what_was_made_anew_is_found_and_stays_found(
    committed_box: Place, client: Client, lines: list[str], found_at: int
) -> None:
    sends(client)

    def promise() -> None:
        Entry.objects.all().delete()
        (committed_box.keys / "journal").unlink(missing_ok=True)
        says("opened", "asked for the identity", "opened the identity")
        custodian = signed_in("custodian-1")
        assert custodian.get("/commission/journal").json()["broken_at"] is None
        made_anew(*lines)
        assert custodian.get("/commission/journal").json()["broken_at"] == found_at
        says("wrote", "wrote", "wrote", "wrote")
        assert journal.broken_at() is not None, "more lines make it no better"

    def nothing_outside(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(journal, "_head", lambda: (0, journal.START))

    holds(promise, {"the database alone remembers": nothing_outside})


def test_what_was_undone_or_came_late_is_no_fault(committed_box: Place, client: Client) -> None:
    """A transaction that fails, a process that dies before it has written the head down, two at once."""
    sends(client)
    says("opened")
    with pytest.raises(RuntimeError), transaction.atomic():
        says("wrote")
        raise RuntimeError
    assert journal.broken_at() is None
    old = (committed_box.keys / "journal").read_text()
    says("wrote", "status accepted")
    (committed_box.keys / "journal").write_text(old)
    assert journal.broken_at() is None
    journal.write(who="officer-2", what="opened", report=None, day=TODAY + timedelta(1))
    assert journal.broken_at() is None
    assert beside.read("journal").startswith("4 ")
