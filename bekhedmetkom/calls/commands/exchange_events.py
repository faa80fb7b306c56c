"""What the telephone exchange tells: once or twice, in any order, the call comes to stand the same."""

from datetime import datetime, timedelta

from django.db import transaction

from ..models import Call, Line
from ..rules.call_events import MAX_EVENTS, CallEvent, deduplicate_events, fold_events

NUMBER_LIFETIME = timedelta(days=7)  # numbers of callers
DRAFT_LIFETIME = timedelta(days=1)


def record_event(*, call_id: str, event: CallEvent) -> None:
    """Write down one event of a call, which may be the first of it that we hear."""
    with transaction.atomic():
        call, _new = Call.objects.select_for_update().get_or_create(
            call_id=call_id, defaults={"began_at": event.at, "direction": event.direction or "in"}
        )
        heard = [CallEvent.from_json(kept) for kept in call.heard]
        together = deduplicate_events([*heard, event])
        if together == heard or len(together) > MAX_EVENTS:
            return
        told = fold_events(together)
        call.heard = [one.as_json() for one in together]
        call.number, call.direction, call.queue, call.cause = (
            told.number,
            told.direction,
            told.queue,
            told.cause,
        )
        call.lines = list(told.answering_lines or told.ringing_lines)
        call.began_at, call.ended_at = told.began_at, told.ended_at
        call.answered_at = told.answered_at or call.taken_at
        if call.officer_id is None and told.answering_lines:
            call.officer_id = (
                Line.objects.filter(name__in=told.answering_lines)
                .values_list("officer_id", flat=True)
                .first()
            )
        call.save()


def delete_caller_data(at: datetime) -> int:
    """Numbers after a week, and what was being written after a day; how many calls had any."""
    old = Call.objects.filter(began_at__lt=at - NUMBER_LIFETIME).exclude(heard=[])
    done = old.update(heard=[], number="")
    Call.objects.filter(began_at__lt=at - DRAFT_LIFETIME).exclude(draft={}).update(draft={})
    return done
