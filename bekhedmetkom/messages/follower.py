"""Turns what happened to a case into what people are told, once for each event, person and way.

Everything is read as it stood at the event, from the journal itself; only the citizen's contact and how carefully a
case is kept are read as they are now, for both can only have become stricter.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import ClassVar
from uuid import UUID

from bekhedmetkom.cases.feed import FedEvent, Follower
from bekhedmetkom.cases.models import Case, CaseText, Event
from bekhedmetkom.cases.rules.contact import TellBy
from bekhedmetkom.cases.rules.standing import Standing, replayed
from bekhedmetkom.cases.rules.states import Happened
from bekhedmetkom.cases.rules.undoing import stands_from, undone_in
from bekhedmetkom.catalogue.rules import Handling
from bekhedmetkom.kernel.phones import is_mobile

from .bell import Bell
from .composing import Composer
from .models import Message, Notice
from .recipients import Recipients
from .rules.decisions import DECISIONS, Occasion, Telling, To, tellings
from .rules.delivery import Channel, channel_for, not_before
from .rules.sms import shortened
from .rules.states import MessageState
from .rules.templates import Template
from .sealing import sealed

LONGEST_ANSWER = 560  # letters: ten SMS in Arabic, with what stands around it; the rest is on the case's page


class MessagesFollower(Follower):
    name = "messages"
    decides: ClassVar[Mapping[Happened, Sequence[Telling] | None]] = DECISIONS

    def follow(self, events: Sequence[FedEvent]) -> None:
        for event in events:
            if event.happened is Happened.UNDONE:
                _nobody_is_told(event.case_id, event.data["undoes"])
            if event.happened is Happened.ERASED:
                _forget(event.case_id)
        ids = {event.id for event in events if self.decides[event.happened] is not None}
        if not ids:
            return
        cases = Case.objects.select_related("particulars").in_bulk(
            {event.case_id for event in events if event.id in ids}
        )
        journals = _journals(cases)
        composer, bell, recipients = Composer(), Bell(min(ids)), Recipients(journals)
        Message.objects.bulk_create(
            [
                message
                for event, occasion in _occasions(cases, journals, ids)
                for telling in tellings(occasion)
                for message in _messages(
                    telling, occasion, event, cases[event.case_id], composer, bell, recipients
                )
            ],
            ignore_conflicts=True,
        )
        bell.ring()


def _journals(cases: Iterable[UUID]) -> dict[UUID, list[Event]]:
    """All that happened to these cases, in order."""
    events = Event.objects.filter(case__in=cases).order_by("case", "seq")
    return {case: list(of_case) for case, of_case in groupby(events, key=lambda event: event.case_id)}


def _occasions(
    cases: Mapping[UUID, Case], journals: Mapping[UUID, Sequence[Event]], ids: set[int]
) -> Iterator[tuple[Event, Occasion]]:
    """These events with the standings before and after each, by replaying the journals of their cases.

    Without those that were undone meanwhile; what is undone later is held back by whoever sends (`sending`).
    """
    for case, journal in journals.items():
        before: Standing | None = None
        undone = undone_in(journal)
        for event, after in zip(journal, replayed(cases[case].reference, journal), strict=True):
            if event.pk in ids and event.seq not in undone:
                yield event, Occasion(Happened(event.kind), before, after, event.data)
            before = after


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


def _from(event: Event) -> datetime:
    """From when on it can be told of."""
    return stands_from(Happened(event.kind), event.actor, event.at)


def _messages(
    telling: Telling, occasion: Occasion, event: Event, case: Case, composer: Composer, bell: Bell,
    recipients: Recipients,
) -> Iterable[Message]:  # fmt: skip
    template = telling.template
    if telling.to is To.CITIZEN:
        return _to_citizen(template, occasion, event, case, composer)
    stands, urgent = _from(event), template is Template.TO_URGENT or case.urgent
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


def _to_citizen(
    template: Template, occasion: Occasion, event: Event, case: Case, composer: Composer
) -> list[Message]:
    way = channel_for(case.particulars.email, case.particulars.phone, TellBy(case.particulars.tell_by))
    if way is None and template in _AWAIT_A_WORD and case.particulars.tell_by != TellBy.NONE:
        way = (
            Channel.SMS,
            case.particulars.phone,
        )  # which takes none: whoever sends puts it on the list of call-backs
    if way is None or not way[1]:
        return []
    ways = dict([way])
    if answer := _wanted_in_full(template, event, case):
        ways[Channel.SMS] = case.particulars.phone
    said = template if case.care == Handling.OPEN else Template.DISCREET
    return [
        Message(
            event=event,
            case=case,
            address=address,
            sealed=sealed(answer) if answer and channel is Channel.SMS else None,
            not_before=not_before(_from(event), at_once=template.at_once or case.urgent),
            **composer.composed(
                Template.ANSWERED_IN_FULL if answer and channel is Channel.SMS else said,
                channel, case.language, occasion,
            ),
        )
        for channel, address in ways.items()
    ]  # fmt: skip


def _wanted_in_full(template: Template, event: Event, case: Case) -> str:
    """The answer itself, for who agreed to have it on a telephone that they have shown to be theirs; else nothing.

    Never of a case that is kept with care, nor of whoever withholds their name: others may look at that telephone.
    """
    who = case.particulars
    agreed = who.full_by_sms and who.phone_confirmed and who.phone and is_mobile(who.phone)
    if template not in _ANSWERS or not agreed or case.withheld or case.care != Handling.OPEN:
        return ""
    text = CaseText.objects.filter(case=case, seq=event.seq, field="answer").first()
    return shortened(text.body, LONGEST_ANSWER) if text else ""


_ANSWERS = (Template.ANSWERED, Template.ANSWERED_PRAISE)
_AWAIT_A_WORD = (Template.ASKED, Template.ANSWERED, Template.ASKED_AGAIN)
