"""Creates call-backs from case events: not solved, message undeliverable, and a random survey.

Only for open cases; whether the call still makes sense is decided when it is taken.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from bekhedmetkom.cases.feed import EventConsumer, FeedEvent
from bekhedmetkom.cases.models import Case
from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.cases.rules.undo import get_final_time
from bekhedmetkom.catalogue.rules import Handling
from bekhedmetkom.config.key_derivation import derive_hmac

from .models import CallBack, Taken
from .rules.call_backs import SURVEY_DELAY, CallBackReason, is_sampled

_ANSWER_EVENTS = (EventType.ANSWERED, EventType.REPLY_APPROVED)
# What each event causes; `None`: no call-back.
CALL_BACK_REASONS: Mapping[EventType, tuple[CallBackReason, ...] | None] = {
    **dict.fromkeys(EventType, None),
    **dict.fromkeys(_ANSWER_EVENTS, (CallBackReason.READ_OUT, CallBackReason.CHECK)),
    EventType.DENIED: (CallBackReason.UNSOLVED,),
    EventType.UNREACHED: (CallBackReason.UNREACHED,),
}


class CallBackSubscriber(EventConsumer):
    """Creates the call-backs of an event and deletes those of an undone event."""

    name = "calls"
    decisions: ClassVar[Mapping[EventType, tuple[CallBackReason, ...] | None]] = CALL_BACK_REASONS

    def handle_events(self, events: Sequence[FeedEvent]) -> None:
        wanted = [event for event in events if self.decisions[event.happened]]
        undone = [event for event in events if event.happened is EventType.UNDONE]
        if wanted:
            open_cases = Case.objects.filter(
                pk__in={event.case_id for event in wanted}, care=Handling.OPEN, withheld=False
            )
            keys = set(open_cases.values_list("pk", flat=True))
            by_call = set(Taken.objects.filter(case__in=keys, by_call=True).values_list("case_id", flat=True))
            CallBack.objects.bulk_create(
                [
                    _build_call_back(event, reason)
                    for event in wanted
                    if event.case_id in keys
                    for reason in self.decisions[event.happened] or ()
                    if _needs_call_back(event, reason, by_call=event.case_id in by_call)
                ],
                ignore_conflicts=True,
            )
        for event in undone:
            CallBack.objects.filter(case=event.case_id, seq=event.data["undoes"]).delete()


def _needs_call_back(event: FeedEvent, reason: CallBackReason, *, by_call: bool) -> bool:
    match reason:
        case CallBackReason.READ_OUT:
            return by_call
        case CallBackReason.CHECK:  # a citizen who is read the answer is asked in the same call
            return not by_call and is_sampled(compute_draw(event))
        case _:
            return True


def compute_draw(event: FeedEvent) -> int:
    """Return the random number of an answer: reproducible and unpredictable."""
    return int.from_bytes(derive_hmac("calls-check", str(event.case_id), str(event.seq))[:8])


def _build_call_back(event: FeedEvent, reason: CallBackReason) -> CallBack:
    stands = get_final_time(event.happened, event.actor, event.at)
    return CallBack(
        case_id=event.case_id,
        seq=event.seq,
        why=str(reason),
        since=event.at,
        not_before=stands + SURVEY_DELAY if reason is CallBackReason.CHECK else stands,
    )
