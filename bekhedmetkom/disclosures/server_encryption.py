"""What the server seals for somebody without JavaScript: a report or an answer, with its files, while it comes in.

Plain words are here for as long as one request takes. Whatever is written before it is whole is dropped if it does not
become so.
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
    """The report's public key is not the one that its discloser made: nothing is sealed to it."""


class EncryptedAttachment:
    """A file on its way in."""

    def __init__(self, envelope: "EncryptedTurn", name: str, media_type: str):
        header: Header = {
            "kind": "file", "turn": envelope.turn, "place": len(envelope.files) + 1, "name": name, "type": media_type,
        }  # fmt: skip
        self._envelope, self._out = envelope, part_storage.PartWriter(envelope.key, envelope.today)
        self._sealer = StreamEncryptor(
            header, voice=envelope.voice, to=[envelope.recipient], out=cast(Any, self._out)
        )
        self.fits = True

    def write(self, chunk: bytes) -> None:
        """The next bytes. What is more than a file may have is read past."""
        if self.fits:
            try:
                self._sealer.write(chunk)
            except TooLarge:
                self.drop()

    def close(self) -> None:
        """It is whole."""
        if self.fits:
            self._sealer.close()
            self._envelope.files.append(self._out.part())

    def drop(self) -> None:
        """It never came."""
        self.fits = False
        self._sealer.abandon()
        part_storage.delete_parts([self._out.id])


@dataclass(slots=True)
class EncryptedTurn:
    """One turn of one report: everything in it is sealed to `recipient`, and closed with the report's outer key."""

    turn: int
    voice: bytes
    recipient: str
    key: bytes
    today: date
    secret: str = ""  # of a new report: R's, for its ring
    files: list[Part] = field(default_factory=list)

    @classmethod
    def of_a_report(cls, voice: bytes, today: date) -> Self:
        """A new one, with keys of its own."""
        report = encryption.generate_report_key()
        return cls(0, voice, report.recipient, outer_keys.generate_key(), today, secret=report.secret)

    @classmethod
    def of_an_answer(cls, lookup: bytes, voice: bytes, today: date) -> Self:
        """The next turn of what these words open. Raises `NoSuchReport`, `KeyChanged`, `manifest.Refused`."""
        current_manifest.get_current_manifest(today)
        found = get_report(lookup=lookup)
        report = found.report
        if not encryption.is_anchor_valid(voice, report.recipient, bytes(report.anchor)):
            raise ReportKeyMismatch
        return cls(len(found.state.turns), voice, report.recipient, found.key, today)

    def attach(self, name: str, media_type: str) -> EncryptedAttachment:
        """A file of it, to be written piece by piece."""
        return EncryptedAttachment(self, name, media_type)

    def send_report(
        self,
        text: str,
        *,
        keys: ReceiptKeys,
        identity: Mapping[str, str],
        excluded: Sequence[str],
        manifest: Manifest,
    ) -> None:
        """Raises what `take_in` does."""
        ring = encryption.encrypt_key_ring(
            KeyRing(self.secret, self.voice, keys.recipient, tuple(excluded)), manifest
        )
        part = self._text({"kind": "text"}, text)
        try:
            report = commands.EncryptedReport(
                lookup=keys.lookup,
                reader=keys.recipient,
                recipient=self.recipient,
                anchor=encryption.compute_anchor(self.voice, self.recipient),
                ring=ring,
                identity=encryption.encrypt_identity(
                    identity, voice=self.voice, recipient=self.recipient, manifest=manifest
                ),
                epoch=manifest.epoch,
                parts=[part, *self.files],
                excluded=excluded,
            )
            commands.submit_report(report, key=self.key, today=self.today)
        except BaseException:
            part_storage.delete_parts([part.id])
            raise
        self.files = []

    def send_answer(self, text: str, *, lookup: bytes, turn: int) -> None:
        """Raises what `discloser_writes` does; `turn` is the one that the page was made for."""
        if turn != self.turn:
            raise commands.TurnConflict(self.turn)
        part = self._text({"kind": "message", "from": "discloser"}, text)
        try:
            commands.send_discloser_message(
                lookup, turn=self.turn, parts=[part, *self.files], today=self.today
            )
        except BaseException:
            part_storage.delete_parts([part.id])
            raise
        self.files = []

    def drop(self) -> None:
        """What was not sent is not kept."""
        part_storage.delete_parts(part.id for part in self.files)
        self.files = []

    def _text(self, header: Mapping[str, str], text: str) -> Part:
        said = dict(header) | {"turn": self.turn, "place": 0, "files": len(self.files)}
        shut = encryption.encrypt_part(said, text.encode(), voice=self.voice, to=[self.recipient])
        return part_storage.store_part(shut, self.key, self.today)
