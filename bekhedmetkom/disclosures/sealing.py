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

from bekhedmetkom.kernel.canonical import canonical

from .rules.bech32 import decoded
from .rules.manifest import Manifest
from .rules.padding import BUCKETS, Broken, Framed, Framing, Header, TooLarge, framed, unframed

NO_VOICE = bytes(32)  # of frames that the server itself makes: it shares no voice with anybody
_CHALLENGE = b"bekhedmetkom box challenge\n"
_HAND = b"bekhedmetkom box hand"
_RING: Header = {"kind": "ring", "turn": 0, "place": 0}
_IDENTITY: Header = {"kind": "identity", "turn": 0, "place": 0}
_ANSWER: Header = {"kind": "answer", "turn": 0, "place": 0}


class NobodyLeft(Exception):
    """Every officer is excluded: then nobody could read it."""


class ReportKey(NamedTuple):
    """R, the key pair of one report."""

    secret: str
    recipient: str


class Ring(NamedTuple):
    """What each officer who may read a report finds in its key ring."""

    secret: str
    voice: bytes
    reader: str  # to whom answers are sealed, beside R; the database's own copy could have been exchanged
    excluded: tuple[str, ...] = ()


def new_report_key() -> ReportKey:
    """A key pair that no report had before."""
    identity = pyrage.x25519.Identity.generate()
    return ReportKey(str(identity), str(identity.to_public()))


def throw_away() -> str:
    """A recipient whose secret nobody has."""
    return new_report_key().recipient


def signs_of(secret: str) -> str:
    """The public half of what somebody of the Commission signs with: it comes of their one key, by HKDF."""
    root = hmac.digest(bytes(32), decoded(secret), "sha256")
    return bytes(SigningKey(hmac.digest(root, _HAND + b"\x01", "sha256")).verify_key).hex()


def encrypted(plain: bytes, to: Sequence[str]) -> bytes:
    """An age file for these recipients."""
    return bytes(pyrage.encrypt(plain, [pyrage.x25519.Recipient.from_str(one) for one in to]))


def decrypted(file: bytes, secret: str) -> bytes:
    """What an age file holds: all of it, or `Broken`."""
    try:
        return bytes(pyrage.decrypt(file, [pyrage.x25519.Identity.from_str(secret)]))
    except pyrage.DecryptError as error:
        raise Broken from error


def sealed(header: Header, body: bytes, *, voice: bytes, to: Sequence[str]) -> bytes:
    """A framed and encrypted piece of a report."""
    return encrypted(framed(header, body, voice), to)


def opened(file: bytes, *, secret: str, voice: bytes | None, expect: Header) -> Framed:
    """A piece of a report, if it is whole, by whom it must be, and the one that belongs here; else `Broken`."""
    piece = unframed(decrypted(file, secret), voice)
    if any(piece.header.get(name) != value for name, value in expect.items()):
        raise Broken
    return piece


def sealed_ring(ring: Ring, manifest: Manifest) -> bytes:
    """The key ring of a report, for the officers of a manifest and the escrow.

    Who is excluded gets no stanza; somebody without a name gets one in their place, so that it does not show.
    """
    if all(officer.id in ring.excluded for officer in manifest.officers):
        raise NobodyLeft
    body = {
        "secret": ring.secret,
        "voice": ring.voice.hex(),
        "reader": ring.reader,
        "excluded": sorted(ring.excluded),
    }
    to = [throw_away() if one.id in ring.excluded else one.recipient for one in manifest.officers]
    return _small(_RING, canonical(body), ring.voice, [*to, manifest.escrow])


def opened_ring(file: bytes, secret: str) -> Ring:
    """The ring, if this officer (or the escrow) is on it; else `Broken`."""
    frame = decrypted(file, secret)
    said = _said(unframed(frame, None), _RING)
    try:
        ring = Ring(said["secret"], bytes.fromhex(said["voice"]), said["reader"], tuple(said["excluded"]))
    except (KeyError, TypeError, ValueError) as error:
        raise Broken from error
    unframed(frame, ring.voice)
    return ring


