"""An officer who replaces a key ring locks nobody out: the others use an older ring, see who did it, and renew
it.
"""

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
from tests.box.support.actors import submit_report as submit_form
from tests.box.support.browser_actors import TEXT, Opens, Variant, open_first_report, sign_in, submit_report
from tests.box.support.environment import TODAY

pytestmark = pytest.mark.e2e


def install_next_manifest(box: Installation) -> None:
    """Install a manifest of the next epoch with the same people, so that rings can be renewed."""
    body = (
        current_manifest.get_current_manifest(TODAY)
        ._replace(epoch=current_manifest.get_current_manifest(TODAY).epoch + 1)
        .encode()
    )
    seed = bytes.fromhex((box.demo_key_folder / "root.key").read_text().split()[-1])
    box.manifest_file.write_bytes(body)
    box.manifest_file.with_suffix(".sig").write_bytes(sign_manifest(body, seed))


def create_foreign_ring() -> bytes:
    """Return a valid ring of no report."""
    ring = KeyRing(generate_report_key().secret, bytes(range(32)), generate_discarded_recipient())
    return encrypt_key_ring(ring, current_manifest.get_current_manifest(TODAY))


IGNORE_FORMER_RINGS = ("commission/key_rings.js", "for (const former of items)", "for (const former of [])")
ACCEPT_ANY_RING = (
    "commission/key_rings.js",
    "(!item.ring_by || (await belongsToReport(newest, item)))",
    "true",
)


@pytest.mark.parametrize(
    ("nonsense", "variant"),
    [(False, None), (True, None), (False, ACCEPT_ANY_RING), (True, IGNORE_FORMER_RINGS)],
    ids=["another ring", "noise", "any ring will do", "the older is lost"],
)
def test_replaced_ring_is_detected_and_renewed(
    opens: Opens, committed_box: Installation, nonsense: bool, variant: Variant | None
) -> None:
    submit_report(opens())
    before = decrypt_report_key_ring(get_only_report())
    install_next_manifest(committed_box)
    report = get_only_report().report.id
    ring = b"noise" if nonsense else create_foreign_ring()
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
    assert [entry.who for entry in journal.list_entries() if "ring" in entry.what] == [
        "officer-2",
        "officer-1",
    ]


def test_author_of_the_current_ring_cannot_replace_it(box: Installation, client: Client) -> None:
    """Otherwise one officer could add former rings without limit."""
    submit_form(client)
    install_next_manifest(box)
    report = get_only_report().report.id
    commands.renew_key_ring(report, officer="officer-2", ring=b"noise", today=TODAY)
    with pytest.raises(commands.NotPossibleNow):
        commands.renew_key_ring(report, officer="officer-2", ring=b"noise again", today=TODAY)
    assert len(reports.list_former_key_rings(get_only_report())) == 1
