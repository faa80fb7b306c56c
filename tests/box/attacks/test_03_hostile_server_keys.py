"""Attack 3 with a hostile server: a browser trusts only the root key, the key ring and the receipt."""

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
def test_attack_3_browser_rejects_a_swapped_key(opens: Opens, variant: Variant | None) -> None:
    """The server plays along: the browser has only the root key of its page."""
    page = opens(variant=variant)
    page.route("**/manifest", _swap_officer_key)
    page.fill("#id_text", TEXT)
    posted: list[str] = []
    page.on("request", lambda request: posted.append(request.url) if request.method == "POST" else None)
    page.click('[data-box="send"] .btn--lg')
    expect(page.locator(".error-summary, [data-words] li").first).to_be_visible()
    assert bool(posted) is bool(variant)
    if not variant:
        expect(page.locator(".error-summary")).to_contain_text("لم نستطع التأكد من مفاتيح")
        assert page.input_value("#id_text") == TEXT


def _swap_officer_key(route: Any) -> None:
    response = route.fetch().json()
    manifest = json.loads(b64decode(response["manifest"]))
    old, new = manifest["officers"][0]["recipient"], generate_discarded_recipient()
    body = b64decode(response["manifest"]).replace(old.encode(), new.encode())
    route.fulfill(json={**response, "manifest": b64encode(body).decode()})


ENCRYPT_TO_ROW_KEYS = (
    "commission/officer.js",
    "[await deriveRecipient(ring.secret), ring.reader]",
    "[item.recipient, item.reader]",
)
RELEASE_TO_ROW_KEY = (
    "commission/custodian.js",
    "await encryptReleasedIdentity(discloser)",
    "await encryptReleasedIdentity({ ...discloser, recipient: item.recipient })",
)
IGNORE_ANCHOR = (
    "discloser/conversation.js",
    "const isTrusted = isAnchorValid(",
    "const isTrusted = true || isAnchorValid(",
)


@pytest.mark.parametrize("is_broken", [False, True])
def test_attack_3_nothing_is_encrypted_to_keys_set_by_a_database_administrator(
    opens: Opens,
    committed_box: Installation,
    dba: "psycopg.Connection[Any]",
    monkeypatch: pytest.MonkeyPatch,
    is_broken: bool,
) -> None:
    """Neither the Commission's message, nor a released identity, nor the discloser's message."""
    monkeypatch.setattr(reports, "hash_clear_columns", get_recorded_column_hash)  # the server plays along
    words, own_key = submit_report(opens(), name="هند"), generate_report_key()
    keys = derive_keys(words)
    set_keys = "UPDATE disclosures_report SET reader = %s, recipient = %s WHERE lookup = %s"
    dba.execute(set_keys, [own_key.recipient, own_key.recipient, keys.lookup_id])

    officer = opens("/commission", variant=ENCRYPT_TO_ROW_KEYS if is_broken else None)
    open_first_report(sign_in(officer, committed_box, "officer-1"))
    before = len(read_sent_bytes(officer))
    send_message(officer, "متى؟")
    assert decrypts_any(read_sent_bytes(officer)[before:], own_key.secret) is is_broken
    request_identity(officer)

    custodian = opens("/commission", variant=RELEASE_TO_ROW_KEY if is_broken else None)
    sign_in(custodian, committed_box, "custodian-2")
    custodian.click("[data-open] button")
    before = len(read_sent_bytes(custodian))
    release_identity(custodian)
    assert decrypts_any(read_sent_bytes(custodian)[before:], own_key.secret) is is_broken

    dba.execute(
        "UPDATE disclosures_report SET reader = %s WHERE lookup = %s", [keys.recipient, keys.lookup_id]
    )
    page = log_in(opens("/words", variant=IGNORE_ANCHOR if is_broken else None), words)
    expect(page.locator("[data-changed]")).to_be_visible(visible=not is_broken)
    expect(page.locator('[data-box="answer"]')).to_have_count(int(is_broken))


def decrypts_any(sent: bytes, secret: str) -> bool:
    """Return whether this key decrypts any of the files that were sent."""
    files = re.findall(rb"(?s)(age-encryption.*?)\r\n------WebKit", sent)
    assert files
    for file in files:
        try:
            decrypt(file, secret)
        except CorruptData:
            continue
        return True
    return False
