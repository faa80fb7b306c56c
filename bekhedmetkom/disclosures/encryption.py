"""What is sealed to whom, by age. The browser's half is `static/box/sealing.js`."""

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

NO_VOICE = bytes(32)  # of frames that the server itself makes: it shares no voice with anybody
_CHALLENGE = b"bekhedmetkom box challenge\n"
_SIGNING_KEY_INFO = b"bekhedmetkom box hand"
_KEY_RING: Header = {"kind": "ring", "turn": 0, "place": 0}
_IDENTITY: Header = {"kind": "identity", "turn": 0, "place": 0}
_CONVERSATION: Header = {"kind": "answer", "turn": 0, "place": 0}


class NoRecipients(Exception):
    """Every officer is excluded: then nobody could read it."""


class ReportKey(NamedTuple):
    """R, the key pair of one report."""

    secret: str
    recipient: str


class KeyRing(NamedTuple):
    """What each officer who may read a report finds in its key ring."""

    secret: str
    voice: bytes
    reader: str  # to whom answers are sealed, beside R; the database's own copy could have been exchanged
    excluded: tuple[str, ...] = ()


def generate_report_key() -> ReportKey:
    """A key pair that no report had before."""
    identity = pyrage.x25519.Identity.generate()
    return ReportKey(str(identity), str(identity.to_public()))


def generate_discarded_recipient() -> str:
    """A recipient whose secret nobody has."""
    return generate_report_key().recipient


def derive_signing_public_key(secret: str) -> str:
    """The public half of what somebody of the Commission signs with: it comes of their one key, by HKDF."""
    root = hmac.digest(bytes(32), decode_bech32(secret), "sha256")
    return bytes(SigningKey(hmac.digest(root, _SIGNING_KEY_INFO + b"\x01", "sha256")).verify_key).hex()


def encrypt(plain: bytes, to: Sequence[str]) -> bytes:
    """An age file for these recipients."""
    return bytes(pyrage.encrypt(plain, [pyrage.x25519.Recipient.from_str(one) for one in to]))


def decrypt(file: bytes, secret: str) -> bytes:
    """What an age file holds: all of it, or `Broken`."""
    try:
        return bytes(pyrage.decrypt(file, [pyrage.x25519.Identity.from_str(secret)]))
    except pyrage.DecryptError as error:
        raise CorruptData from error


def encrypt_part(header: Header, body: bytes, *, voice: bytes, to: Sequence[str]) -> bytes:
    """A framed and encrypted piece of a report."""
    return encrypt(build_frame(header, body, voice), to)


def decrypt_part(file: bytes, *, secret: str, voice: bytes | None, expect: Header) -> Frame:
    """A piece of a report, if it is whole, by whom it must be, and the one that belongs here; else `Broken`."""
    piece = parse_frame(decrypt(file, secret), voice)
    if any(piece.header.get(name) != value for name, value in expect.items()):
        raise CorruptData
    return piece


def encrypt_key_ring(ring: KeyRing, manifest: Manifest) -> bytes:
    """The key ring of a report, for the officers of a manifest and the escrow.

    Who is excluded gets no stanza; somebody without a name gets one in their place, so that it does not show.
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
        generate_discarded_recipient() if one.id in ring.excluded else one.recipient
        for one in manifest.officers
    ]
    return _encrypt_small_frame(_KEY_RING, encode_canonical_json(body), ring.voice, [*to, manifest.escrow])


def decrypt_key_ring(file: bytes, secret: str) -> KeyRing:
    """The ring, if this officer (or the escrow) is on it; else `Broken`."""
    frame = decrypt(file, secret)
    said = _parse_body(parse_frame(frame, None), _KEY_RING)
    try:
        ring = KeyRing(said["secret"], bytes.fromhex(said["voice"]), said["reader"], tuple(said["excluded"]))
    except (KeyError, TypeError, ValueError) as error:
        raise CorruptData from error
    parse_frame(frame, ring.voice)
    return ring


def encrypt_identity(
    identity: Mapping[str, str], *, voice: bytes, recipient: str, manifest: Manifest
) -> bytes:
    """Who the discloser is, for the custodians only; of one size, also when they said nothing (`{}`).

    R's `recipient` is in it: a custodian who lets it go seals it to that key, not to one that the database names.
    """
    to = [custodian.recipient for custodian in manifest.custodians]
    return _encrypt_small_frame(
        _IDENTITY, encode_canonical_json({**identity, "recipient": recipient}), voice, to
    )


def encrypt_conversation(payload: Mapping[str, Any], reader: str) -> bytes:
    """What the server answers to whoever asks with a look-up id; only the reader's identity opens it."""
    return encrypt_part(_CONVERSATION, encode_canonical_json(dict(payload)), voice=NO_VOICE, to=[reader])


