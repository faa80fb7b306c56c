"""Attack 3 where the server itself plays along: a browser believes the root's key, the ring and the words alone."""

import json
import re
from base64 import b64decode, b64encode
from typing import Any

import psycopg
import pytest
from playwright.sync_api import expect

from bekhedmetkom.disclosures import standing
from bekhedmetkom.disclosures.place import Place
from bekhedmetkom.disclosures.rules.padding import Broken
from bekhedmetkom.disclosures.rules.receipts import derive
from bekhedmetkom.disclosures.sealing import decrypted, new_report_key, throw_away
from tests.box.people import as_it_was
from tests.box.visiting import (
    TEXT,
    Opens,
    Variant,
    asks_for_the_identity,
    comes_back,
    first_report,
    left,
    releases,
    says,
    sends,
    signs_in,
)

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("variant", [None, ("manifest.js", "if (!signed(", "if (false && !signed(")])
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
    old, new = manifest["officers"][0]["recipient"], throw_away()
    body = b64decode(said["manifest"]).replace(old.encode(), new.encode())
    route.fulfill(json={**said, "manifest": b64encode(body).decode()})


OF_THE_ROW = ("officer.js", "[await recipientOf(ring.secret), ring.reader]", "[item.recipient, item.reader]")
OF_THE_REQUEST = (
    "custodian.js",
    "await released(who)",
    "await released({ ...who, recipient: item.recipient })",
)
UNANCHORED = ("talk.js", "const trusted = anchored(", "const trusted = true || anchored(")


@pytest.mark.parametrize("broken_", [False, True])
def test_attack_3_keys_that_a_dba_puts_beside_a_report_get_nothing(
    opens: Opens,
    committed_box: Place,
    dba: "psycopg.Connection[Any]",
    monkeypatch: pytest.MonkeyPatch,
    broken_: bool,
) -> None:
    """Neither the Commission's answer, nor a released identity, nor the discloser's answer is sealed to them."""
    monkeypatch.setattr(standing, "in_clear", as_it_was)  # the server plays along
    words, dbas = sends(opens(), name="هند"), new_report_key()
    keys = derive(words)
    mine = "UPDATE disclosures_report SET reader = %s, recipient = %s WHERE lookup = %s"
    dba.execute(mine, [dbas.recipient, dbas.recipient, keys.lookup])

    officer = opens("/commission", variant=OF_THE_ROW if broken_ else None)
    first_report(signs_in(officer, committed_box, "officer-1"))
    before = len(left(officer))
    says(officer, "متى؟")
    assert opens_any(left(officer)[before:], dbas.secret) is broken_
    asks_for_the_identity(officer)

    custodian = opens("/commission", variant=OF_THE_REQUEST if broken_ else None)
    signs_in(custodian, committed_box, "custodian-2")
    custodian.click("[data-open] button")
    before = len(left(custodian))
    releases(custodian)
    assert opens_any(left(custodian)[before:], dbas.secret) is broken_

    dba.execute("UPDATE disclosures_report SET reader = %s WHERE lookup = %s", [keys.recipient, keys.lookup])
    page = comes_back(opens("/words", variant=UNANCHORED if broken_ else None), words)
    expect(page.locator("[data-changed]")).to_be_visible(visible=not broken_)
    expect(page.locator('[data-box="answer"]')).to_have_count(int(broken_))


def opens_any(sent: bytes, secret: str) -> bool:
    """Whether this key opens anything of what was sent."""
    files = re.findall(rb"(?s)(age-encryption.*?)\r\n------WebKit", sent)
    assert files
    for file in files:
        try:
            decrypted(file, secret)
        except Broken:
            continue
        return True
    return False
