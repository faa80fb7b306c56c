"""Replaying journals: every hash, every column of every row, every text that an event vouches for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ..journal import chained, event_of, particulars_hash, salted_hash
from ..models import Case, CaseText, Event, Particulars
from ..rules.contact import Contact
from ..rules.standing import COLUMNS, Standing, begun
from ..rules.states import Happened, NotPossibleNow, State, after

BATCH = 500


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in a case that its journal does not account for; `seq` is the event at which it shows."""

    reference: str
    seq: int
    what: str

    def __str__(self) -> str:
        return f"{self.reference}, event {self.seq}: {self.what}"


def verify_journal(since: datetime | None = None) -> Iterator[Fault]:
    """Everything wrong in every case (received since then); nothing is written and nothing is repaired."""
    last: UUID | None = None
    rows = Case.objects.order_by("pk")
    rows = rows.filter(received_at__gte=since) if since else rows
    while batch := list((rows.filter(pk__gt=last) if last else rows)[:BATCH]):
        yield from _verify(batch)
        last = batch[-1].pk


def _verify(cases: list[Case]) -> Iterator[Fault]:
    events: dict[UUID, list[Event]] = {}
    for event in Event.objects.filter(case__in=cases).order_by("case", "seq"):
        events.setdefault(event.case_id, []).append(event)
    texts: dict[tuple[UUID, int], dict[str, CaseText]] = {}
    for text in CaseText.objects.filter(case__in=cases):
        texts.setdefault((text.case_id, text.seq), {})[text.field] = text
    people = {row.case_id: row for row in Particulars.objects.filter(case__in=cases)}
    for case in cases:
        journal = events.get(case.pk, [])
        yield from _chain(case, journal)
        for event in journal:
            yield from _texts(case, event, texts.pop((case.pk, event.seq), {}))
        if journal:
            yield from _particulars(case, journal, people.get(case.pk))
    for (key, seq), extra in texts.items():
        reference = next(case.reference for case in cases if case.pk == key)
        yield Fault(reference, seq, f"texts that no event knows: {', '.join(sorted(extra))}")


def _chain(case: Case, journal: list[Event]) -> Iterator[Fault]:
    """Hashes, order and moves; then the row against the replay, column by column."""
    standing: Standing | None = None
    head: bytes | None = None
    for place, event in enumerate(journal, 1):
        if event.seq != place:
            yield Fault(case.reference, place, "missing")
            return
        if standing and event.at < standing.updated_at:
            yield Fault(case.reference, event.seq, "dated before the one before it")
        try:
            standing = _next(case, standing, event)
        except (KeyError, ValueError, TypeError, NotPossibleNow) as error:
            yield Fault(case.reference, event.seq, f"cannot have happened here ({error})")
            return
        if event.state != standing.state:
            yield Fault(case.reference, event.seq, f"led to {event.state}, by the rules to {standing.state}")
        digest = chained(head, event_of(standing, Happened(event.kind), event.actor, event.data))
        if (head is None) != (event.prev_hash is None) or (head and head != bytes(event.prev_hash or b"")):
            yield Fault(case.reference, event.seq, "does not follow from the hash before it")
        if digest != bytes(event.hash):
            yield Fault(case.reference, event.seq, "changed after it was written")
        head = bytes(event.hash)
    if standing is None:
        yield Fault(case.reference, 0, "a case without a journal")
        return
    if bytes(case.head) != head:
        yield Fault(case.reference, case.seq, "the row carries another head than the journal")
    row = case.standing
    for column in COLUMNS:
        if getattr(row, column) != getattr(standing, column):
            yield Fault(case.reference, case.seq, f"column {column} differs from the replay")


def _next(case: Case, standing: Standing | None, event: Event) -> Standing:
    if standing is None:
        return begun(case.reference, event.at, event.data)
    happened = Happened(event.kind)
    return standing.then(happened, after(State(standing.state), happened), event.at, event.data)


def _texts(case: Case, event: Event, kept: dict[str, CaseText]) -> Iterator[Fault]:
    promised = event.data.get("texts", {})
    for name in sorted(promised.keys() | kept.keys()):
        text = kept.get(name)
        if text is None:
            yield Fault(case.reference, event.seq, f"its {name} is missing")
        elif name not in promised:
            yield Fault(case.reference, event.seq, f"a {name} that the event does not know")
        elif salted_hash(bytes(text.salt), text.body) != promised[name]:
            yield Fault(case.reference, event.seq, f"its {name} was changed")


def _particulars(case: Case, journal: list[Event], who: Particulars | None) -> Iterator[Fault]:
    """Against the last event that set them; and what of them is confirmed and preferred, against all of them."""
    given = [event for event in journal if "particulars" in event.data][-1]
    if who is None:
        yield Fault(case.reference, 1, "its particulars are missing")
        return
    if particulars_hash(bytes(who.salt), who.given()) != given.data["particulars"]:
        yield Fault(case.reference, given.seq, "its particulars were changed")
    confirmed = {contact for event in journal for contact in _confirmed_by(event)}
    for contact in Contact:
        if who.confirmed(contact) != (contact in confirmed):
            yield Fault(
                case.reference, case.seq, f"whether its {contact} is confirmed differs from the journal"
            )
    chosen = [event.data for event in journal if event.kind == Happened.CONTACT_PREFERRED]
    last = chosen[-1] if chosen else {"tell_by": "", "full_by_sms": 0}
    if (who.tell_by, int(who.full_by_sms)) != (last["tell_by"], last["full_by_sms"]):
        yield Fault(case.reference, case.seq, "how its citizen wants to be told differs from the journal")


def _confirmed_by(event: Event) -> Iterable[str]:
    if event.kind in (Happened.CONTACT_CONFIRMED, Happened.CONTACT_CORRECTED):
        return [event.data["contact"]]
    before: list[str] = event.data.get("confirmed", [])  # what was so before the case began
    return before
