"""From what happens to a case to who is called: «not solved», a message that came back, five answers in a hundred.

Written for every case that is kept openly; whether the call still makes sense is asked when somebody is about to call.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from bekhedmetkom.cases.feed import FedEvent, Follower
from bekhedmetkom.cases.models import Case
from bekhedmetkom.cases.rules.states import Happened
from bekhedmetkom.cases.rules.undoing import stands_from
from bekhedmetkom.catalogue.rules import Handling
from bekhedmetkom.config.keys import keyed

from .models import CallBack, Taken
from .rules.backs import ASKED_AFTER, Why, is_drawn

_ANSWERED = (Happened.ANSWERED, Happened.REPLY_APPROVED)
# What each event asks of the call centre; `None`: nobody is called for it.
DECIDES: Mapping[Happened, tuple[Why, ...] | None] = {
    **dict.fromkeys(Happened, None),
    **dict.fromkeys(_ANSWERED, (Why.READ_OUT, Why.CHECK)),
    Happened.DENIED: (Why.UNSOLVED,),
    Happened.UNREACHED: (Why.UNREACHED,),
}


class CallsFollower(Follower):
    name = "calls"
    decides: ClassVar[Mapping[Happened, tuple[Why, ...] | None]] = DECIDES

    def follow(self, events: Sequence[FedEvent]) -> None:
        wanted = [event for event in events if self.decides[event.happened]]
        undone = [event for event in events if event.happened is Happened.UNDONE]
        if wanted:
            openly = Case.objects.filter(
                pk__in={event.case_id for event in wanted}, care=Handling.OPEN, withheld=False
            )
            keys = set(openly.values_list("pk", flat=True))
            by_call = set(Taken.objects.filter(case__in=keys, by_call=True).values_list("case_id", flat=True))
            CallBack.objects.bulk_create(
                [
                    _call_back(event, why)
                    for event in wanted
                    if event.case_id in keys
                    for why in self.decides[event.happened] or ()
                    if _is_called(event, why, by_call=event.case_id in by_call)
                ],
                ignore_conflicts=True,
            )
        for event in undone:
            CallBack.objects.filter(case=event.case_id, seq=event.data["undoes"]).delete()


def _is_called(event: FedEvent, why: Why, *, by_call: bool) -> bool:
    match why:
        case Why.READ_OUT:
            return by_call
        case Why.CHECK:  # who is read the answer is asked in the same call
            return not by_call and is_drawn(drawn(event))
        case _:
            return True


def drawn(event: FedEvent) -> int:
    """The lot of an answer: the same whenever it is read again, and nobody's to foresee."""
    return int.from_bytes(keyed("calls-check", str(event.case_id), str(event.seq))[:8])


def _call_back(event: FedEvent, why: Why) -> CallBack:
    stands = stands_from(event.happened, event.actor, event.at)
    return CallBack(
        case_id=event.case_id, seq=event.seq, why=str(why), since=event.at,
        not_before=stands + ASKED_AFTER if why is Why.CHECK else stands,
    )  # fmt: skip
