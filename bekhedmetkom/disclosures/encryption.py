"""Encryption to age recipients. The browser's half is `static/box/crypto/encryption.js`."""

import hashlib
import hmac
import json
import queue
import secrets
import threading
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO, NamedTuple, cast

import pyrage
from nacl.signing import SigningKey

from bekhedmetkom.kernel.canonical_json import encode_canonical_json

from .rules.bech32 import decode_bech32
from .rules.frame import BUCKETS, CorruptData, Frame, FrameWriter, Header, TooLarge, build_frame, parse_frame
from .rules.manifest import Manifest

NO_VOICE = bytes(32)  # MAC key of frames that the server makes
_CHALLENGE = b"bekhedmetkom box challenge\n"
_SIGNING_KEY_INFO = b"bekhedmetkom box hand"
_KEY_RING: Header = {"kind": "ring", "turn": 0, "place": 0}
_IDENTITY: Header = {"kind": "identity", "turn": 0, "place": 0}
_CONVERSATION: Header = {"kind": "answer", "turn": 0, "place": 0}


class NoRecipients(Exception):
    """Every officer is excluded, so nobody could read the report."""


class ReportKey(NamedTuple):
    """R, the key pair of one report."""

    secret: str
    recipient: str


class KeyRing(NamedTuple):
    """What each officer who may read a report finds in its key ring."""

    secret: str
    voice: bytes
    reader: str  # second recipient of messages; the database's copy could have been replaced
    excluded: tuple[str, ...] = ()


def generate_report_key() -> ReportKey:
    """Return a new key pair."""
    identity = pyrage.x25519.Identity.generate()
    return ReportKey(str(identity), str(identity.to_public()))


def generate_discarded_recipient() -> str:
    """Return a recipient whose private key is discarded."""
    return generate_report_key().recipient


def derive_signing_public_key(secret: str) -> str:
    """Return the signing public key that HKDF derives from a Commission member's private key."""
    root = hmac.digest(bytes(32), decode_bech32(secret), "sha256")
    return bytes(SigningKey(hmac.digest(root, _SIGNING_KEY_INFO + b"\x01", "sha256")).verify_key).hex()


def encrypt(plain: bytes, to: Sequence[str]) -> bytes:
    """Return an age file for these recipients."""
    return bytes(pyrage.encrypt(plain, [pyrage.x25519.Recipient.from_str(recipient) for recipient in to]))


def decrypt(file: bytes, secret: str) -> bytes:
    """Return the content of an age file. Raises `CorruptData`."""
    try:
        return bytes(pyrage.decrypt(file, [pyrage.x25519.Identity.from_str(secret)]))
    except pyrage.DecryptError as error:
        raise CorruptData from error


def encrypt_part(header: Header, body: bytes, *, voice: bytes, to: Sequence[str]) -> bytes:
    """Return a framed and encrypted part of a report."""
    return encrypt(build_frame(header, body, voice), to)


def decrypt_part(file: bytes, *, secret: str, voice: bytes | None, expect: Header) -> Frame:
    """Decrypt a part and check its MAC and that its header contains `expect`. Raises `CorruptData`."""
    frame = parse_frame(decrypt(file, secret), voice)
    if any(frame.header.get(name) != value for name, value in expect.items()):
        raise CorruptData
    return frame


def encrypt_key_ring(ring: KeyRing, manifest: Manifest) -> bytes:
    """Encrypt a report's key ring to a manifest's officers and the escrow. Raises `NoRecipients`.

    A discarded recipient takes the place of each excluded officer, so that the exclusion does not show.
    """
    if all(officer.id in ring.excluded for officer in manifest.officers):
        raise NoRecipients
    body = {
        "secret": ring.secret,
        "voice": ring.voice.hex(),
        "reader": ring.reader,
        "excluded": sorted(ring.excluded),
    }
    to = [
        generate_discarded_recipient() if officer.id in ring.excluded else officer.recipient
        for officer in manifest.officers
    ]
    return _encrypt_small_frame(_KEY_RING, encode_canonical_json(body), ring.voice, [*to, manifest.escrow])


def decrypt_key_ring(file: bytes, secret: str) -> KeyRing:
    """Return the key ring, with an officer's or the escrow's private key. Raises `CorruptData`."""
    frame = decrypt(file, secret)
    body = _parse_body(parse_frame(frame, None), _KEY_RING)
    try:
        ring = KeyRing(body["secret"], bytes.fromhex(body["voice"]), body["reader"], tuple(body["excluded"]))
    except (KeyError, TypeError, ValueError) as error:
        raise CorruptData from error
    parse_frame(frame, ring.voice)
    return ring


def encrypt_identity(
    identity: Mapping[str, str], *, voice: bytes, recipient: str, manifest: Manifest
) -> bytes:
    """Encrypt the discloser's identity to the custodians; an empty identity has the same size.

    It contains R's `recipient`: a custodian who releases it encrypts to that key, not to one from the database.
    """
    to = [custodian.recipient for custodian in manifest.custodians]
    return _encrypt_small_frame(
        _IDENTITY, encode_canonical_json({**identity, "recipient": recipient}), voice, to
    )


