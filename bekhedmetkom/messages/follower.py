"""Turns what happened to a case into what people are told, once for each event, person and way.

Everything is read as it stood at the event, from the journal itself; only the citizen's contact and how carefully a
case is kept are read as they are now, for both can only have become stricter.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import ClassVar
from uuid import UUID

from bekhedmetkom.cases.feed import FedEvent, Follower
from bekhedmetkom.cases.models import Case, Event
from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.catalogue.rules import Handling

from .bell import Bell
from .composing import Composer
from .models import ByMessenger, Message, Notice
from .reached import PushSubscription
from .recipients import Recipients
from .rules.decisions import DECISIONS, Occasion, Telling, To, tellings
from .rules.delivery import Channel, not_before
from .rules.states import MessageState
from .rules.templates import Template
from .to_citizen import from_when, journals_of, occasions, to_citizen, with_devices


class MessagesFollower(Follower):
    name = "messages"
    decides: ClassVar[Mapping[EventType, Sequence[Telling] | None]] = DECISIONS

    def follow(self, events: Sequence[FedEvent]) -> None:
        for event in events:
            if event.happened is EventType.UNDONE:
                _nobody_is_told(event.case_id, event.data["undoes"])
            if event.happened is EventType.ERASED:
                _forget(event.case_id)
        ids = {event.id for event in events if self.decides[event.happened] is not None}
        if not ids:
            return
        cases = Case.objects.select_related("particulars").in_bulk(
            {event.case_id for event in events if event.id in ids}
        )
        journals, devices = journals_of(cases), with_devices(cases)
        composer, bell, recipients = Composer(), Bell(min(ids)), Recipients(journals)
        Message.objects.bulk_create(
            [
                message
                for event, occasion in occasions(cases, journals, ids)
                for telling in tellings(occasion)
                for message in _messages(
                    telling, occasion, event, cases[event.case_id], composer, bell, recipients, devices
                )
            ],
            ignore_conflicts=True,
        )
        bell.ring()


def _nobody_is_told(case: UUID, seq: int) -> None:
    """What was undone: its messages had to wait, and none of them has gone out."""
    waiting = (str(MessageState.QUEUED), str(MessageState.KEPT))
    Message.objects.filter(event__case=case, event__seq=seq, state__in=waiting).delete()
    Notice.objects.filter(case=case, event__seq=seq).delete()


def _forget(case: UUID) -> None:
    """Where its citizen was reached goes with all else that was personal; what waits to be sent, with it."""
    theirs = Message.objects.filter(case=case, officer=None)
    theirs.filter(state__in=(str(MessageState.QUEUED), str(MessageState.KEPT))).delete()
    theirs.update(address="", sealed=None)
    PushSubscription.objects.filter(case=case).delete()
    ByMessenger.objects.filter(case=case).delete()


def _messages(
    telling: Telling, occasion: Occasion, event: Event, case: Case, composer: Composer, bell: Bell,
    recipients: Recipients, devices: Collection[UUID],
) -> Iterable[Message]:  # fmt: skip
    template = telling.template
    if telling.to is To.CITIZEN:
        return to_citizen(template, occasion, event, case, composer, devices)
    stands, urgent = from_when(event), template is Template.TO_URGENT or case.urgent
    when = not_before(stands, at_once=urgent)
    said = template if case.care == Handling.OPEN else Template.TO_DISCREET
    return [
        Message(
            event=event, case=case, officer=officer, not_before=when,
            **composer.composed(said, Channel.EMAIL, officer.language, occasion),
        )
        for officer in recipients.officers(telling.to, occasion, event)
        if bell.mails(officer.pk, template, event, stands, when, urgent=urgent, kept=case.care != Handling.OPEN)
    ]  # fmt: skip
