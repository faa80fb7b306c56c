"""Python and JavaScript produce and accept the same bytes, and reject the same."""

import base64
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from bekhedmetkom.disclosures.encryption import (
    KeyRing,
    compute_anchor,
    create_challenge,
    decrypt_key_ring,
    decrypt_part,
    encrypt,
    encrypt_conversation,
    encrypt_identity,
    encrypt_key_ring,
    encrypt_part,
    generate_report_key,
)
from bekhedmetkom.disclosures.rules import receipts
from bekhedmetkom.disclosures.rules.frame import CorruptData, Header, build_frame, parse_frame
from bekhedmetkom.disclosures.rules.manifest import sign_manifest
from tests.box.support.browser import call_modules, open_module_page
from tests.rules.disclosures.test_encryption import COMMISSION, PEOPLE
from tests.rules.disclosures.test_manifest import BODY, KEYS, ROOT, SEED, STRANGER, UNFIT, changed
from tests.rules.disclosures.test_receipts import PLAIN, TYPED

VECTORS = json.loads((Path(__file__).parents[1] / "vectors.json").read_text("utf-8"))
VOICE = bytes(range(32))


@pytest.mark.parametrize("vector", VECTORS["receipts"], ids=lambda v: v["lookup"][:6])
def test_keys_of_a_receipt_are_equal(modules: Page, vector: dict[str, str]) -> None:
    result = call_modules(
        modules,
        """const keys = await receipt.deriveKeys(typed);
        return { ...keys, lookup: frame.hex(keys.lookup), voice: frame.hex(keys.voice) };""",
        typed=vector["typed"],
    )
    assert result == {name: vector[name] for name in ("lookup", "reader", "recipient", "voice")}


def test_spellings_are_folded_alike(modules: Page) -> None:
    characters = [chr(code) for code in range(0x20, 0x3000) if code < 0xD800]
    typed = [
        *TYPED.values(),
        *receipts.get_word_list(),
        *(f"قم{character}ح" for character in characters),
        "\ufdfa\ufefb قمح",
    ]
    result = call_modules(modules, "return typed.map((one) => receipt.foldWords(one));", typed=typed)
    assert result == [receipts.fold_words(character) for character in typed]


def test_unknown_words_are_equal(modules: Page) -> None:
    typed = PLAIN.replace("جسر", "قسطنطينية")
    assert call_modules(
        modules, "return receipt.findUnknownWords(typed);", typed=typed
    ) == receipts.find_unknown_words(typed)


def test_browser_generates_valid_receipts(modules: Page) -> None:
    words = call_modules(modules, "return receipt.generateReceipt();")
    assert len(words) == receipts.WORD_COUNT
    assert set(words) <= set(receipts.get_word_list())


@pytest.mark.parametrize("vector", VECTORS["frames"], ids=lambda v: v["header"]["kind"])
def test_frames_are_equal(modules: Page, vector: dict[str, Any]) -> None:
    assert (
        build_frame(vector["header"], vector["body"].encode(), bytes.fromhex(vector["voice"])).hex()
        == vector["frame"]
    )
    result = call_modules(
        modules,
        """const voice = frame.fromHex(vector.voice);
        const made = frame.buildFrame(vector.header, frame.encodeText(vector.body), voice);
        const read = frame.parseFrame(frame.fromHex(vector.frame), voice);
        return [frame.hex(made), read.header, frame.decodeText(read.body)];""",
        vector=vector,
    )
    assert result == [vector["frame"], vector["header"], vector["body"]]


def b64(file: bytes) -> str:
    return base64.b64encode(file).decode()


DECRYPT = """
const file = Uint8Array.from(atob(file64), (c) => c.charCodeAt(0));
try { const piece = await encryption.decryptPart(file, secret, frame.fromHex(voice), expect);
      return [piece.header, encryption.getText(piece)]; }
catch (error) { return error instanceof frame.CorruptData ? "broken" : String(error); }"""


def decrypt_in_browser(page: Page, file: bytes, secret: str, expect: Header) -> Any:
    return call_modules(
        page, DECRYPT, file64=b64(file), secret=secret, voice=VOICE.hex(), expect=dict(expect)
    )


def run_attack_9(modules: Page) -> None:
    key = generate_report_key()
    header: dict[str, str | int] = {"kind": "text", "turn": 0, "place": 0, "files": 0}
    file = encrypt_part(header, "رشوة".encode() * 20_000, voice=VOICE, to=[key.recipient])
    assert decrypt_in_browser(modules, file, key.secret, header) == [header, "رشوة" * 20_000]
    middle = len(file) // 2
    for touched in (
        file[:-1],
        file[:middle],
        file[:200],
        b"",
        file[:middle] + bytes([file[middle] ^ 1]) + file[middle + 1 :],
        file[:70_000] + file[70_000 + 65_552 :],
    ):
        assert decrypt_in_browser(modules, touched, key.secret, header) == "broken"
    assert decrypt_in_browser(modules, file, key.secret, header | {"turn": 1}) == "broken"
    assert decrypt_in_browser(modules, file, generate_report_key().secret, header) == "broken"
    forged = encrypt_part(header, b"who are you?", voice=bytes(32), to=[key.recipient])
    assert decrypt_in_browser(modules, forged, key.secret, header) == "broken"
    bare = encrypt(b"who are you?", [key.recipient])
    assert decrypt_in_browser(modules, bare, key.secret, header) == "broken"