def decrypt_conversation(file: bytes, reader: str) -> dict[str, Any]:
    """The server's answer, or `Broken`."""
    return _parse_body(parse_frame(decrypt(file, reader), NO_VOICE), _CONVERSATION)


def compute_anchor(voice: bytes, recipient: str) -> bytes:
    """The discloser's mark on the report's public key: on their return they seal to no other."""
    return hmac.digest(voice, b"bekhedmetkom box anchor\n" + recipient.encode(), "sha256")


def is_anchor_valid(voice: bytes, recipient: str, tag: bytes) -> bool:
    """Whether this public key is the one that the discloser made."""
    return hmac.compare_digest(compute_anchor(voice, recipient), tag)


def create_challenge(recipient: str) -> tuple[bytes, bytes]:
    """Something that only one person can read, and what they answer when they have read it.

    They answer a hash of it and look for its first line, so that nobody can have other things read by asking.
    """
    plain = _CHALLENGE + secrets.token_bytes(32)
    return encrypt(plain, [recipient]), hashlib.sha256(plain).digest()


def answer_challenge(file: bytes, secret: str) -> bytes:
    """The answer to a challenge; `Broken` for anything that is none."""
    plain = decrypt(file, secret)
    if not plain.startswith(_CHALLENGE) or len(plain) != len(_CHALLENGE) + 32:
        raise CorruptData
    return hashlib.sha256(plain).digest()


def _encrypt_small_frame(header: Header, body: bytes, voice: bytes, to: Sequence[str]) -> bytes:
    frame = build_frame(header, body, voice)
    if len(frame) != BUCKETS[0]:
        raise TooLarge
    return encrypt(frame, to)


def _parse_body(piece: Frame, expect: Header) -> dict[str, Any]:
    if piece.header != expect:
        raise CorruptData
    try:
        said = json.loads(piece.body)
    except ValueError as error:
        raise CorruptData from error
    if not isinstance(said, dict):
        raise CorruptData
    return said


class StreamEncryptor:
    """Seals one piece while it comes in: nothing of it is ever whole, or plain, in one place.

    age pulls what it encrypts, an upload pushes: a thread stands between them, at most a few chunks ahead.
    """

    def __init__(self, header: Header, *, voice: bytes, to: Sequence[str], out: BinaryIO) -> None:
        self._frame_writer = FrameWriter(header, voice)
        self._chunks: queue.Queue[bytes | None] = queue.Queue(maxsize=2)
        self._unread, self._ended = b"", False
        self._failed: BaseException | None = None
        self._aborted = False
        recipients = [pyrage.x25519.Recipient.from_str(one) for one in to]
        self._thread = threading.Thread(target=self._run, args=(out, recipients), daemon=True)
        self._thread.start()
        self._put(self._frame_writer.header_bytes)

    def write(self, chunk: bytes) -> None:
        """The next bytes of the body. Raises `TooLarge` past the largest."""
        self._put(self._frame_writer.add_chunk(chunk))

    def close(self) -> int:
        """Ends the frame and waits until all is written; how many bytes the body had."""
        for piece in self._frame_writer.finish():
            self._put(piece)
        self._finish()
        if self._failed:
            raise self._failed
        return self._frame_writer.body_length

    def abort(self) -> None:
        """Stops halfway: what `out` holds by then opens for nobody."""
        self._aborted = True
        self._finish()

    def _put(self, piece: bytes) -> None:
        if piece and not self._failed:
            self._chunks.put(piece)

    def _finish(self) -> None:
        self._chunks.put(None)
        self._thread.join()

    def _run(self, out: BinaryIO, recipients: list[pyrage.x25519.Recipient]) -> None:
        try:
            pyrage.encrypt_io(cast(BinaryIO, self), out, recipients)
        except BaseException as error:  # carried over to whoever writes; they raise it
            self._failed = error
        while not self._ended:  # it failed: nobody who writes may wait for it
            self._ended = self._chunks.get() is None

    def read(self, size: int) -> bytes:
        """For age: the next bytes, nothing at the end."""
        if not self._unread and not self._ended:
            self._unread = self._chunks.get() or b""
            self._ended = not self._unread
        if self._aborted:
            raise CorruptData
        piece, self._unread = self._unread[:size], self._unread[size:]
        return piece
