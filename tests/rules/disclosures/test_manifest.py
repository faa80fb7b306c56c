"""Attack 3: a database administrator swaps a key, removes one, or restores an older manifest."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from nacl.signing import VerifyKey

from bekhedmetkom.disclosures.encryption import (
    derive_signing_public_key,
    generate_discarded_recipient,
    generate_report_key,
)
from bekhedmetkom.disclosures.rules import manifest as rules
from bekhedmetkom.disclosures.rules.manifest import (
    BadSignature,
    Custodian,
    ExpiredManifest,
    InvalidManifest,
    Manifest,
    ManifestError,
    MissingManifest,
    Officer,
    RolledBackManifest,
    get_root_public_key,
    parse_manifest,
    sign_manifest,
    verify_manifest,
)
from bekhedmetkom.kernel.canonical_json import encode_canonical_json
from tests.mutations import check_with_mutations

SEED, STRANGER = bytes(range(32)), bytes(range(1, 33))
ROOT = get_root_public_key(SEED)
TODAY = date(2026, 11, 27)
KEYS = [generate_discarded_recipient() for _ in range(6)]
HANDS = [derive_signing_public_key(generate_report_key().secret) for _ in range(2)]
GOOD = Manifest(
    epoch=5,
    issued=date(2026, 11, 1),
    expires=date(2027, 1, 31),
    officers=(
        Officer("o1", "سلمى", "chief", KEYS[0], HANDS[0]),
        Officer("o2", "عمر", "officer", KEYS[1], HANDS[1]),
    ),
    custodians=(Custodian("c1", "رنا", KEYS[2]), Custodian("c2", "زيد", KEYS[3])),
    escrow=KEYS[4],
)
BODY = GOOD.encode()
SIGNATURE = sign_manifest(BODY, SEED)


def changed(**values: Any) -> bytes:
    return encode_canonical_json({**json.loads(BODY), **values})


def resigned(body: bytes, seed: bytes = SEED) -> tuple[bytes, bytes]:
    return body, sign_manifest(body, seed)


def test_valid_manifest_names_officers_and_custodians() -> None:
    assert verify_manifest(BODY, SIGNATURE, ROOT, TODAY, 5) == GOOD
    assert verify_manifest(BODY, SIGNATURE, ROOT, GOOD.issued, 0) == GOOD
    assert verify_manifest(BODY, SIGNATURE, ROOT, GOOD.expires, 5) == GOOD
    assert GOOD.find_officer("o2") == GOOD.officers[1]
    assert GOOD.find_custodian("o2") is None


SWAPPED = BODY.replace(KEYS[1].encode(), KEYS[5].encode())
ATTACKS: dict[str, tuple[Callable[[], object], type[ManifestError]]] = {
    "a key is swapped": (lambda: verify_manifest(SWAPPED, SIGNATURE, ROOT, TODAY, 5), BadSignature),
    "an officer is taken away": (
        lambda: verify_manifest(
            changed(officers=json.loads(BODY)["officers"][:1]), SIGNATURE, ROOT, TODAY, 5
        ),
        BadSignature,
    ),
    "another root has signed": (
        lambda: verify_manifest(*resigned(SWAPPED, STRANGER), ROOT, TODAY, 5),
        BadSignature,
    ),
    "the signature is another's": (
        lambda: verify_manifest(BODY, sign_manifest(b"other", SEED), ROOT, TODAY, 5),
        BadSignature,
    ),
    "the signature is cut": (lambda: verify_manifest(BODY, SIGNATURE[:63], ROOT, TODAY, 5), BadSignature),
    "the manifest is gone": (lambda: verify_manifest(None, None, ROOT, TODAY, 5), MissingManifest),
    "the signature is gone": (lambda: verify_manifest(BODY, b"", ROOT, TODAY, 5), MissingManifest),
    "the root is gone": (lambda: verify_manifest(BODY, SIGNATURE, b"", TODAY, 5), MissingManifest),
    "an older one is brought back": (
        lambda: verify_manifest(BODY, SIGNATURE, ROOT, TODAY, 6),
        RolledBackManifest,
    ),
    "it is over": (lambda: verify_manifest(BODY, SIGNATURE, ROOT, date(2027, 2, 1), 5), ExpiredManifest),
    "it has not begun": (
        lambda: verify_manifest(BODY, SIGNATURE, ROOT, date(2026, 10, 31), 5),
        ExpiredManifest,
    ),
}


@pytest.mark.parametrize(("attack", "refusal"), ATTACKS.values(), ids=ATTACKS)
def test_attack_3_tampered_manifest_is_rejected(
    attack: Callable[[], object], refusal: type[ManifestError]
) -> None:
    assert refusal_of(attack) is refusal


def refusal_of(attack: Callable[[], object]) -> type[ManifestError] | None:
    try:
        attack()
    except ManifestError as refused:
        return type(refused)
    return None


def test_attack_3_each_check_is_needed() -> None:
    def refused() -> None:
        assert [refusal_of(attack) for attack, _ in ATTACKS.values()] == [
            refusal for _, refusal in ATTACKS.values()
        ]

    def unsigned(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(VerifyKey, "verify", lambda *_: b"")

    def at_any_time(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(
            rules,
            "parse_manifest",
            lambda body: parse_manifest(body)._replace(issued=date.min, expires=date.max),
        )

    def without_epoch(patch: pytest.MonkeyPatch) -> None:
        whole = rules.verify_manifest
        patch.setitem(globals(), "verify_manifest", lambda b, s, r, t, _: whole(b, s, r, t, 0))

    def by_its_own_root(patch: pytest.MonkeyPatch) -> None:
        whole = rules.verify_manifest
        patch.setitem(
            globals(),
            "verify_manifest",
            lambda b, s, r, t, e: whole(b, s, get_root_public_key(STRANGER), t, e),
        )

    check_with_mutations(
        refused,
        {
            "signatures are not checked": unsigned,
            "days are not checked": at_any_time,
            "epochs are not checked": without_epoch,
            "the root comes with the manifest": by_its_own_root,
        },
    )


OFFICERS, CUSTODIANS = json.loads(BODY)["officers"], json.loads(BODY)["custodians"]
UNFIT = {
    "one officer alone": changed(officers=OFFICERS[:1]),
    "one custodian alone": changed(custodians=CUSTODIANS[:1]),
    "one key for two": changed(officers=[OFFICERS[0], {**OFFICERS[1], "recipient": KEYS[0]}]),
    "one key for both offices": changed(custodians=[{**CUSTODIANS[0], "recipient": KEYS[0]}, CUSTODIANS[1]]),
    "one name for two": changed(officers=[OFFICERS[0], {**OFFICERS[1], "id": "o1"}]),
    "the escrow is an officer": changed(escrow=KEYS[0]),
    "no key": changed(officers=[OFFICERS[0], {**OFFICERS[1], "recipient": "age1nothing"}]),
    "an officer who cannot sign": changed(officers=[OFFICERS[0], {**OFFICERS[1], "signs": "no key"}]),
    "an officer who signs with a number": changed(officers=[OFFICERS[0], {**OFFICERS[1], "signs": 7}]),
    "an officer without a hand": changed(
        officers=[OFFICERS[0], {name: value for name, value in OFFICERS[1].items() if name != "signs"}]
    ),
    "two who sign alike": changed(officers=[OFFICERS[0], {**OFFICERS[1], "signs": HANDS[0]}]),
    "another office": changed(officers=[OFFICERS[0], {**OFFICERS[1], "role": "minister"}]),
    "epoch nought": changed(epoch=0),
    "over before it begins": changed(expires="2026-10-01"),
    "another version": changed(version=2),
    "something more": changed(more=1),
    "something less": encode_canonical_json({"version": 1}),
    "not one spelling": BODY.replace(b'"epoch":5', b'"epoch": 5'),
    "a list": b"[]",
    "nothing that can be read": b"\xff",
}


@pytest.mark.parametrize("body", UNFIT.values(), ids=UNFIT)
def test_invalid_manifest_is_rejected_even_if_signed(body: bytes) -> None:
    with pytest.raises(InvalidManifest):
        parse_manifest(body)
    with pytest.raises(InvalidManifest):
        verify_manifest(*resigned(body), ROOT, TODAY, 0)