ATTACK_9_VARIANTS = {
    "turns and places are not looked at": ("crypto/encryption.js", "frame.header[name] !== value", "false"),
    "the voice is not looked at": ("crypto/frame.js", "if (voice &&", "if (false &&"),
    "what does not open is shown as it is": (
        "crypto/encryption.js",
        "throw new CorruptData();",
        "return file;",
    ),
}


def test_attack_9_browser_rejects_changed_ciphertext(modules: Page) -> None:
    run_attack_9(modules)


@pytest.mark.parametrize("variant", ATTACK_9_VARIANTS.values(), ids=ATTACK_9_VARIANTS)
def test_attack_9_each_check_is_needed(chromium: Browser, variant: tuple[str, str, str]) -> None:
    with open_module_page(chromium, *variant) as page, pytest.raises(AssertionError):
        run_attack_9(page)


FRAMES = {
    "one more zero": lambda good: good + b"\0",
    "one fewer": lambda good: good[:-1],
    "a larger bucket": lambda good: good[:-40] + bytes(12288) + good[-40:],
    "another length": lambda good: good[:-1] + bytes([good[-1] ^ 1]),
    "a length beyond all": lambda good: good[:-8] + b"\xff" * 8,
    "a header beyond all": lambda good: good[:4] + b"\xff" * 4 + good[8:],
    "something in the zeros": lambda good: good[:3000] + b"x" + good[3001:],
    "another header": lambda good: good.replace(b'"turn":0', b'"turn":1'),
    "another beginning": lambda good: b"BKB2" + good[4:],
}


@pytest.mark.parametrize("touch", FRAMES.values(), ids=FRAMES)
def test_both_reject_malformed_frames(modules: Page, touch: Any) -> None:
    touched = touch(build_frame({"kind": "text", "turn": 0}, b"text", VOICE))
    with pytest.raises(CorruptData):
        parse_frame(touched, VOICE)
    result = call_modules(
        modules,
        """try { frame.parseFrame(frame.fromHex(touched), frame.fromHex(voice)); return "read"; }
        catch (error) { return error instanceof frame.CorruptData ? "broken" : String(error); }""",
        touched=touched.hex(),
        voice=VOICE.hex(),
    )
    assert result == "broken"


def test_python_decrypts_what_the_browser_encrypts(modules: Page) -> None:
    key = generate_report_key()
    expect: Header = {"kind": "message", "turn": 2, "place": 0, "files": 0, "from": "discloser"}
    result = call_modules(
        modules,
        """const b64 = (file) => btoa(String.fromCharCode(...file));
        const ring = {
          secret: key.secret, voice: frame.fromHex(voice), reader: "age1reader", excluded: ["o2"] };
        const nobody = await encryption.encryptKeyRing({ ...ring, excluded: ["o1", "o2"] }, commission)
          .catch((error) => error);
        const message = frame.encodeText("نعم");
        return { message: b64(await encryption.encryptPart(expect, message, ring.voice, [key.recipient])),
                 ring: b64(await encryption.encryptKeyRing(ring, commission)),
                 identity: b64(await encryption.encryptIdentity(who, ring.voice, key.recipient, commission)),
                 none: b64(await encryption.encryptIdentity({}, ring.voice, key.recipient, commission)),
                 anchor: frame.hex(encryption.computeAnchor(ring.voice, key.recipient)),
                 nobody: nobody instanceof encryption.NoRecipients };""",
        key=key._asdict(),
        voice=VOICE.hex(),
        commission=json.loads(COMMISSION.encode()),
        who={"name": "هند", "phone": "0790000000"},
        expect=dict(expect),
    )
    message, ring, identity, none = (
        base64.b64decode(result[name]) for name in ("message", "ring", "identity", "none")
    )
    assert decrypt_part(message, secret=key.secret, voice=VOICE, expect=expect).body.decode() == "نعم"
    assert decrypt_key_ring(ring, PEOPLE["o1"].secret) == KeyRing(key.secret, VOICE, "age1reader", ("o2",))
    assert decrypt_key_ring(ring, PEOPLE["escrow"].secret).secret == key.secret
    for stranger in ("o2", "c1", "c2"):
        with pytest.raises(CorruptData):
            decrypt_key_ring(ring, PEOPLE[stranger].secret)
    frame = decrypt_part(identity, secret=PEOPLE["c2"].secret, voice=VOICE, expect={"kind": "identity"})
    assert json.loads(frame.body) == {"name": "هند", "phone": "0790000000", "recipient": key.recipient}
    assert len(identity) == len(none)
    assert result["anchor"] == compute_anchor(VOICE, key.recipient).hex()
    assert result["nobody"]


