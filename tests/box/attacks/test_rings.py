"""An officer who puts nonsense in place of a report's key ring takes it from nobody: the others read, see who, mend."""

import pytest
from django.test import Client
from playwright.sync_api import expect

from bekhedmetkom.disclosures import chain, commands, journal, standing
from bekhedmetkom.disclosures.place import Place
from bekhedmetkom.disclosures.rules.manifest import sign
from bekhedmetkom.disclosures.sealing import Ring, new_report_key, sealed_ring, throw_away
from tests.box.home import TODAY
from tests.box.people import only_report, ring_of
from tests.box.people import sends as from_a_form
from tests.box.visiting import TEXT, Opens, Variant, first_report, sends, signs_in

pytestmark = pytest.mark.e2e


def next_manifest(box: Place) -> None:
    """The same people for another term: rings of the last one may be sealed anew."""
    body = chain.current(TODAY)._replace(epoch=chain.current(TODAY).epoch + 1).encoded()
    seed = bytes.fromhex((box.demo_keys / "root.key").read_text().split()[-1])
    box.manifest.write_bytes(body)
    box.manifest.with_suffix(".sig").write_bytes(sign(body, seed))


def another() -> bytes:
    """A ring like any other, and not of this report."""
    ring = Ring(new_report_key().secret, bytes(range(32)), throw_away())
    return sealed_ring(ring, chain.current(TODAY))


OLDER_IS_LOST = ("rings.js", "for (const one of items)", "for (const one of [])")
ANY_WILL_DO = ("rings.js", "(!item.ring_by || (await fits(newest, item)))", "true")


@pytest.mark.parametrize(
    ("nonsense", "variant"),
    [(False, None), (True, None), (False, ANY_WILL_DO), (True, OLDER_IS_LOST)],
    ids=["another ring", "noise", "any ring will do", "the older is lost"],
)
def test_a_report_is_read_by_the_ring_before_and_set_right(
    opens: Opens, committed_box: Place, nonsense: bool, variant: Variant | None
) -> None:
    sends(opens())
    before = ring_of(only_report())
    next_manifest(committed_box)
    report = only_report().report.id
    ring = b"noise" if nonsense else another()
    commands.renew_ring(report, officer="officer-2", ring=ring, today=TODAY)
    officer = signs_in(opens("/commission", variant=variant), committed_box, "officer-1")
    expect(officer.locator(".item")).to_have_count(1)
    expect(officer.locator("[data-wrong]")).to_be_visible(visible=not variant)
    if variant:
        return
    expect(officer.locator("[data-renew]")).to_contain_text("موظف الهيئة (عرض)")
    expect(first_report(officer).locator(".turn").first).to_contain_text(TEXT)
    officer.click("[data-renew] button")
    expect(officer.locator("[data-renew]")).to_be_hidden()
    expect(officer.locator("[data-wrong]")).to_be_hidden()
    assert ring_of(only_report(), "officer-2") == before
    assert [one.who for one in journal.lines() if "ring" in one.what] == ["officer-2", "officer-1"]


def test_who_made_the_newest_ring_makes_no_other(box: Place, client: Client) -> None:
    """Else one officer alone could fill what is kept of a report."""
    from_a_form(client)
    next_manifest(box)
    report = only_report().report.id
    commands.renew_ring(report, officer="officer-2", ring=b"noise", today=TODAY)
    with pytest.raises(commands.NotNow):
        commands.renew_ring(report, officer="officer-2", ring=b"noise again", today=TODAY)
    assert len(standing.former_rings(only_report())) == 1