def sealed_identity(
    identity: Mapping[str, str], *, voice: bytes, recipient: str, manifest: Manifest
) -> bytes:
    """Who the discloser is, for the custodians only; of one size, also when they said nothing (`{}`).

    R's `recipient` is in it: a custodian who lets it go seals it to that key, not to one that the database names.
    """
    to = [custodian.recipient for custodian in manifest.custodians]
    return _small(_IDENTITY, canonical({**identity, "recipient": recipient}), voice, to)


def sealed_answer(payload: Mapping[str, Any], reader: str) -> bytes:
    """What the server answers to whoever asks with a look-up id; only the reader's identity opens it."""
    return sealed(_ANSWER, canonical(dict(payload)), voice=NO_VOICE, to=[reader])


def opened_answer(file: bytes, reader: str) -> dict[str, Any]:
    """The server's answer, or `Broken`."""
    return _said(unframed(decrypted(file, reader), NO_VOICE), _ANSWER)


def anchor(voice: bytes, recipient: str) -> bytes:
    """The discloser's mark on the report's public key: on their return they seal to no other."""
    return hmac.digest(voice, b"bekhedmetkom box anchor\n" + recipient.encode(), "sha256")


def anchored(voice: bytes, recipient: str, tag: bytes) -> bool:
    """Whether this public key is the one that the discloser made."""
    return hmac.compare_digest(anchor(voice, recipient), tag)


def challenge(recipient: str) -> tuple[bytes, bytes]:
    """Something that only one person can read, and what they answer when they have read it.

    They answer a hash of it and look for its first line, so that nobody can have other things read by asking.
    """
    plain = _CHALLENGE + secrets.token_bytes(32)
    return encrypted(plain, [recipient]), hashlib.sha256(plain).digest()


def answered(file: bytes, secret: str) -> bytes:
    """The answer to a challenge; `Broken` for anything that is none."""
    plain = decrypted(file, secret)
    if not plain.startswith(_CHALLENGE) or len(plain) != len(_CHALLENGE) + 32:
        raise Broken
    return hashlib.sha256(plain).digest()


def _small(header: Header, body: bytes, voice: bytes, to: Sequence[str]) -> bytes:
    frame = framed(header, body, voice)
    if len(frame) != BUCKETS[0]:
        raise TooLarge
    return encrypted(frame, to)


def _said(piece: Framed, expect: Header) -> dict[str, Any]:
    if piece.header != expect:
        raise Broken
    try:
        said = json.loads(piece.body)
    except ValueError as error:
        raise Broken from error
    if not isinstance(said, dict):
        raise Broken
    return said


class Sealer:
    """Seals one piece while it comes in: nothing of it is ever whole, or plain, in one place.

    age pulls what it encrypts, an upload pushes: a thread stands between them, at most a few chunks ahead.
    """

    def __init__(self, header: Header, *, voice: bytes, to: Sequence[str], out: BinaryIO) -> None:
        self._framing = Framing(header, voice)
        self._chunks: queue.Queue[bytes | None] = queue.Queue(maxsize=2)
        self._left, self._ended = b"", False
        self._failed: BaseException | None = None
        self._abandoned = False
        recipients = [pyrage.x25519.Recipient.from_str(one) for one in to]
        self._thread = threading.Thread(target=self._run, args=(out, recipients), daemon=True)
        self._thread.start()
        self._put(self._framing.start)

    def write(self, chunk: bytes) -> None:
        """The next bytes of the body. Raises `TooLarge` past the largest."""
        self._put(self._framing.part(chunk))

    def close(self) -> int:
        """Ends the frame and waits until all is written; how many bytes the body had."""
        for piece in self._framing.end():
            self._put(piece)
        self._finish()
        if self._failed:
            raise self._failed
        return self._framing.body_length

    def abandon(self) -> None:
        """Stops halfway: what `out` holds by then opens for nobody."""
        self._abandoned = True
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
        if not self._left and not self._ended:
            self._left = self._chunks.get() or b""
            self._ended = not self._left
        if self._abandoned:
            raise Broken
        piece, self._left = self._left[:size], self._left[size:]
        return piece
