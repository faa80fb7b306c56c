"""Client of the box's APIs: encrypted reports, JSON requests and sessions of Commission members."""

import json
from base64 import b64decode
from io import BytesIO
from typing import Any

from django.test import Client

from bekhedmetkom.disclosures import current_manifest, encryption
from bekhedmetkom.disclosures.encryption import KeyRing
from bekhedmetkom.disclosures.rules.frame import Header
from bekhedmetkom.disclosures.rules.receipts import ReceiptKeys
from tests.box.support.actors import get_secret
from tests.box.support.environment import TODAY


def build_encrypted_report(
    keys: ReceiptKeys, text: str = "نص", excluded: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Return an encrypted report's form data, as a browser sends it."""
    manifest, report = current_manifest.get_current_manifest(TODAY), encryption.generate_report_key()
    header: Header = {"kind": "text", "turn": 0, "place": 0, "files": 1}
    file: Header = {"kind": "file", "turn": 0, "place": 1, "name": "a", "type": ""}
    anchor = encryption.compute_anchor(keys.voice, report.recipient).hex()
    ciphertexts = {
        "ring": encryption.encrypt_key_ring(
            KeyRing(report.secret, keys.voice, keys.recipient, excluded), manifest
        ),
        "identity": encryption.encrypt_identity(
            {}, voice=keys.voice, recipient=report.recipient, manifest=manifest
        ),
        "text": encryption.encrypt_part(header, text.encode(), voice=keys.voice, to=[report.recipient]),
        "file": encryption.encrypt_part(file, b"content", voice=keys.voice, to=[report.recipient]),
    }
    fields = {
        "lookup": keys.lookup_id.hex(), "reader": keys.recipient, "recipient": report.recipient,
        "anchor": anchor, "epoch": manifest.epoch, "exclude": list(excluded),
    }  # fmt: skip
    return fields | {name: BytesIO(value) for name, value in ciphertexts.items()}


def post_json(client: Client, address: str, **body: Any) -> Any:
    return client.post(address, json.dumps(body), content_type="application/json")


def sign_in(person: str) -> Client:
    """Return a client signed in with the demonstration's key."""
    client = Client()
    challenge = post_json(client, "/commission/challenge", id=person).json()
    answer = encryption.answer_challenge(b64decode(challenge["challenge"]), get_secret(person))
    assert (
        post_json(client, "/commission/session", ticket=challenge["ticket"], answer=answer.hex()).status_code
        == 204
    )
    return client
