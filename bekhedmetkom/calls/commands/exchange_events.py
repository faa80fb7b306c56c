"""Events of the telephone exchange. The order and repetition of events make no difference."""

from datetime import datetime, timedelta

from django.db import transaction

from ..models import Call, Line
from ..rules.call_events import MAX_EVENTS, CallEvent, deduplicate_events, fold_events

NUMBER_LIFETIME = timedelta(days=7)  # of callers' phone numbers
DRAFT_LIFETIME = timedelta(days=1)


def record_event(*, call_id: str, event: CallEvent) -> None:
    """Record an event of a call; the first event creates the call."""
    with transaction.atomic():
        call, _new = Call.objects.select_for_update().get_or_create(
            call_id=call_id, defaults={"began_at": event.at, "direction": event.direction or "in"}
        )
        recorded = [CallEvent.from_json(fields) for fields in call.heard]
        events = deduplicate_events([*recorded, event])
        if events == recorded or len(events) > MAX_EVENTS:
            return
        summary = fold_events(events)
        call.heard = [event.as_json() for event in events]
        call.number, call.direction, call.queue, call.cause = (
            summary.number,
            summary.direction,
            summary.queue,
            summary.cause,
        )
        call.lines = list(summary.answering_lines or summary.ringing_lines)
        call.began_at, call.ended_at = summary.began_at, summary.ended_at
        call.answered_at = summary.answered_at or call.taken_at
        if call.officer_id is None and summary.answering_lines:
            call.officer_id = (
                Line.objects.filter(name__in=summary.answering_lines)
                .values_list("officer_id", flat=True)
                .first()
            )
        call.save()


def delete_caller_data(at: datetime) -> int:
    """Delete phone numbers after a week and drafts after a day; return how many calls had a number."""
    old = Call.objects.filter(began_at__lt=at - NUMBER_LIFETIME).exclude(heard=[])
    deleted = old.update(heard=[], number="")
    Call.objects.filter(began_at__lt=at - DRAFT_LIFETIME).exclude(draft={}).update(draft={})
    return deleted
