"""Taking one's own last act back, and the point after which it is too late: when somebody has been told of it."""

import time
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from bekhedmetkom.catalogue.queries import get_policy_version
from bekhedmetkom.entities.queries import get_working_calendar
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import NotAllowed
from bekhedmetkom.kernel.text import BilingualText

from ..journal import Change, record
from ..models import CaseText, Event, SentOff
from ..rules.case_state import CaseState
from ..rules.deadlines import find_next_scheduled_event
from ..rules.drafts import REPLY_DRAFT, TEXT_FIELDS_BY_DRAFT
from ..rules.replay import replay_journal
from ..rules.states import EventType
from ..rules.transitions import NotPossibleNow
from ..rules.undo import UNDO_PERIOD, compute_reversal, is_undoable
from ..workspace_models import Draft
from .permission_check import require_permission
from .reply.composition import get_event_reply
from .reply.drafts import SHARE_LOCK_SQL

_NOT_ACTOR = BilingualText("يتراجع عن الخطوة من قام بها وحده.", "Only whoever did it can take it back.")
_NOT_UNDOABLE = BilingualText("هذه الخطوة لا يُتراجع عنها.", "This is not something that can be taken back.")
_UNDO_PERIOD_OVER = BilingualText(
    "مضت الثواني العشر، وصارت الخطوة نافذة.", "The ten seconds have passed, and it stands."
)
_DEADLINE_REACHED = BilingualText(
    "حلّ موعد في هذه الثواني، فصارت الخطوة نافذة.", "A date came due in those seconds, and it stands."
)
_CONFIDENTIAL_CASE = BilingualText(
    "صار الطلب محفوظ السرية، والسرية لا تُرفع.",
    "The case is kept with care now, and that is never taken away.",
)


def undo_action(*, case: UUID, seen: int, actor: Actor, at: datetime) -> int:
    """Take back the officer's own act `seen`, the last that happened to the case, within ten seconds, once.

    The row goes back to where it was, the clock too; the journal keeps both. A reply comes back as its writer's draft.
    The time counts under the lock: a wait for it is added to `at`.
    """
    asked = time.monotonic()
    acts: list[Event] = []

    def decide(standing: CaseState) -> Change:
        if standing.seq != seen:  # what a person did since is a conflict already
            raise NotPossibleNow(standing.state, _DEADLINE_REACHED)
        journal = list(Event.objects.filter(case=case).order_by("seq"))
        act = journal[-1]
        if act.actor != str(actor):
            raise NotAllowed(_NOT_ACTOR)
        if not is_undoable(EventType(act.kind), act.actor):
            raise NotPossibleNow(standing.state, _NOT_UNDOABLE)
        now = at + timedelta(seconds=time.monotonic() - asked)
        if now > act.at + UNDO_PERIOD or SentOff.objects.filter(case=case, seq__gte=seen).exists():
            raise NotPossibleNow(standing.state, _UNDO_PERIOD_OVER)
        *_, before = replay_journal(standing.reference, journal[:-1])
        require_permission(actor, Permission.READ, before)
        _require_reversible(before, standing, max(at, act.at))
        acts.append(act)
        data = {"undoes": seen, "by": actor.officer_id} | compute_reversal(before, standing)
        if files := [*(file["id"] for file in act.data.get("files", ())), *act.data.get("shown", ())]:
            data["hidden"] = files
        return Change(EventType.UNDONE, data, leads_to=before.state)

    with transaction.atomic():
        seq = record(case=case, seen=seen, actor=actor, at=at, decide=decide)
        _restore_drafts(acts[0], actor, at)
        return seq


def _require_reversible(before: CaseState, now: CaseState, at: datetime) -> None:
    """Refuses where going back would leave a trace: time would have done something meanwhile, or care would shrink."""
    if before.care is not now.care:
        raise NotPossibleNow(now.state, _CONFIDENTIAL_CASE)
    moment = find_next_scheduled_event(
        before, get_policy_version(before.policy_id).terms, get_working_calendar()
    )
    if moment and moment.at < at:
        raise NotPossibleNow(now.state, _DEADLINE_REACHED)


def _restore_drafts(act: Event, actor: Actor, at: datetime) -> None:
    """The words of it are its writer's draft again; those of an approved reply were another's."""
    if act.kind in (EventType.REPLY_APPROVED, EventType.ABUSE_CONFIRMED):
        return
    said = dict(CaseText.objects.filter(case=act.case_id, seq=act.seq).values_list("field", "body"))
    reply = get_event_reply(act)
    for place, fields in TEXT_FIELDS_BY_DRAFT.items():
        if text := next((said[field] for field in fields if field in said), ""):
            kept = {
                "text": text, "disposition": act.data.get("disposition") or "", "saved_at": at,
                "quality_reason": said.get("quality_reason", ""),
            } | (reply.typed if reply and place == REPLY_DRAFT else {})  # fmt: skip
            Draft.objects.update_or_create(
                case_id=act.case_id, officer_id=actor.officer_id or 0, place=place, defaults=kept
            )


def mark_event_sent(*, case: UUID, seq: int) -> bool:
    """Asked by whoever is about to tell somebody of an event: `False` where it was undone.

    Under the case's lock, as an undoing is: either it was undone before, or it can no longer be.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SHARE_LOCK_SQL, [case])
        cursor.execute(MARK_SENT_SQL, {"case": case, "seq": seq})
        return bool(cursor.rowcount)


MARK_SENT_SQL = """
INSERT INTO case_sent_off (case_id, seq)
SELECT %(case)s, %(seq)s WHERE NOT EXISTS (
    SELECT FROM event WHERE case_id = %(case)s AND seq = %(seq)s + 1 AND kind = 'case.undone')
ON CONFLICT (case_id) DO UPDATE SET seq = greatest(case_sent_off.seq, excluded.seq)
"""
