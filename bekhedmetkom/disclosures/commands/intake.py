"""A report comes in, sealed already: by the browser, or by the server while its sender waited."""

import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from uuid import uuid4

from django.db import transaction

from .. import chain, outer
from ..decoy import decoy_lookup
from ..models import Report
from ..rules.state import Part, State, Turn
from ..sealing import throw_away
from ..standing import in_clear, lock
from .mixing import mix_in


class ManifestMoved(Exception):
    """It was sealed to the Commission of an earlier manifest: whoever sealed it does so again."""


class TakenAlready(Exception):
    """There is a report with these words: it was sent twice."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A report as it is kept. `parts` are there already under its outer key: its text, then its files."""

    lookup: bytes
    reader: str
    recipient: str
    anchor: bytes
    ring: bytes
    identity: bytes
    epoch: int
    parts: Sequence[Part]
    excluded: Sequence[str] = ()


def take_in(sealed: Sealed, *, key: bytes, today: date) -> None:
    """Keep it. Raises `manifest.Refused` where the chain of keys does not hold, `ManifestMoved`, `TakenAlready`."""
    if chain.current(today).epoch != sealed.epoch:
        raise ManifestMoved
    state = State(
        epoch=sealed.epoch,
        received=today,
        since=today,
        excluded=tuple(sorted(sealed.excluded)),
        turns=(Turn("discloser", today, tuple(sealed.parts)),),
    )
    _add(sealed, state, key, today)


def make_decoy(today: date) -> None:
    """What is looked at when a receipt opens nothing, so that it costs the same as one that does; once."""
    if Report.objects.filter(lookup=decoy_lookup()).exists():
        return
    noise, nobody = secrets.token_bytes(4500), throw_away()
    state = State(
        epoch=0, received=today, decoy=True, turns=(Turn("discloser", today, (Part(uuid4(), 4500),)),)
    )
    sealed = Sealed(decoy_lookup(), nobody, nobody, secrets.token_bytes(32), noise, noise, 0, ())
    with suppress(TakenAlready):  # by another process, just now
        _add(sealed, state, outer.fresh(), today)


def _add(sealed: Sealed, state: State, key: bytes, today: date) -> None:
    report = Report(
        id=uuid4(),
        day=today,
        lookup=sealed.lookup,
        reader=sealed.reader,
        recipient=sealed.recipient,
        anchor=sealed.anchor,
        ring=outer.closed(key, sealed.ring),
        identity=outer.closed(key, sealed.identity),
    )
    report.state = outer.closed(key, replace(state, row=in_clear(report)).encoded())
    outer.keep(report.id, today, key)  # first: without it the row could never be read
    try:
        with transaction.atomic():
            lock()
            if Report.objects.filter(lookup=sealed.lookup).exists():
                raise TakenAlready
            report.save(force_insert=True)
            mix_in(today)
    except BaseException:
        outer.forget(report.id, today)
        raise
