"""Turns what happened to a case into what people are told, once for each event, person and way.

Everything is read as it stood at the event, from the journal itself; only the citizen's contact and how carefully a
case is kept are read as they are now, for both can only have become stricter.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import ClassVar
from uuid import UUID

from bekhedmetkom.cases.feed import FedEvent, Follower
from bekhedmetkom.cases.models import Case, Event
from bekhedmetkom.cases.rules.standing import Standing, begun
from bekhedmetkom.cases.rules.states import Happened, State
from bekhedmetkom.catalogue.rules import Handling

from .composing import Composer
from .models import Message
from .recipients import officers
from .rules.decisions import DECISIONS, Occasion, Telling, To, tellings
from .rules.delivery import Channel, channel_for, not_before
from .rules.templates import Template


class MessagesFollower(Follower):
    name = "messages"
    decides: ClassVar[Mapping[Happened, Sequence[Telling] | None]] = DECISIONS

    def follow(self, events: Sequence[FedEvent]) -> None:
        ids = {event.id for event in events if self.decides[event.happened] is not None}
        if not ids:
            return
        cases = Case.objects.select_related("particulars").in_bulk(
            {event.case_id for event in events if event.id in ids}
        )
        composer = Composer()
        Message.objects.bulk_create(
            [
                message
                for event, occasion in _occasions(cases, ids)
                for telling in tellings(occasion)
                for message in _messages(telling, occasion, event, cases[event.case_id], composer)
            ],
            ignore_conflicts=True,
        )


def _occasions(cases: Mapping[UUID, Case], ids: set[int]) -> Iterator[tuple[Event, Occasion]]:
    """These events with the standings before and after each, by replaying the journals of their cases."""
    standing: Standing | None = None
    for event in Event.objects.filter(case__in=cases).order_by("case", "seq"):
        before = standing if event.seq > 1 else None
        happened = Happened(event.kind)
        if before is None:
            standing = begun(cases[event.case_id].reference, event.at, event.data)
        else:
            standing = before.then(happened, State(event.state), event.at, event.data)
        if event.pk in ids:
            yield event, Occasion(happened, before, standing, event.data)


def _messages(
    telling: Telling, occasion: Occasion, event: Event, case: Case, composer: Composer
) -> Iterable[Message]:
    if telling.to is To.CITIZEN:
        return _to_citizen(telling.template, occasion, event, case, composer)
    return [
        Message(
            event=event,
            case=case,
            officer=officer,
            not_before=not_before(event.at, at_once=telling.template.at_once or case.urgent),
            **composer.composed(telling.template, Channel.EMAIL, officer.language, occasion),
        )
        for officer in officers(telling.to, occasion, event)
    ]


def _to_citizen(
    template: Template, occasion: Occasion, event: Event, case: Case, composer: Composer
) -> list[Message]:
    way = channel_for(case.particulars.email, case.particulars.phone)
    if way is None:
        return []
    channel, address = way
    said = template if case.care == Handling.OPEN else Template.DISCREET
    return [
        Message(
            event=event,
            case=case,
            address=address,
            not_before=not_before(event.at, at_once=template.at_once or case.urgent),
            **composer.composed(said, channel, case.language, occasion),
        )
    ]
