"""An officer who puts nonsense in place of a report's key ring takes it from nobody: the others read, see who, mend."""

import pytest
from django.test import Client
from playwright.sync_api import expect

from bekhedmetkom.disclosures import commands, current_manifest, journal, reports
from bekhedmetkom.disclosures.encryption import (
    KeyRing,
    encrypt_key_ring,
    generate_discarded_recipient,
    generate_report_key,
)
from bekhedmetkom.disclosures.installation import Installation
from bekhedmetkom.disclosures.rules.manifest import sign_manifest
from tests.box.support.actors import decrypt_report_key_ring, get_only_report
from tests.box.support.actors import submit_report as from_a_form
from tests.box.support.browser_actors import TEXT, Opens, Variant, open_first_report, sign_in, submit_report
from tests.box.support.environment import TODAY

pytestmark = pytest.mark.e2e


def next_manifest(box: Installation) -> None:
    """The same people for another term: rings of the last one may be sealed anew."""
    body = (
        current_manifest.get_current_manifest(TODAY)
        ._replace(epoch=current_manifest.get_current_manifest(TODAY).epoch + 1)
        .encode()
    )
    seed = bytes.fromhex((box.demo_key_folder / "root.key").read_text().split()[-1])
    box.manifest_file.write_bytes(body)
    box.manifest_file.with_suffix(".sig").write_bytes(sign_manifest(body, seed))


def another() -> bytes:
    """A ring like any other, and not of this report."""
    ring = KeyRing(generate_report_key().secret, bytes(range(32)), generate_discarded_recipient())
    return encrypt_key_ring(ring, current_manifest.get_current_manifest(TODAY))


OLDER_IS_LOST = ("commission/key_rings.js", "for (const former of items)", "for (const former of [])")
ANY_WILL_DO = ("commission/key_rings.js", "(!item.ring_by || (await belongsToReport(newest, item)))", "true")


@pytest.mark.parametrize(
    ("nonsense", "variant"),
    [(False, None), (True, None), (False, ANY_WILL_DO), (True, OLDER_IS_LOST)],
    ids=["another ring", "noise", "any ring will do", "the older is lost"],
)
def test_a_report_is_read_by_the_ring_before_and_set_right(
    opens: Opens, committed_box: Installation, nonsense: bool, variant: Variant | None
) -> None:
    submit_report(opens())
    before = decrypt_report_key_ring(get_only_report())
    next_manifest(committed_box)
    report = get_only_report().report.id
    ring = b"noise" if nonsense else another()
    commands.renew_key_ring(report, officer="officer-2", ring=ring, today=TODAY)
    officer = sign_in(opens("/commission", variant=variant), committed_box, "officer-1")
    expect(officer.locator(".item")).to_have_count(1)
    expect(officer.locator("[data-wrong]")).to_be_visible(visible=not variant)
    if variant:
        return
    expect(officer.locator("[data-renew]")).to_contain_text("موظف الهيئة (عرض)")
    expect(open_first_report(officer).locator(".turn").first).to_contain_text(TEXT)
    officer.click("[data-renew] button")
    expect(officer.locator("[data-renew]")).to_be_hidden()
    expect(officer.locator("[data-wrong]")).to_be_hidden()
    assert decrypt_report_key_ring(get_only_report(), "officer-2") == before
    assert [one.who for one in journal.list_entries() if "ring" in one.what] == ["officer-2", "officer-1"]


def test_who_made_the_newest_ring_makes_no_other(box: Installation, client: Client) -> None:
    """Else one officer alone could fill what is kept of a report."""
    from_a_form(client)
    next_manifest(box)
    report = get_only_report().report.id
    commands.renew_key_ring(report, officer="officer-2", ring=b"noise", today=TODAY)
    with pytest.raises(commands.NotPossibleNow):
        commands.renew_key_ring(report, officer="officer-2", ring=b"noise again", today=TODAY)
    assert len(reports.list_former_key_rings(get_only_report())) == 1
