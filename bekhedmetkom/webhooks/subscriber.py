"""Queues webhook deliveries and forwardings for case events. Confidential cases are never sent."""

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from bekhedmetkom.cases.feed import EventConsumer, FeedEvent
from bekhedmetkom.cases.models import Case
from bekhedmetkom.cases.rules.case_state import format_instant
from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.cases.rules.undo import get_final_time
from bekhedmetkom.catalogue.rules import Handling
from bekhedmetkom.entities.queries import get_ancestors
from bekhedmetkom.identity.models import ApiClient
from bekhedmetkom.kernel.actor import ActorKind

from .commands.forwarding import queue_forwardings
from .models import Brought, Delivery, Subscription
from .rules.webhook_protocol import WEBHOOK_EVENTS, SubscriptionScope, build_payload

_CLIENT_PREFIX = f"{ActorKind.CLIENT}:"


class WebhookEventSubscriber(EventConsumer):
    name = "webhooks"
    decisions: ClassVar[Mapping[EventType, str | None]] = WEBHOOK_EVENTS

    def handle_events(self, events: Sequence[FeedEvent]) -> None:
        _save_client_cases(events)
        queue_forwardings(events)
        for event in events:
            if event.happened is EventType.UNDONE:
                # It had to wait, and nobody has been told of it yet (commands.sending).
                Delivery.objects.filter(
                    case=event.case_id, event__seq=event.data["undoes"], taken_at=None
                ).delete()
        named = [event for event in events if self.decisions[event.happened]]
        subscriptions = (
            list(Subscription.objects.filter(ended_at=None).select_related("client")) if named else []
        )
        if not subscriptions:
            return
        cases = Case.objects.select_related("entity", "service").in_bulk({event.case_id for event in named})
        brought = dict(Brought.objects.filter(case__in=cases).values_list("case_id", "client_id"))
        undone = {
            (event.case_id, event.data["undoes"]) for event in events if event.happened is EventType.UNDONE
        }
        Delivery.objects.bulk_create(
            [
                _build_delivery(subscription, event, cases[event.case_id])
                for event in named
                if cases[event.case_id].care == Handling.OPEN and (event.case_id, event.seq) not in undone
                for subscription in subscriptions
                if self.decisions[event.happened] in subscription.events
                and _is_notified(subscription, event, cases[event.case_id], brought.get(event.case_id))
            ],
            ignore_conflicts=True,
        )  # fmt: skip


def _save_client_cases(events: Iterable[FeedEvent]) -> None:
    by_name = {
        event.case_id: event.actor.removeprefix(_CLIENT_PREFIX)
        for event in events
        if event.happened is EventType.SUBMITTED and event.actor.startswith(_CLIENT_PREFIX)
    }
    if not by_name:
        return
    ids = dict(ApiClient.objects.filter(name__in=set(by_name.values())).values_list("name", "id"))
    Brought.objects.bulk_create(
        [Brought(case_id=case, client_id=ids[name]) for case, name in by_name.items() if name in ids],
        ignore_conflicts=True,
    )


def _is_notified(subscription: Subscription, event: FeedEvent, case: Case, brought_by: int | None) -> bool:
    """What happened before it was asked for is nobody's news, not even when all is read again."""
    if subscription.client.revoked_at or event.at < subscription.created_at:
        return False
    if subscription.whose == SubscriptionScope.SUBMITTED:
        return subscription.client_id == brought_by
    return subscription.client.entity_id in (case.entity_id, *get_ancestors(case.entity_id))


def _build_delivery(subscription: Subscription, event: FeedEvent, case: Case) -> Delivery:
    """What programs are told names nobody and quotes nothing: who may read more asks with the reference."""
    name = WEBHOOK_EVENTS[event.happened]
    assert name is not None
    about = {
        "reference": event.reference, "seq": event.seq, "status": event.state, "kind": case.kind,
        "entity": case.entity.code, "service": case.service.code if case.service else None,
        "due_at": format_instant(case.due_at),
    }  # fmt: skip
    return Delivery(
        subscription=subscription, event_id=event.id, case_id=event.case_id, created_at=event.at,
        not_before=get_final_time(event.happened, event.actor, event.at), body=build_payload(name, event.at, about),
    )  # fmt: skip