def encrypt_conversation(payload: Mapping[str, Any], reader: str) -> bytes:
    """Encrypt the server's response to a look-up id; only the reader's identity decrypts it."""
    return encrypt_part(_CONVERSATION, encode_canonical_json(dict(payload)), voice=NO_VOICE, to=[reader])


def decrypt_conversation(file: bytes, reader: str) -> dict[str, Any]:
    """Return the server's response. Raises `CorruptData`."""
    return _parse_body(parse_frame(decrypt(file, reader), NO_VOICE), _CONVERSATION)


def compute_anchor(voice: bytes, recipient: str) -> bytes:
    """Return the discloser's MAC over the report's public key, which binds later messages to it."""
    return hmac.digest(voice, b"bekhedmetkom box anchor\n" + recipient.encode(), "sha256")


def is_anchor_valid(voice: bytes, recipient: str, tag: bytes) -> bool:
    """Return whether this public key is the one that the discloser generated."""
    return hmac.compare_digest(compute_anchor(voice, recipient), tag)


def create_challenge(recipient: str) -> tuple[bytes, bytes]:
    """Return a challenge that only the recipient can decrypt, and the expected answer.

    The answer is a hash and the plaintext starts with a fixed line: a challenge is no decryption oracle.
    """
    plain = _CHALLENGE + secrets.token_bytes(32)
    return encrypt(plain, [recipient]), hashlib.sha256(plain).digest()


def answer_challenge(file: bytes, secret: str) -> bytes:
    """Return the answer to a challenge. Raises `CorruptData` for any other file."""
    plain = decrypt(file, secret)
    if not plain.startswith(_CHALLENGE) or len(plain) != len(_CHALLENGE) + 32:
        raise CorruptData
    return hashlib.sha256(plain).digest()


def _encrypt_small_frame(header: Header, body: bytes, voice: bytes, to: Sequence[str]) -> bytes:
    frame = build_frame(header, body, voice)
    if len(frame) != BUCKETS[0]:
        raise TooLarge
    return encrypt(frame, to)


def _parse_body(frame: Frame, expect: Header) -> dict[str, Any]:
    if frame.header != expect:
        raise CorruptData
    try:
        body = json.loads(frame.body)
    except ValueError as error:
        raise CorruptData from error
    if not isinstance(body, dict):
        raise CorruptData
    return body


class StreamEncryptor:
    """Encrypts one part while it is received, so that it is never held whole or in plain text.

    age pulls its input and an upload pushes it: a thread with a queue of two chunks connects them.
    """

    def __init__(self, header: Header, *, voice: bytes, to: Sequence[str], out: BinaryIO) -> None:
        self._frame_writer = FrameWriter(header, voice)
        self._chunks: queue.Queue[bytes | None] = queue.Queue(maxsize=2)
        self._unread, self._ended = b"", False
        self._failed: BaseException | None = None
        self._aborted = False
        recipients = [pyrage.x25519.Recipient.from_str(recipient) for recipient in to]
        self._thread = threading.Thread(target=self._run, args=(out, recipients), daemon=True)
        self._thread.start()
        self._put(self._frame_writer.header_bytes)

    def write(self, chunk: bytes) -> None:
        """Add the next bytes of the body. Raises `TooLarge` beyond the largest frame."""
        self._put(self._frame_writer.add_chunk(chunk))

    def close(self) -> int:
        """Finish the frame, wait until everything is written and return the body's length."""
        for chunk in self._frame_writer.finish():
            self._put(chunk)
        self._finish()
        if self._failed:
            raise self._failed
        return self._frame_writer.body_length

    def abort(self) -> None:
        """Stop before the end: what was written so far cannot be decrypted."""
        self._aborted = True
        self._finish()

    def _put(self, chunk: bytes) -> None:
        if chunk and not self._failed:
            self._chunks.put(chunk)

    def _finish(self) -> None:
        self._chunks.put(None)
        self._thread.join()

    def _run(self, out: BinaryIO, recipients: list[pyrage.x25519.Recipient]) -> None:
        try:
            pyrage.encrypt_io(cast(BinaryIO, self), out, recipients)
        except BaseException as error:  # raised in the writing thread by close
            self._failed = error
        while not self._ended:  # after a failure: keep the writing thread from blocking
            self._ended = self._chunks.get() is None

    def read(self, size: int) -> bytes:
        """Return the next bytes for age, or nothing at the end."""
        if not self._unread and not self._ended:
            self._unread = self._chunks.get() or b""
            self._ended = not self._unread
        if self._aborted:
            raise CorruptData
        chunk, self._unread = self._unread[:size], self._unread[size:]
        return chunk
