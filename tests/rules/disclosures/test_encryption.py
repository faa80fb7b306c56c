"""Encryption: who can decrypt what, and that changed data is rejected (attacks 3, 9 and 10)."""

import hashlib
import hmac
import io

import pyrage
import pytest

from bekhedmetkom.disclosures import encryption
from bekhedmetkom.disclosures.encryption import (
    NO_VOICE,
    KeyRing,
    NoRecipients,
    StreamEncryptor,
    answer_challenge,
    compute_anchor,
    create_challenge,
    decrypt_conversation,
    decrypt_key_ring,
    decrypt_part,
    encrypt,
    encrypt_conversation,
    encrypt_identity,
    encrypt_key_ring,
    encrypt_part,
    generate_report_key,
    is_anchor_valid,
)
from bekhedmetkom.disclosures.rules import frame
from bekhedmetkom.disclosures.rules.frame import CorruptData, Header, TooLarge
from bekhedmetkom.disclosures.rules.receipts import derive_keys
from tests.mutations import check_with_mutations
from tests.rules.disclosures.test_manifest import GOOD

PEOPLE = {name: generate_report_key() for name in ("o1", "o2", "c1", "c2", "escrow")}
COMMISSION = GOOD._replace(
    officers=tuple(person._replace(recipient=PEOPLE[person.id].recipient) for person in GOOD.officers),
    custodians=tuple(person._replace(recipient=PEOPLE[person.id].recipient) for person in GOOD.custodians),
    escrow=PEOPLE["escrow"].recipient,
).validate()
KEYS = derive_keys("زيتون نافذة قمح جسر رمان قافلة سراج غيمة أرنب مرساة")
R, S = generate_report_key(), generate_report_key()
RING = KeyRing(R.secret, KEYS.voice, KEYS.recipient)
TEXT: Header = {"kind": "text", "turn": 0, "place": 0, "files": 1}
FILE: Header = {"kind": "file", "turn": 0, "place": 1, "name": "عقد.pdf", "type": "application/pdf"}
ASKED: Header = {"kind": "message", "turn": 1, "place": 0, "files": 0, "from": "commission"}
SAID: Header = {"kind": "message", "turn": 2, "place": 0, "files": 0, "from": "discloser"}


def piece(header: Header, body: bytes, to: str = R.recipient, voice: bytes = KEYS.voice) -> bytes:
    return encrypt_part(header, body, voice=voice, to=[to])


def test_only_officers_and_escrow_decrypt_key_ring() -> None:
    ring = encrypt_key_ring(RING, COMMISSION)
    for reader in ("o1", "o2", "escrow"):
        assert decrypt_key_ring(ring, PEOPLE[reader].secret) == RING
    for stranger in (PEOPLE["c1"], PEOPLE["c2"], R):
        with pytest.raises(CorruptData):
            decrypt_key_ring(ring, stranger.secret)


def test_excluded_officer_cannot_decrypt_and_exclusion_is_hidden() -> None:
    without = KeyRing(R.secret, KEYS.voice, KEYS.recipient, ("o2",))
    rings = [encrypt_key_ring(without, COMMISSION) for _ in range(20)]
    for ring in rings:
        assert decrypt_key_ring(ring, PEOPLE["o1"].secret) == without
        with pytest.raises(CorruptData):
            decrypt_key_ring(ring, PEOPLE["o2"].secret)
    plain = [encrypt_key_ring(RING, COMMISSION) for _ in range(20)]
    assert (
        {ring.count(b"-> X25519 ") for ring in rings} == {ring.count(b"-> X25519 ") for ring in plain} == {3}
    )
    with pytest.raises(NoRecipients):
        encrypt_key_ring(KeyRing(R.secret, KEYS.voice, KEYS.recipient, ("o1", "o2")), COMMISSION)