def test_browser_decrypts_what_python_encrypts(modules: Page) -> None:
    key = generate_report_key()
    file, expected = create_challenge(PEOPLE["o1"].recipient)
    ring = encrypt_key_ring(KeyRing(key.secret, VOICE, "age1reader", ("o2",)), COMMISSION)
    result = call_modules(
        modules,
        """const open = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
        const found = await encryption.decryptKeyRing(open(ring), officer);
        const opened = await encryption.decryptIdentity(open(identity), custodian);
        const released = await encryption.encryptReleasedIdentity(opened);
        const expect = { kind: "identity", turn: 0, place: 0 };
        const piece = await encryption.decryptPart(released, found.secret, found.voice, expect);
        return { ring: { ...found, voice: frame.hex(found.voice) },
                 answer: await encryption.decryptConversation(open(answer), found.secret),
                 identity: encryption.parseIdentity(piece),
                 challenge: frame.hex(await encryption.answerChallenge(open(file), officer)),
                 oracle: await encryption.answerChallenge(open(ring), officer)
                   .catch((error) => error instanceof frame.CorruptData),
                 anchored: [encryption.isAnchorValid(found.voice, found_recipient, frame.fromHex(tag)),
                            encryption.isAnchorValid(found.voice, "age1other", frame.fromHex(tag))] };""",
        ring=b64(ring),
        officer=PEOPLE["o1"].secret,
        custodian=PEOPLE["c1"].secret,
        found_recipient=key.recipient,
        identity=b64(
            encrypt_identity({"name": "هند"}, voice=VOICE, recipient=key.recipient, manifest=COMMISSION)
        ),
        answer=b64(encrypt_conversation({"status": "received"}, key.recipient)),
        file=b64(file),
        tag=compute_anchor(VOICE, key.recipient).hex(),
    )
    assert result == {
        "ring": {"secret": key.secret, "voice": VOICE.hex(), "reader": "age1reader", "excluded": ["o2"]},
        "answer": {"status": "received"},
        "identity": {"name": "هند", "recipient": key.recipient},
        "challenge": expected.hex(),
        "oracle": True,
        "anchored": [True, False],
    }


def verify_in_browser(
    page: Page, body: bytes, signature: bytes, today: date, epoch: int, root: bytes = ROOT
) -> Any:
    return call_modules(
        page,
        """try { return manifest.verifyManifest(response, root, today).epoch; }
        catch (error) { return Object.keys(manifest).find((one) => error.constructor === manifest[one]); }""",
        response={
            "manifest": b64(body),
            "signature": b64(signature),
            "epoch": epoch,
        },
        root=root.hex(),
        today=today.isoformat(),
    )


def run_attack_3(modules: Page) -> None:
    good, today = sign_manifest(BODY, SEED), date(2026, 11, 27)
    swapped = BODY.replace(KEYS[1].encode(), KEYS[5].encode())
    fewer = changed(officers=json.loads(BODY)["officers"][:1])
    assert verify_in_browser(modules, BODY, good, today, 5) == 5
    assert verify_in_browser(modules, swapped, good, today, 5) == "BadSignature"
    assert verify_in_browser(modules, fewer, good, today, 5) == "BadSignature"
    assert verify_in_browser(modules, swapped, sign_manifest(swapped, STRANGER), today, 5) == "BadSignature"
    assert verify_in_browser(modules, BODY, good[:63], today, 5) == "BadSignature"
    assert verify_in_browser(modules, b"", b"", today, 5) == "MissingManifest"
    assert verify_in_browser(modules, BODY, good, today, 5, root=b"") == "MissingManifest"
    assert verify_in_browser(modules, BODY, good, today, 6) == "RolledBackManifest"
    assert verify_in_browser(modules, BODY, good, date(2027, 2, 1), 5) == "ExpiredManifest"
    assert verify_in_browser(modules, BODY, good, date(2026, 10, 31), 5) == "ExpiredManifest"


ATTACK_3_VARIANTS = {
    "signatures are not checked": (
        "crypto/manifest.js",
        "if (!isSignatureValid(",
        "if (false && !isSignatureValid(",
    ),
    "days are not checked": (
        "crypto/manifest.js",
        "if (!(body.issued <= day && day <= body.expires))",
        "if (false)",
    ),
    "epochs are not checked": ("crypto/manifest.js", "if (body.epoch < epoch)", "if (false)"),
    "a page without a root goes on": ("crypto/manifest.js", "|| !root) throw", ") throw"),
}


def test_attack_3_browser_rejects_tampered_manifests(modules: Page) -> None:
    run_attack_3(modules)


@pytest.mark.parametrize("variant", ATTACK_3_VARIANTS.values(), ids=ATTACK_3_VARIANTS)
def test_attack_3_each_check_is_needed_in_the_browser(
    chromium: Browser, variant: tuple[str, str, str]
) -> None:
    with open_module_page(chromium, *variant) as page, pytest.raises(AssertionError):
        run_attack_3(page)


@pytest.mark.parametrize("body", UNFIT.values(), ids=UNFIT)
def test_browser_rejects_invalid_signed_manifests(modules: Page, body: bytes) -> None:
    assert (
        verify_in_browser(modules, body, sign_manifest(body, SEED), date(2026, 11, 27), 0)
        == "InvalidManifest"
    )
