"""Attack 10 where the server itself plays along: nobody's identity is opened that no officer's key has asked for."""

from base64 import b64encode
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import expect

from bekhedmetkom.disclosures import chain, commands, sealing
from bekhedmetkom.disclosures.place import Place
from bekhedmetkom.disclosures.rules.padding import framed
from bekhedmetkom.disclosures.standing import every
from bekhedmetkom.kernel.canonical import canonical
from tests.box.people import only_report
from tests.box.visiting import Opens, Variant, asks_for_the_identity, first_report, sends, signs_in

pytestmark = pytest.mark.e2e


def invented(by: str, recipient: str, today: date) -> bytes:
    """A request as a server can make one: it knows every public key, and has nobody's signature."""
    said = {"by": by, "day": str(today), "reason": "أرسلها", "recipient": recipient, "signature": "00" * 64}
    frame = framed({"kind": "reason", "turn": 0, "place": 0}, canonical(said), sealing.NO_VOICE)
    return sealing.encrypted(frame, [one.recipient for one in chain.current(today).custodians])


@pytest.mark.parametrize("variant", [None, ("sealing.js", "!signedBy(officer", "false && !signedBy(officer")])
def test_a_request_that_a_server_has_invented_opens_nothing(
    opens: Opens, committed_box: Place, variant: Variant | None
) -> None:
    sends(opens(), name="هند محمد")
    found = only_report()
    reason = invented("officer-1", found.report.recipient, found.report.day)
    commands.ask_for_identity(found.report.id, officer="officer-1", reason=reason, today=found.report.day)
    custodian = signs_in(opens("/commission", variant=variant), committed_box, "custodian-1")
    expect(custodian.locator(".request")).to_have_count(1)
    expect(custodian.locator("[data-open]")).to_be_visible(visible=bool(variant))
    if not variant:
        expect(custodian.locator(".request")).to_contain_text("لم يوقّع هذا الطلب")
        custodian.click("[data-nobody] button")
        expect(custodian.locator(".request .tag")).to_contain_text("رفضها")


@pytest.mark.parametrize(
    "variant", [None, ("custodian.js", "if (who.recipient !== asks.recipient)", "if (false)")]
)
def test_a_request_opens_the_identity_of_its_own_report(
    opens: Opens, committed_box: Place, variant: Variant | None
) -> None:
    sends(opens(), name="هند محمد")
    asks_for_the_identity(first_report(signs_in(opens("/commission"), committed_box, "officer-1")))
    asked = only_report().report.id
    sends(opens(), name="ليلى سالم")
    (other,) = (found for found in every() if found.report.id != asked)

    def exchanged(route: Any) -> None:
        route.fulfill(json={"identity": b64encode(other.identity).decode()})

    custodian = opens("/commission", variant=variant)
    custodian.route("**/opened", exchanged)
    signs_in(custodian, committed_box, "custodian-1")
    custodian.click("[data-open] button")
    expect(custodian.locator(".request")).to_contain_text("ليلى سالم" if variant else "ليس هذا ما أُرسل")
    assert ("ليلى سالم" in custodian.content()) is bool(variant)
