"""Creates messages and inbox lines from case events, once per event, person and channel.

All state is taken at the event by replaying the journal. Only the citizen's contact details and the case's
confidentiality are read as they are now, because both can only have become stricter.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import ClassVar
from uuid import UUID

from bekhedmetkom.cases.feed import EventConsumer, FeedEvent
from bekhedmetkom.cases.models import Case, Event
from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.catalogue.rules import Handling

from .citizen_messages import (
    build_citizen_messages,
    find_cases_with_devices,
    get_notification_time,
    load_journals,
    replay_events,
)
from .inbox import InboxBatch
from .models import ByMessenger, Message, Notice
from .reachability import PushSubscription
from .recipients import RecipientFinder
from .rendering import MessageRenderer
from .rules.decisions import (
    DECISIONS,
    EventContext,
    NotificationRule,
    RecipientGroup,
    list_notification_rules,
)
from .rules.delivery import Channel, MessageState, get_earliest_send_time
from .rules.templates import Template


class NotificationSubscriber(EventConsumer):
    name = "messages"
    decisions: ClassVar[Mapping[EventType, Sequence[NotificationRule] | None]] = DECISIONS

    def handle_events(self, events: Sequence[FeedEvent]) -> None:
        for event in events:
            if event.happened is EventType.UNDONE:
                _withdraw_messages(event.case_id, event.data["undoes"])
            if event.happened is EventType.ERASED:
                _erase_citizen_contact(event.case_id)
        ids = {event.id for event in events if self.decisions[event.happened] is not None}
        if not ids:
            return
        cases = Case.objects.select_related("particulars").in_bulk(
            {event.case_id for event in events if event.id in ids}
        )
        journals, devices = load_journals(cases), find_cases_with_devices(cases)
        composer, bell, recipients = MessageRenderer(), InboxBatch(min(ids)), RecipientFinder(journals)
        Message.objects.bulk_create(
            [
                message
                for event, occasion in replay_events(cases, journals, ids)
                for telling in list_notification_rules(occasion)
                for message in _build_messages(
                    telling, occasion, event, cases[event.case_id], composer, bell, recipients, devices
                )
            ],
            ignore_conflicts=True,
        )
        bell.save()


def _withdraw_messages(case: UUID, seq: int) -> None:
    """Delete the queued messages and inbox lines of an undone event."""
    waiting = (str(MessageState.QUEUED), str(MessageState.KEPT))
    Message.objects.filter(event__case=case, event__seq=seq, state__in=waiting).delete()
    Notice.objects.filter(case=case, event__seq=seq).delete()


def _erase_citizen_contact(case: UUID) -> None:
    """Erase the citizen's addresses and delete queued messages, push subscriptions and the Messenger link."""
    theirs = Message.objects.filter(case=case, officer=None)
    theirs.filter(state__in=(str(MessageState.QUEUED), str(MessageState.KEPT))).delete()
    theirs.update(address="", sealed=None)
    PushSubscription.objects.filter(case=case).delete()
    ByMessenger.objects.filter(case=case).delete()


def _build_messages(
    telling: NotificationRule,
    occasion: EventContext,
    event: Event,
    case: Case,
    composer: MessageRenderer,
    bell: InboxBatch,
    recipients: RecipientFinder,
    devices: Collection[UUID],
) -> Iterable[Message]:
    template = telling.template
    if telling.recipients is RecipientGroup.CITIZEN:
        return build_citizen_messages(template, occasion, event, case, composer, devices)
    stands, urgent = get_notification_time(event), template is Template.TO_URGENT or case.urgent
    when = get_earliest_send_time(stands, at_once=urgent)
    said = template if case.care == Handling.OPEN else Template.TO_DISCREET
    return [
        Message(
            event=event, case=case, officer=officer, not_before=when,
            **composer.render(said, Channel.EMAIL, officer.language, occasion),
        )
        for officer in recipients.find_officers(telling.recipients, occasion, event)
        if bell.add_event(officer.pk, template, event, stands, when, urgent=urgent, kept=case.care != Handling.OPEN)
    ]  # fmt: skip
