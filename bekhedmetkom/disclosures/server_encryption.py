"""Server-side encryption of a report or message and its files while they are received, without JavaScript.

Plain text stays in memory for the duration of one request. Parts of an incomplete turn are deleted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self, cast

from . import commands, current_manifest, encryption, outer_keys, part_storage
from .encryption import KeyRing, StreamEncryptor
from .reports import get_report
from .rules.frame import Header, TooLarge
from .rules.manifest import Manifest
from .rules.receipts import ReceiptKeys
from .rules.report_state import Part


class ReportKeyMismatch(Exception):
    """The report's public key is not the discloser's: nothing is encrypted to it."""


class EncryptedAttachment:
    """A file that is encrypted while it is received."""

    def __init__(self, encrypted_turn: "EncryptedTurn", name: str, media_type: str):
        header: Header = {
            "kind": "file",
            "turn": encrypted_turn.turn,
            "place": len(encrypted_turn.files) + 1,
            "name": name,
            "type": media_type,
        }
        self._encrypted_turn = encrypted_turn
        self._writer = part_storage.PartWriter(encrypted_turn.outer_key, encrypted_turn.today)
        self._encryptor = StreamEncryptor(
            header, voice=encrypted_turn.voice, to=[encrypted_turn.recipient], out=cast(Any, self._writer)
        )
        self.is_accepted = True

    def write(self, chunk: bytes) -> None:
        """Add the next bytes. Bytes of a file that is too large are ignored."""
        if self.is_accepted:
            try:
                self._encryptor.write(chunk)
            except TooLarge:
                self.discard()

    def close(self) -> None:
        """Finish the file."""
        if self.is_accepted:
            self._encryptor.close()
            self._encrypted_turn.files.append(self._writer.finish())

    def discard(self) -> None:
        """Stop and delete what was stored."""
        self.is_accepted = False
        self._encryptor.abort()
        part_storage.delete_parts([self._writer.id])


@dataclass(slots=True)
class EncryptedTurn:
    """One turn of one report: all of it encrypted to `recipient` and with the report's outer key."""

    turn: int
    voice: bytes
    recipient: str
    outer_key: bytes
    today: date
    report_secret: str = ""  # private key of a new report, for its key ring
    files: list[Part] = field(default_factory=list)

    @classmethod
    def for_new_report(cls, voice: bytes, today: date) -> Self:
        """Start a new report with new keys."""
        report = encryption.generate_report_key()
        return cls(0, voice, report.recipient, outer_keys.generate_key(), today, report_secret=report.secret)

    @classmethod
    def for_message(cls, lookup: bytes, voice: bytes, today: date) -> Self:
        """Start the next turn of a report. Raises `NoSuchReport`, `ReportKeyMismatch`, `ManifestError`."""
        current_manifest.get_current_manifest(today)
        unwrapped = get_report(lookup=lookup)
        report = unwrapped.report
        if not encryption.is_anchor_valid(voice, report.recipient, bytes(report.anchor)):
            raise ReportKeyMismatch
        return cls(len(unwrapped.state.turns), voice, report.recipient, unwrapped.outer_key, today)

    def add_attachment(self, name: str, media_type: str) -> EncryptedAttachment:
        """Return a new attachment, to be written in chunks."""
        return EncryptedAttachment(self, name, media_type)

    def submit_report(
        self,
        text: str,
        *,
        keys: ReceiptKeys,
        identity: Mapping[str, str],
        excluded: Sequence[str],
        manifest: Manifest,
    ) -> None:
        """Encrypt the text and submit the report. Raises what `commands.submit_report` raises."""
        key_ring = encryption.encrypt_key_ring(
            KeyRing(self.report_secret, self.voice, keys.recipient, tuple(excluded)), manifest
        )
        part = self._store_text({"kind": "text"}, text)
        try:
            report = commands.EncryptedReport(
                lookup_id=keys.lookup_id,
                reader=keys.recipient,
                recipient=self.recipient,
                anchor=encryption.compute_anchor(self.voice, self.recipient),
                key_ring=key_ring,
                identity=encryption.encrypt_identity(
                    identity, voice=self.voice, recipient=self.recipient, manifest=manifest
                ),
                epoch=manifest.epoch,
                parts=[part, *self.files],
                excluded_officers=excluded,
            )
            commands.submit_report(report, key=self.outer_key, today=self.today)
        except BaseException:
            part_storage.delete_parts([part.id])
            raise
        self.files = []

    def send_message(self, text: str, *, lookup: bytes, turn: int) -> None:
        """Encrypt and send the message. `turn` is the form's. Raises what `send_discloser_message` raises."""
        if turn != self.turn:
            raise commands.TurnConflict(self.turn)
        part = self._store_text({"kind": "message", "from": "discloser"}, text)
        try:
            commands.send_discloser_message(
                lookup, turn=self.turn, parts=[part, *self.files], today=self.today
            )
        except BaseException:
            part_storage.delete_parts([part.id])
            raise
        self.files = []

    def discard(self) -> None:
        """Delete the files of a turn that was not sent."""
        part_storage.delete_parts(part.id for part in self.files)
        self.files = []

    def _store_text(self, header: Mapping[str, str], text: str) -> Part:
        full_header = dict(header) | {"turn": self.turn, "place": 0, "files": len(self.files)}
        ciphertext = encryption.encrypt_part(
            full_header, text.encode(), voice=self.voice, to=[self.recipient]
        )
        return part_storage.store_part(ciphertext, self.outer_key, self.today)
