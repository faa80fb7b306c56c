"""Attack 3 where the server itself plays along: a browser believes the root's key, the ring and the words alone."""

import json
import re
from base64 import b64decode, b64encode
from typing import Any

import psycopg
import pytest
from playwright.sync_api import expect

from bekhedmetkom.disclosures import reports
from bekhedmetkom.disclosures.encryption import decrypt, generate_discarded_recipient, generate_report_key
from bekhedmetkom.disclosures.installation import Installation
from bekhedmetkom.disclosures.rules.frame import CorruptData
from bekhedmetkom.disclosures.rules.receipts import derive_keys
from tests.box.support.actors import get_recorded_column_hash
from tests.box.support.browser_actors import (
    TEXT,
    Opens,
    Variant,
    log_in,
    open_first_report,
    read_sent_bytes,
    release_identity,
    request_identity,
    send_message,
    sign_in,
    submit_report,
)

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize(
    "variant", [None, ("crypto/manifest.js", "if (!isSignatureValid(", "if (false && !isSignatureValid(")]
)
def test_attack_3_a_swapped_key_stops_the_browser(opens: Opens, variant: Variant | None) -> None:
    """The server itself plays along here: the browser has only the root key of its page."""
    page = opens(variant=variant)
    page.route("**/manifest", _with_another_key)
    page.fill("#id_text", TEXT)
    posted: list[str] = []
    page.on("request", lambda request: posted.append(request.url) if request.method == "POST" else None)
    page.click('[data-box="send"] .btn--lg')
    expect(page.locator(".error-summary, [data-words] li").first).to_be_visible()
    assert bool(posted) is bool(variant)
    if not variant:
        expect(page.locator(".error-summary")).to_contain_text("لم نستطع التأكد من مفاتيح")
        assert page.input_value("#id_text") == TEXT


def _with_another_key(route: Any) -> None:
    said = route.fetch().json()
    manifest = json.loads(b64decode(said["manifest"]))
    old, new = manifest["officers"][0]["recipient"], generate_discarded_recipient()
    body = b64decode(said["manifest"]).replace(old.encode(), new.encode())
    route.fulfill(json={**said, "manifest": b64encode(body).decode()})


OF_THE_ROW = (
    "commission/officer.js",
    "[await deriveRecipient(ring.secret), ring.reader]",
    "[item.recipient, item.reader]",
)
OF_THE_REQUEST = (
    "commission/custodian.js",
    "await encryptReleasedIdentity(discloser)",
    "await encryptReleasedIdentity({ ...discloser, recipient: item.recipient })",
)
UNANCHORED = (
    "discloser/conversation.js",
    "const isTrusted = isAnchorValid(",
    "const isTrusted = true || isAnchorValid(",
)


@pytest.mark.parametrize("broken_", [False, True])
def test_attack_3_keys_that_a_dba_puts_beside_a_report_get_nothing(
    opens: Opens,
    committed_box: Installation,
    dba: "psycopg.Connection[Any]",
    monkeypatch: pytest.MonkeyPatch,
    broken_: bool,
) -> None:
    """Neither the Commission's answer, nor a released identity, nor the discloser's answer is sealed to them."""
    monkeypatch.setattr(reports, "hash_clear_columns", get_recorded_column_hash)  # the server plays along
    words, dbas = submit_report(opens(), name="هند"), generate_report_key()
    keys = derive_keys(words)
    mine = "UPDATE disclosures_report SET reader = %s, recipient = %s WHERE lookup = %s"
    dba.execute(mine, [dbas.recipient, dbas.recipient, keys.lookup_id])

    officer = opens("/commission", variant=OF_THE_ROW if broken_ else None)
    open_first_report(sign_in(officer, committed_box, "officer-1"))
    before = len(read_sent_bytes(officer))
    send_message(officer, "متى؟")
    assert opens_any(read_sent_bytes(officer)[before:], dbas.secret) is broken_
    request_identity(officer)

    custodian = opens("/commission", variant=OF_THE_REQUEST if broken_ else None)
    sign_in(custodian, committed_box, "custodian-2")
    custodian.click("[data-open] button")
    before = len(read_sent_bytes(custodian))
    release_identity(custodian)
    assert opens_any(read_sent_bytes(custodian)[before:], dbas.secret) is broken_

    dba.execute(
        "UPDATE disclosures_report SET reader = %s WHERE lookup = %s", [keys.recipient, keys.lookup_id]
    )
    page = log_in(opens("/words", variant=UNANCHORED if broken_ else None), words)
    expect(page.locator("[data-changed]")).to_be_visible(visible=not broken_)
    expect(page.locator('[data-box="answer"]')).to_have_count(int(broken_))


def opens_any(sent: bytes, secret: str) -> bool:
    """Whether this key opens anything of what was sent."""
    files = re.findall(rb"(?s)(age-encryption.*?)\r\n------WebKit", sent)
    assert files
    for file in files:
        try:
            decrypt(file, secret)
        except CorruptData:
            continue
        return True
    return False
