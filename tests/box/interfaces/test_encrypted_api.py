"""API for disclosers with JavaScript and for the Commission, called as a browser does."""

from base64 import b64decode
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from bekhedmetkom.disclosures import commands, current_manifest, encryption, journal
from bekhedmetkom.disclosures.installation import Installation
from bekhedmetkom.disclosures.models import Piece
from bekhedmetkom.disclosures.reports import list_reports
from bekhedmetkom.disclosures.rules.frame import Header
from bekhedmetkom.disclosures.rules.receipts import ReceiptKeys, derive_keys, generate_receipt
from bekhedmetkom.disclosures.rules.statuses import Status
from tests.box.support.actors import decrypt_turn_part, get_only_report, get_secret
from tests.box.support.api_client import build_encrypted_report, post_json, sign_in
from tests.box.support.environment import TODAY

BINARY_TYPE = "application/octet-stream"


@pytest.fixture
def keys(box: Installation, client: Client) -> ReceiptKeys:
    """Keys of a report that was submitted encrypted."""
    keys = derive_keys(generate_receipt())
    assert client.post("/sealed", build_encrypted_report(keys)).status_code == 201
    return keys


def test_encrypted_report_is_stored_once(keys: ReceiptKeys, client: Client) -> None:
    assert decrypt_turn_part(get_only_report()).body.decode() == "نص"
    assert decrypt_turn_part(get_only_report(), place=1).body == b"content"
    before = Piece.objects.count()
    assert client.post("/sealed", build_encrypted_report(keys)).status_code == 200
    assert Piece.objects.count() == before


def test_only_the_receipt_decrypts_the_conversation(keys: ReceiptKeys, client: Client) -> None:
    response = post_json(client, "/open", lookup=keys.lookup_id.hex())
    assert (response.status_code, response["Content-Type"]) == (200, BINARY_TYPE)
    conversation = encryption.decrypt_conversation(response.content, keys.reader_identity)
    assert (conversation["status"], conversation["turn"], conversation["due"]["promise"]) == (
        "received",
        1,
        "acceptance",
    )
    unknown = post_json(client, "/open", lookup="00" * 16)
    assert (unknown.status_code, unknown["Content-Type"]) == (200, BINARY_TYPE)
    assert abs(len(unknown.content) - len(response.content)) < 300  # age adds a little by chance


def test_whole_conversation(keys: ReceiptKeys, client: Client) -> None:
    officer, custodian = sign_in("officer-1"), sign_in("custodian-1")
    (item,) = officer.get("/commission/reports").json()["items"]
    ring = encryption.decrypt_key_ring(b64decode(item["ring"]), get_secret("officer-1"))
    opened = officer.post(f"/commission/reports/{item['id']}/opened").json()
    assert [(part["turn"], part["place"]) for part in opened["parts"]] == [(0, 0), (0, 1)]
    assert officer.get(f"/commission/reports/{item['id']}/parts/{opened['parts'][1]['id']}").getvalue()

    header: Header = {"kind": "message", "turn": 1, "place": 0, "files": 0, "from": "commission"}
    question = encryption.encrypt_part(
        header, "متى؟".encode(), voice=ring.voice, to=[item["recipient"], ring.reader]
    )
    sent = officer.post(
        f"/commission/reports/{item['id']}/message", {"turn": 1, "message": BytesIO(question)}
    )
    assert sent.status_code == 201
    conversation = encryption.decrypt_conversation(
        post_json(client, "/open", lookup=keys.lookup_id.hex()).content, keys.reader_identity
    )
    ciphertext = b64decode(conversation["messages"][0]["bytes"])
    assert (
        encryption.decrypt_part(
            ciphertext, secret=keys.reader_identity, voice=keys.voice, expect=header
        ).body.decode()
        == "متى؟"
    )

    reply: Header = {"kind": "message", "turn": 2, "place": 0, "files": 0, "from": "discloser"}
    body = encryption.encrypt_part(reply, b"...", voice=keys.voice, to=[conversation["recipient"]])
    headers = {"X-Lookup": keys.lookup_id.hex()}
    assert client.post("/answer", {"turn": 2, "message": BytesIO(body)}, headers=headers).status_code == 201
    late = client.post("/answer", {"turn": 2, "message": BytesIO(body)}, headers=headers)
    assert (late.status_code, late.json()) == (409, {"turn": 3})

    assert post_json(officer, f"/commission/reports/{item['id']}/status", status="closed").status_code == 409
    assert (
        post_json(officer, f"/commission/reports/{item['id']}/status", status="accepted").status_code == 204
    )
    reason = BytesIO(encryption.encrypt(b"why", [get_recipient("custodian-1")]))
    assert (
        officer.post(f"/commission/reports/{item['id']}/identity/ask", {"reason": reason}).status_code == 201
    )
    (request,) = custodian.get("/commission/requests").json()["items"]
    ciphertext = b64decode(custodian.post(f"/commission/requests/{item['id']}/opened").json()["identity"])
    assert encryption.decrypt(ciphertext, get_secret("custodian-1"))
    released = BytesIO(encryption.encrypt(b"identity", [item["recipient"]]))
    assert (
        custodian.post(
            f"/commission/requests/{request['report']}/release", {"identity": released}
        ).status_code
        == 201
    )
    opened = officer.post(f"/commission/reports/{item['id']}/opened").json()
    assert encryption.decrypt(b64decode(opened["identity"]), ring.secret) == b"identity"

    entries = [(line["who"], line["what"]) for line in custodian.get("/commission/journal").json()["items"]]
    assert entries == [
        ("officer-1", "opened"), ("officer-1", "wrote"), ("officer-1", "status accepted"),
        ("officer-1", "asked for the identity"), ("custodian-1", "opened the identity"),
        ("custodian-1", "released the identity"), ("officer-1", "opened"),
    ]  # fmt: skip
    assert journal.find_broken_entry() is None