def test_attack_10_officers_and_custodians_read_only_their_own_data() -> None:
    def apart() -> None:
        identity = encrypt_identity(
            {"name": "هند"}, voice=KEYS.voice, recipient=R.recipient, manifest=COMMISSION
        )
        assert decrypt_part(
            identity, secret=PEOPLE["c1"].secret, voice=None, expect={"kind": "identity"}
        ).body
        for officer in ("o1", "o2", "escrow"):
            with pytest.raises(CorruptData):
                decrypt_part(identity, secret=PEOPLE[officer].secret, voice=None, expect={})
        with pytest.raises(CorruptData):
            decrypt_part(identity, secret=R.secret, voice=None, expect={})
        for custodian in ("c1", "c2"):
            with pytest.raises(CorruptData):
                decrypt_key_ring(encrypt_key_ring(RING, COMMISSION), PEOPLE[custodian].secret)

    everyone = list(PEOPLE.values())
    whole = encryption.encrypt

    def to_all(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(
            encryption, "encrypt", lambda plain, _: whole(plain, [person.recipient for person in everyone])
        )

    def custodians_on_the_ring(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(
            encryption,
            "encrypt",
            lambda plain, to: whole(plain, [*to, *(c.recipient for c in COMMISSION.custodians)]),
        )

    check_with_mutations(
        apart, {"everybody is a recipient": to_all, "custodians are on the ring": custodians_on_the_ring}
    )


def test_empty_and_given_identity_have_the_same_size() -> None:
    given, none = (
        {
            len(
                encryption.decrypt(
                    encrypt_identity(who, voice=KEYS.voice, recipient=R.recipient, manifest=COMMISSION),
                    PEOPLE["c1"].secret,
                )
            )
        }
        for who in ({"name": "هند " * 50, "phone": "0790000000"}, {})
    )
    assert given == none == {4096}
    with pytest.raises(TooLarge):
        encrypt_identity(
            {"name": "هند " * 2000}, voice=KEYS.voice, recipient=R.recipient, manifest=COMMISSION
        )


def test_released_identity_is_the_disclosers() -> None:
    given = encrypt_identity({"name": "هند"}, voice=KEYS.voice, recipient=R.recipient, manifest=COMMISSION)
    released = encrypt(encryption.decrypt(given, PEOPLE["c2"].secret), [R.recipient])
    expect: Header = {"kind": "identity", "turn": 0, "place": 0}
    body = f'{{"name":"هند","recipient":"{R.recipient}"}}'.encode()
    assert decrypt_part(released, secret=R.secret, voice=KEYS.voice, expect=expect).body == body
    invented = encrypt_identity({"name": "زيد"}, voice=bytes(32), recipient=R.recipient, manifest=COMMISSION)
    with pytest.raises(CorruptData):
        decrypt_part(
            encrypt(encryption.decrypt(invented, PEOPLE["c2"].secret), [R.recipient]),
            secret=R.secret, voice=KEYS.voice, expect=expect,
        )  # fmt: skip


def refused(file: bytes, expect: Header) -> None:
    with pytest.raises(CorruptData):
        decrypt_part(file, secret=R.secret, voice=KEYS.voice, expect=expect)


def test_attack_9_changed_ciphertext_is_rejected() -> None:
    text, asked = piece(TEXT, b"a" * 9000), piece(ASKED, b"when?")
    middle = text.index(b"\n---") + 100

    def cut() -> None:
        for length in (0, 20, middle, len(text) - 1, len(text) // 2):
            refused(text[:length], TEXT)

    def flipped() -> None:
        for at in (0, 40, middle, len(text) - 1):
            refused(text[:at] + bytes([text[at] ^ 1]) + text[at + 1 :], TEXT)

    def moved() -> None:
        refused(piece(SAID, b"yes"), ASKED)  # another turn's message
        refused(piece({**FILE, "place": 2}, b"%PDF"), FILE)  # another file of the report
        refused(asked, SAID)  # the Commission's words as the discloser's
        refused(piece(TEXT, b"x", to=S.recipient), TEXT)  # another report's text

    def forged() -> None:
        refused(piece(ASKED, b"your name?", voice=NO_VOICE), ASKED)  # whoever knows the public key

    def untouched() -> None:
        assert decrypt_part(text, secret=R.secret, voice=KEYS.voice, expect=TEXT) == (TEXT, b"a" * 9000)
        for attack in (cut, flipped, moved, forged):
            attack()

    def without_place(patch: pytest.MonkeyPatch) -> None:
        whole = encryption.decrypt_part
        patch.setitem(
            globals(),
            "decrypt_part",
            lambda file, *, secret, voice, expect: whole(file, secret=secret, voice=voice, expect={}),
        )

    def without_voice(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(hmac, "compare_digest", lambda *_: True)

    def partly(patch: pytest.MonkeyPatch) -> None:
        def lenient(file: bytes, *, secret: str, voice: bytes | None, expect: Header) -> frame.Frame:
            try:
                return encryption.decrypt_part(file, secret=secret, voice=voice, expect=expect)
            except CorruptData:
                return frame.Frame(dict(expect), b"a")

        patch.setitem(globals(), "decrypt_part", lenient)

    def unauthenticated(patch: pytest.MonkeyPatch) -> None:
        frames = {text: frame.build_frame(TEXT, b"a" * 9000, KEYS.voice)}
        whole = encryption.decrypt
        patch.setattr(
            encryption,
            "decrypt",
            lambda file, secret: (
                frames[text] if file[:9] == text[:9] and len(file) > middle else whole(file, secret)
            ),
        )

    check_with_mutations(
        untouched,
        {
            "turns and places are not looked at": without_place,
            "the voice is not looked at": without_voice,
            "what can be read of it is shown": partly,
            "the cipher proves nothing": unauthenticated,
        },
    )


def test_attack_3_anchor_rejects_another_report_key() -> None:
    def caught() -> None:
        tag = compute_anchor(KEYS.voice, R.recipient)
        assert is_anchor_valid(KEYS.voice, R.recipient, tag)
        assert not is_anchor_valid(KEYS.voice, S.recipient, tag)
        assert not is_anchor_valid(KEYS.voice, S.recipient, compute_anchor(NO_VOICE, S.recipient))

    check_with_mutations(
        caught,
        {"the anchor is not compared": lambda patch: patch.setattr(hmac, "compare_digest", lambda *_: True)},
    )


def test_stream_encryption_equals_encryption_of_the_whole() -> None:
    out = io.BytesIO()
    sealer = StreamEncryptor(FILE, voice=KEYS.voice, to=[R.recipient], out=out)
    for _ in range(40):
        sealer.write(b"0123456789" * 5000)
    assert sealer.close() == 2_000_000
    assert decrypt_part(out.getvalue(), secret=R.secret, voice=KEYS.voice, expect=FILE) == (
        FILE,
        b"0123456789" * 200_000,
    )


def test_aborted_stream_cannot_be_decrypted() -> None:
    out = io.BytesIO()
    sealer = StreamEncryptor(FILE, voice=KEYS.voice, to=[R.recipient], out=out)
    sealer.write(b"0123456789" * 50_000)
    sealer.abort()
    assert b"0123456789" not in out.getvalue()
    refused(out.getvalue(), FILE)


def test_stream_rejects_more_than_the_largest_file() -> None:
    sealer = StreamEncryptor(FILE, voice=KEYS.voice, to=[R.recipient], out=io.BytesIO())
    with pytest.raises(TooLarge):
        for _ in range(21):
            sealer.write(bytes(frame.MIB))
    sealer.abort()


def test_stream_reports_a_full_disk_to_the_writer() -> None:
    class Full(io.BytesIO):
        def write(self, _: object) -> int:
            raise OSError("full")

    sealer = StreamEncryptor(FILE, voice=KEYS.voice, to=[R.recipient], out=Full())
    for _ in range(40):
        sealer.write(bytes(65536))
    with pytest.raises(pyrage.EncryptError):
        sealer.close()


def test_only_the_receipt_decrypts_the_servers_response() -> None:
    said = {"status": "received", "day": "2026-11-27", "messages": []}
    answer = encrypt_conversation(said, KEYS.recipient)
    assert decrypt_conversation(answer, KEYS.reader_identity) == said
    with pytest.raises(CorruptData):
        decrypt_conversation(answer, R.secret)
    with pytest.raises(CorruptData):
        decrypt_conversation(encrypt(b"{}", [KEYS.recipient]), KEYS.reader_identity)


def test_challenge_needs_its_key_and_is_no_decryption_oracle() -> None:
    file, expected = create_challenge(R.recipient)
    assert answer_challenge(file, R.secret) == expected
    with pytest.raises(CorruptData):
        answer_challenge(file, S.secret)

    def no_oracle() -> None:
        with pytest.raises(CorruptData):
            answer_challenge(encrypt_key_ring(RING, COMMISSION), PEOPLE["o1"].secret)

    no_oracle()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            encryption,
            "answer_challenge",
            lambda file, secret: hashlib.sha256(encryption.decrypt(file, secret)).digest(),
        )
        encryption.answer_challenge(encrypt_key_ring(RING, COMMISSION), PEOPLE["o1"].secret)
