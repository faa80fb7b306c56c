"""The citizen's word on whether it was solved, and the appeal."""

from datetime import datetime

from bekhedmetkom.kernel.text import BilingualText

from ..case_state import CaseState
from ..states import ANSWERED_STATES, EventType, State
from .base import NEW_TERM, CaseEvent, Columns, Data, lead, stay


def _replace_phone_word(state: CaseState, data: Data) -> Columns:
    """What the citizen says themselves takes the place of what was heard by telephone, stars included."""
    return {} if state.heard_by_id is None else {"heard_by_id": None, "stars": data.get("stars")}


class SolutionConfirmed(CaseEvent):
    """The citizen said that it is solved."""

    type = EventType.CONFIRMED
    transitions = lead(ANSWERED_STATES, to=State.RESOLVED)
    is_contact = True
    citizen_text = BilingualText("قلت{via} إن الأمر حُلّ", "You said{via} that it was solved")
    officer_text = BilingualText("أكد مقدم الطلب{via} أنه حُلّ", "The citizen confirmed{via} it is solved")

    def effects(self, state: CaseState, at: datetime) -> Columns:
        return {"solved": True, **_replace_phone_word(state, self.data)}


class SolutionDenied(CaseEvent):
    """The citizen said that it is not solved."""

    type = EventType.DENIED
    transitions = {**stay((State.CLOSED,)), **lead((State.ANSWERED, State.RESOLVED), to=State.ANSWERED)}
    is_contact = True
    citizen_text = BilingualText("قلت{via} إن الأمر لم يُحل", "You said{via} that it was not solved")
    officer_text = BilingualText("قال مقدم الطلب{via} إنه لم يُحل", "The citizen said{via} it is not solved")

    def effects(self, state: CaseState, at: datetime) -> Columns:
        return {"solved": False, **_replace_phone_word(state, self.data)}


class SolutionConfirmedByPhone(CaseEvent):
    """The citizen said by telephone that it is solved; their own word replaces it."""

    type = EventType.HEARD_SOLVED
    transitions = lead((State.ANSWERED, State.CLOSED), to=State.RESOLVED)
    is_undoable = True
    is_contact = True
    citizen_text = BilingualText(
        "قلت بالهاتف إن الأمر حُلّ، كما سجّل {looker}. إن لم تقل ذلك فقل كلمتك هنا",
        "You said by telephone that it was solved, as {looker} noted. If you did not, say so here",
    )
    officer_text = BilingualText(
        "قال مقدم الطلب بالهاتف إنه حُلّ", "The citizen said by telephone that it is solved"
    )

    def effects(self, state: CaseState, at: datetime) -> Columns:
        return {"solved": True}


class SolutionDeniedByPhone(CaseEvent):
    """The citizen said by telephone that it is not solved; their own word replaces it."""

    type = EventType.HEARD_UNSOLVED
    transitions = stay((State.ANSWERED, State.CLOSED))
    is_undoable = True
    is_contact = True
    citizen_text = BilingualText(
        "قلت بالهاتف إن الأمر لم يُحل، كما سجّل {looker}. إن لم تقل ذلك فقل كلمتك هنا",
        "You said by telephone that it was not solved, as {looker} noted. If you did not, say so here",
    )
    officer_text = BilingualText(
        "قال مقدم الطلب بالهاتف إنه لم يُحل", "The citizen said by telephone that it is not solved"
    )

    def effects(self, state: CaseState, at: datetime) -> Columns:
        return {"solved": False}


class AppealFiled(CaseEvent):
    """The citizen appealed; the appeal has a term of its own."""

    type = EventType.APPEALED
    transitions = lead(ANSWERED_STATES, to=State.APPEALED)
    is_visible_act = True
    is_contact = True
    citizen_text = BilingualText(
        "قدّمت اعتراضًا. يراجعه موظف آخر، ويصلك قراره قبل نهاية {until}",
        "You appealed. Another officer reviews it and decides by {until}",
    )
    officer_text = BilingualText(
        "اعترض مقدم الطلب، والقرار قبل نهاية {until}", "Appealed; a decision is due by {until}"
    )

    def effects(self, state: CaseState, at: datetime) -> Columns:
        return {
            **NEW_TERM,
            "solved": False,
            "heard_by_id": None,
            "appeals": state.appeals + 1,
            "term_from": at,
        }


class AppealUpheld(CaseEvent):
    """The reviewer upheld the appeal; the case opens again with a new date."""

    type = EventType.APPEAL_UPHELD
    transitions = lead((State.APPEALED,), to=State.CLASSIFIED)
    is_undoable = True
    is_visible_act = True
    citizen_text = BilingualText(
        "قُبل اعتراضك، وعاد طلبك إلى المعالجة بموعد جديد: {until}",
        "Your appeal was upheld; your case is open again, due by {until}",
    )
    officer_text = BilingualText(
        "قُبل الاعتراض ({outcome})، والموعد الجديد {until}", "Appeal upheld ({outcome}); new date {until}"
    )

    def effects(self, state: CaseState, at: datetime) -> Columns:
        return {
            **NEW_TERM,
            "unit_id": None,
            "officer_id": None,
            "reviewer_id": None,
            "term_from": at,
            "disposition": None,
            "answered_at": None,
        }


class AppealRejected(CaseEvent):
    """The reviewer did not uphold the appeal."""

    type = EventType.APPEAL_REJECTED
    transitions = lead((State.APPEALED,), to=State.CLOSED)
    is_undoable = True
    citizen_text = BilingualText(
        "لم يُقبل اعتراضك. القرار مكتوب أدناه مع الجهات التي يمكنك اللجوء إليها",
        "Your appeal was not upheld. The decision below says where else you can go",
    )
    officer_text = BilingualText("لم يُقبل الاعتراض", "Appeal not upheld")

    def effects(self, state: CaseState, at: datetime) -> Columns:
        return {"reviewer_id": None}
