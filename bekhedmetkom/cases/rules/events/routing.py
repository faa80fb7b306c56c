"""Who has a case: body, unit and officer."""

from datetime import datetime

from bekhedmetkom.kernel.text import BilingualText

from ..case_state import CaseState
from ..states import OPEN_STATES, WAITING_STATES, EventType, State
from .base import NOTHING_ASKED, CaseEvent, Columns, add, end_tasks, lead, stay


class CaseClassified(CaseEvent):
    """The responsible body, and perhaps the topic, was set."""

    type = EventType.CLASSIFIED
    transitions = lead(WAITING_STATES, to=State.CLASSIFIED)
    is_undoable = True
    is_visible_act = True
    citizen_text = BilingualText("حُدّدت الجهة المسؤولة: {entity}", "The responsible body is set: {entity}")
    officer_text = BilingualText("صُنّف الطلب لدى {entity}", "Classified at {entity}")

    def effects(self, state: CaseState, at: datetime) -> Columns:
        return {"triage": False, "referred_from_id": None}


class CaseAssigned(CaseEvent):
    """The case was given to a unit of its body, or to one of its officers."""

    type = EventType.ASSIGNED
    transitions = lead((*WAITING_STATES, State.ASSIGNED), to=State.ASSIGNED)
    is_undoable = True
    is_visible_act = True
    citizen_text = BilingualText("طلبك الآن لدى {unit}", "Your case is now with {unit}")
    officer_text = BilingualText("أُسند إلى {assignee}", "Assigned to {assignee}")

    def effects(self, state: CaseState, at: datetime) -> Columns:
        return {
            "triage": False,
            "referred_from_id": None,
            "snoozed_until": None,
            "handlers": add(state.handlers, self.data.get("officer_id")),
        }


class CaseReferred(CaseEvent):
    """The case was sent to another body; the date stands."""

    type = EventType.REFERRED
    transitions = lead((*WAITING_STATES, State.ASSIGNED), to=State.RECEIVED)
    is_undoable = True
    is_visible_act = True
    citizen_text = BilingualText(
        "أُحيل طلبك إلى {entity}، والموعد كما هو", "Your case was referred to {entity}; the date stands"
    )
    officer_text = BilingualText("أُحيل إلى {entity}", "Referred to {entity}")

    def effects(self, state: CaseState, at: datetime) -> Columns:
        return {
            "unit_id": None,
            "officer_id": None,
            "triage": False,
            "referrals": state.referrals + 1,
            "referred_from_id": state.entity_id,
        }


class ReferralAccepted(CaseEvent):
    """The body accepted a referral."""

    type = EventType.ACCEPTED
    transitions = lead((State.RECEIVED,), to=State.CLASSIFIED)
    is_undoable = True
    is_visible_act = True
    citizen_text = BilingualText("قُبل طلبك لدى {entity}", "{entity} accepted your case")
    officer_text = BilingualText("قُبلت الإحالة", "Referral accepted")

    def effects(self, state: CaseState, at: datetime) -> Columns:
        return {"triage": False, "referred_from_id": None}


class CaseReturned(CaseEvent):
    """The body gave the case back as not its own."""

    type = EventType.RETURNED
    transitions = lead(WAITING_STATES, to=State.RECEIVED)
    is_undoable = True
    is_visible_act = True
    citizen_text = BilingualText(
        "نبحث عن الجهة المسؤولة عن طلبك، والموعد كما هو",
        "We are finding the body responsible for your case; the date stands",
    )
    officer_text = BilingualText(
        "أُعيد لأنه ليس من اختصاص الجهة، وهو الآن لدى {entity}", "Returned as not theirs; now with {entity}"
    )

    def effects(self, state: CaseState, at: datetime) -> Columns:
        return {
            "unit_id": None,
            "officer_id": None,
            "referred_from_id": None,
            "referrals": state.referrals + 1,
        }


class CaseHandedBack(CaseEvent):
    """The unit gave the case back to the main officer."""

    type = EventType.HANDED_BACK
    transitions = lead((State.ASSIGNED,), to=State.CLASSIFIED)
    is_undoable = True
    officer_text = BilingualText("أعاده القسم إلى ضابط الارتباط الرئيسي", "Handed back to the main officer")

    def effects(self, state: CaseState, at: datetime) -> Columns:
        return {"unit_id": None, "officer_id": None}


class CaseReclassified(CaseEvent):
    """Kind or topic was corrected; the earlier date holds."""

    type = EventType.RECLASSIFIED
    transitions = stay((*WAITING_STATES, State.ASSIGNED))
    is_undoable = True
    citizen_text = BilingualText(
        "صُحّح تصنيف طلبك، ولم يتأخر موعده", "The type of your case was corrected; its date is no later"
    )
    officer_text = BilingualText("أُعيد التصنيف", "Reclassified")


class OfficerLeft(CaseEvent):
    """An officer left, and what they had in hand is to be given to another."""

    type = EventType.LEFT
    transitions = {
        **stay((State.RECEIVED, State.AWAITING_CITIZEN, State.AWAITING_APPROVAL, State.APPEALED)),
        **lead((State.CLASSIFIED, State.ASSIGNED), to=State.CLASSIFIED),
    }
    officer_text = BilingualText(
        "غادر {left} عمله، فيُسند الطلب من جديد", "{left} has left; the case is to be given to another officer"
    )


class FollowedBody(CaseEvent):
    """The case moved to the successor of a closed body."""

    type = EventType.FOLLOWED
    transitions = stay(OPEN_STATES)
    citizen_text = BilingualText(
        "انتقل عمل الجهة التي عندها طلبك إلى {entity}، ومعه طلبك. الموعد كما هو",
        "Your case went with its body's work to {entity}; the date stands",
    )
    officer_text = BilingualText("انتقل مع عمل الجهة إلى {entity}", "Moved with the body's work to {entity}")

    def task_effects(self, state: CaseState) -> Columns:
        return {}


class OfficerRecused(CaseEvent):
    """An officer stepped aside for a conflict of interest."""

    type = EventType.RECUSED
    transitions = stay(OPEN_STATES)
    officer_text = BilingualText(
        "تنحّى موظف لتعارض المصالح", "An officer stepped aside for a conflict of interest"
    )

    def effects(self, state: CaseState, at: datetime) -> Columns:
        officer = {"officer_id": None} if self.data["by"] == state.officer_id else {}
        return officer | {"recused": add(state.recused, self.data["by"])}


class SubjectNamed(CaseEvent):
    """It was said whom the case complains of; it moves out of their reach."""

    type = EventType.CONCERNS
    transitions = {
        **stay((State.RECEIVED, State.ANSWERED, State.APPEALED)),
        **lead(
            (State.CLASSIFIED, State.ASSIGNED, State.AWAITING_CITIZEN, State.AWAITING_APPROVAL),
            to=State.CLASSIFIED,
        ),
    }
    citizen_text = BilingualText(
        "لن يصل طلبك إلى من تشتكي منه، ولا إلى من يعمل تحته. هو الآن لدى {entity}",
        "Your case will not reach whom it complains of, nor anybody under them. It is now with {entity}",
    )
    officer_text = BilingualText(
        "الشكوى من {about}: لا تصل إليه ولا إلى من يعمل تحته. الطلب لدى {entity}",
        "It complains of {about} and reaches neither them nor anybody under them; now with {entity}",
    )

    def task_effects(self, state: CaseState) -> Columns:
        return end_tasks(state, self.data) if self.stays_with(state) else dict(NOTHING_ASKED)
