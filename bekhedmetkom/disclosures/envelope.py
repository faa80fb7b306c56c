"""What the server seals for somebody without JavaScript: a report or an answer, with its files, while it comes in.

Plain words are here for as long as one request takes. Whatever is written before it is whole is dropped if it does not
become so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self, cast

from . import chain, commands, keeping, outer, sealing
from .rules.manifest import Manifest
from .rules.padding import Header, TooLarge
from .rules.receipts import Keys
from .rules.state import Part
from .sealing import Ring, Sealer
from .standing import the_one


class KeyChanged(Exception):
    """The report's public key is not the one that its discloser made: nothing is sealed to it."""


class Attachment:
    """A file on its way in."""

    def __init__(self, envelope: "Envelope", name: str, media_type: str):
        header: Header = {
            "kind": "file", "turn": envelope.turn, "place": len(envelope.files) + 1, "name": name, "type": media_type,
        }  # fmt: skip
        self._envelope, self._out = envelope, keeping.PartFile(envelope.key, envelope.today)
        self._sealer = Sealer(header, voice=envelope.voice, to=[envelope.recipient], out=cast(Any, self._out))
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
        keeping.drop([self._out.id])


@dataclass(slots=True)
class Envelope:
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
        report = sealing.new_report_key()
        return cls(0, voice, report.recipient, outer.fresh(), today, secret=report.secret)

    @classmethod
    def of_an_answer(cls, lookup: bytes, voice: bytes, today: date) -> Self:
        """The next turn of what these words open. Raises `NoSuchReport`, `KeyChanged`, `manifest.Refused`."""
        chain.current(today)
        found = the_one(lookup=lookup)
        report = found.report
        if not sealing.anchored(voice, report.recipient, bytes(report.anchor)):
            raise KeyChanged
        return cls(len(found.state.turns), voice, report.recipient, found.key, today)

    def attach(self, name: str, media_type: str) -> Attachment:
        """A file of it, to be written piece by piece."""
        return Attachment(self, name, media_type)

    def send_report(
        self,
        text: str,
        *,
        keys: Keys,
        identity: Mapping[str, str],
        excluded: Sequence[str],
        manifest: Manifest,
    ) -> None:
        """Raises what `take_in` does."""
        ring = sealing.sealed_ring(Ring(self.secret, self.voice, keys.recipient, tuple(excluded)), manifest)
        part = self._text({"kind": "text"}, text)
        try:
            report = commands.Sealed(
                lookup=keys.lookup,
                reader=keys.recipient,
                recipient=self.recipient,
                anchor=sealing.anchor(self.voice, self.recipient),
                ring=ring,
                identity=sealing.sealed_identity(
                    identity, voice=self.voice, recipient=self.recipient, manifest=manifest
                ),
                epoch=manifest.epoch,
                parts=[part, *self.files],
                excluded=excluded,
            )
            commands.take_in(report, key=self.key, today=self.today)
        except BaseException:
            keeping.drop([part.id])
            raise
        self.files = []

    def send_answer(self, text: str, *, lookup: bytes, turn: int) -> None:
        """Raises what `discloser_writes` does; `turn` is the one that the page was made for."""
        if turn != self.turn:
            raise commands.TurnTaken(self.turn)
        part = self._text({"kind": "message", "from": "discloser"}, text)
        try:
            commands.discloser_writes(lookup, turn=self.turn, parts=[part, *self.files], today=self.today)
        except BaseException:
            keeping.drop([part.id])
            raise
        self.files = []

    def drop(self) -> None:
        """What was not sent is not kept."""
        keeping.drop(part.id for part in self.files)
        self.files = []

    def _text(self, header: Mapping[str, str], text: str) -> Part:
        said = dict(header) | {"turn": self.turn, "place": 0, "files": len(self.files)}
        shut = sealing.sealed(said, text.encode(), voice=self.voice, to=[self.recipient])
        return keeping.keep(shut, self.key, self.today)
