"""Attack 10 with a hostile server: no identity is opened without a request signed by an officer."""

from base64 import b64encode
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import expect

from bekhedmetkom.disclosures import commands, current_manifest, encryption
from bekhedmetkom.disclosures.installation import Installation
from bekhedmetkom.disclosures.reports import list_reports
from bekhedmetkom.disclosures.rules.frame import build_frame
from bekhedmetkom.kernel.canonical_json import encode_canonical_json
from tests.box.support.actors import get_only_report
from tests.box.support.browser_actors import (
    Opens,
    Variant,
    open_first_report,
    request_identity,
    sign_in,
    submit_report,
)

pytestmark = pytest.mark.e2e


def forge_request(by: str, recipient: str, today: date) -> bytes:
    """Return a request as a server can forge it, with all public keys and no signature."""
    fields = {"by": by, "day": str(today), "reason": "أرسلها", "recipient": recipient, "signature": "00" * 64}
    frame = build_frame(
        {"kind": "reason", "turn": 0, "place": 0}, encode_canonical_json(fields), encryption.NO_VOICE
    )
    return encryption.encrypt(
        frame, [custodian.recipient for custodian in current_manifest.get_current_manifest(today).custodians]
    )


@pytest.mark.parametrize(
    "variant", [None, ("crypto/encryption.js", "!isSignedBy(officer", "false && !isSignedBy(officer")]
)
def test_forged_request_cannot_be_opened(
    opens: Opens, committed_box: Installation, variant: Variant | None
) -> None:
    submit_report(opens(), name="هند محمد")
    unwrapped = get_only_report()
    reason = forge_request("officer-1", unwrapped.report.recipient, unwrapped.report.day)
    commands.request_identity(
        unwrapped.report.id, officer="officer-1", reason=reason, today=unwrapped.report.day
    )
    custodian = sign_in(opens("/commission", variant=variant), committed_box, "custodian-1")
    expect(custodian.locator(".request")).to_have_count(1)
    expect(custodian.locator("[data-open]")).to_be_visible(visible=bool(variant))
    if not variant:
        expect(custodian.locator(".request")).to_contain_text("لم يوقّع هذا الطلب")
        custodian.click("[data-nobody] button")
        expect(custodian.locator(".request .tag")).to_contain_text("رفضها")


@pytest.mark.parametrize(
    "variant",
    [None, ("commission/custodian.js", "if (discloser.recipient !== request.recipient)", "if (false)")],
)
def test_request_opens_only_its_own_reports_identity(
    opens: Opens, committed_box: Installation, variant: Variant | None
) -> None:
    submit_report(opens(), name="هند محمد")
    request_identity(open_first_report(sign_in(opens("/commission"), committed_box, "officer-1")))
    requested = get_only_report().report.id
    submit_report(opens(), name="ليلى سالم")
    (other,) = (unwrapped for unwrapped in list_reports() if unwrapped.report.id != requested)

    def send_other_identity(route: Any) -> None:
        route.fulfill(json={"identity": b64encode(other.encrypted_identity).decode()})

    custodian = opens("/commission", variant=variant)
    custodian.route("**/opened", send_other_identity)
    sign_in(custodian, committed_box, "custodian-1")
    custodian.click("[data-open] button")
    expect(custodian.locator(".request")).to_contain_text("ليلى سالم" if variant else "ليس هذا ما أُرسل")
    assert ("ليلى سالم" in custodian.content()) is bool(variant)