def get_recipient(person: str) -> str:
    manifest = current_manifest.get_current_manifest(TODAY)
    member = manifest.find_custodian(person) or manifest.find_officer(person)
    assert member
    return member.recipient


def test_excluded_officer_finds_no_trace(box: Installation, client: Client) -> None:
    client.post("/sealed", build_encrypted_report(derive_keys(generate_receipt()), excluded=("officer-2",)))
    excluded_officer, other = sign_in("officer-2"), sign_in("officer-1")
    report = other.get("/commission/reports").json()["items"][0]["id"]
    part = other.post(f"/commission/reports/{report}/opened").json()["parts"][0]["id"]
    assert excluded_officer.get("/commission/reports").json()["items"] == []
    assert excluded_officer.post(f"/commission/reports/{report}/opened").status_code == 404
    assert excluded_officer.get(f"/commission/reports/{report}/parts/{part}").status_code == 404
    assert excluded_officer.post(f"/commission/reports/{report}/message", {"turn": 1}).status_code == 404
    assert (
        post_json(excluded_officer, f"/commission/reports/{report}/status", status="accepted").status_code
        == 404
    )
    for verb, name in (("identity/ask", "reason"), ("ring", "ring")):
        sent = excluded_officer.post(f"/commission/reports/{report}/{verb}", {name: BytesIO(b"x")})
        assert sent.status_code in (404, 409)
    assert report not in excluded_officer.get("/commission/journal").content.decode()


def test_session_needs_the_private_key(box: Installation, client: Client) -> None:
    challenge = post_json(client, "/commission/challenge", id="officer-1").json()
    unknown = post_json(client, "/commission/challenge", id="nobody").json()
    assert challenge.keys() == unknown.keys()
    for ticket in (challenge["ticket"], unknown["ticket"], "forged", None):
        assert post_json(client, "/commission/session", ticket=ticket, answer="ü").status_code == 403
    for address in (
        "reports",
        "requests",
        "journal",
        f"reports/{uuid4()}/parts/{uuid4()}",
        f"reports/{uuid4()}/rings",
    ):
        assert client.get(f"/commission/{address}").status_code == 403


def test_officers_and_custodians_have_separate_apis(keys: ReceiptKeys) -> None:
    report = get_only_report().report.id
    assert sign_in("custodian-1").get("/commission/reports").status_code == 404
    assert sign_in("custodian-1").post(f"/commission/reports/{report}/opened").status_code == 404
    assert sign_in("officer-1").post(f"/commission/requests/{report}/opened").status_code == 404
    assert (
        sign_in("custodian-1").post(f"/commission/requests/{report}/opened").status_code == 409
    )  # nobody asked


def test_session_ends_on_request(box: Installation) -> None:
    officer = sign_in("officer-1")
    cookie = officer.cookies["__Host-commission"].value
    officer.delete("/commission/session")
    officer.cookies["__Host-commission"] = cookie
    assert officer.get("/commission/reports").status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [{"lookup": "zz"}, {"reader": "age1"}, {"anchor": ""}, {"epoch": "x"}, {"text": ""}, {"ring": ""},
     ],
    ids=str,
)  # fmt: skip
def test_malformed_report_is_rejected_and_not_stored(
    box: Installation, client: Client, wrong: dict[str, Any]
) -> None:
    assert (
        client.post("/sealed", build_encrypted_report(derive_keys(generate_receipt())) | wrong).status_code
        == 400
    )
    assert list(list_reports()) == []
    assert not Piece.objects.exists()


@pytest.mark.parametrize("body", ["", "[]", "{", '{"lookup": 1}', '{"lookup": "00"}', "x" * 9000])
def test_malformed_json_is_rejected(box: Installation, client: Client, body: str) -> None:
    for address in ("/open", "/file"):
        assert client.post(address, body, content_type="application/json").status_code == 400


def test_report_for_an_older_manifest_is_rejected(box: Installation, client: Client) -> None:
    sent = build_encrypted_report(derive_keys(generate_receipt())) | {"epoch": 0}
    assert client.post("/sealed", sent).status_code == 409
    assert list(list_reports()) == []


def test_closed_report_accepts_no_messages(keys: ReceiptKeys, client: Client) -> None:
    report = get_only_report().report.id
    for status, reason in ((Status.NOT_COMPETENT, ""), (Status.CLOSED, "not_competent")):
        commands.set_status(report, officer="officer-1", status=status, reason=reason, today=TODAY)
    sent = client.post(
        "/answer", {"turn": 1, "message": BytesIO(b"x")}, headers={"X-Lookup": keys.lookup_id.hex()}
    )
    assert sent.status_code == 409
