"""A case of GAM in a state in which a verb is possible, and what to send with the verb."""

from collections.abc import Callable, Mapping
from typing import Any

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Attachment, Case
from bekhedmetkom.cases.rules.contact import ContactType
from bekhedmetkom.catalogue.models import Service
from bekhedmetkom.catalogue.rules import Disposition
from bekhedmetkom.entities.models import Entity
from bekhedmetkom.entities.table_cache import refresh_versions
from bekhedmetkom.problems.models import Problem
from tests.factories import create_upload
from tests.personas import DAY, NOON, Jordan, place_under_minister

TEXT_BODY: dict[str, Any] = {"text": "نعالجها هذا الأسبوع"}
REASON_BODY: dict[str, Any] = {"reason": "السبب كما هو"}
REPLY_BODY: dict[str, Any] = {**TEXT_BODY, "disposition": "upheld"}
UNTIL_BODY: dict[str, Any] = {"until": "2026-11-26T10:00:00+03:00"}

ACTION_BODIES: Mapping[str, Any] = {
    "classify": {"service": "GAM-002"},
    "assign": {"unit": "LIGHTING"},
    "refer": {"entity": "MOH", **REASON_BODY},
    "return": REASON_BODY,
    "accept": None,
    "ask": TEXT_BODY,
    "note": TEXT_BODY,
    "draft": TEXT_BODY,
    "submit": REPLY_BODY,
    "approve": {},
    "send-back": REASON_BODY,
    "answer": REPLY_BODY,
    "extend": REASON_BODY,
    "reclassify": {"kind": "question", **REASON_BODY},
    "escalate": {"level": "minister", **REASON_BODY},
    "decide": {"outcome": "upheld", **TEXT_BODY},
    "reveal": REASON_BODY,
    "confirm": None,
    "split": TEXT_BODY,
    "close": None,
    "snooze": UNTIL_BODY,
    "recuse": REASON_BODY,
    "instruct": {**TEXT_BODY, **UNTIL_BODY},
    "ask-head": {**TEXT_BODY, **UNTIL_BODY},
    "delegate": {"to": "head_of_body", **TEXT_BODY, **UNTIL_BODY},
    "report": TEXT_BODY,
    "task": {"unit": "LIGHTING", **TEXT_BODY, **UNTIL_BODY},
    "contribute": TEXT_BODY,
    "call-off": REASON_BODY,
    "join": {"entity": "MOH", **TEXT_BODY, **UNTIL_BODY},
    "take-part": {},
    "decline": REASON_BODY,
    "commit": {**TEXT_BODY, **UNTIL_BODY},
    "fulfil": TEXT_BODY,
    "transcribe": TEXT_BODY,
    "call": TEXT_BODY,
    "hear": {"solved": False},
    "concern": {"unit": "ROADS"},
    "release": {"text": "حفرة في الشارع قرب المدرسة"},
}


def create_case_for_action(jordan: Jordan, verb: str) -> tuple[Case, Any]:
    """The case as the verb needs it, and the body that goes with the verb."""
    case = CASE_FACTORIES.get(verb, create_assigned_case)(jordan)
    case.refresh_from_db()
    if verb == "merge":
        return case, {"into": jordan.create_case().reference}
    if verb == "link":
        return case, {"problem": create_problem()}
    if verb == "show":
        return case, {"file": str(Attachment.objects.get(case=case).pk)}
    return case, ACTION_BODIES[verb]


def create_problem(**given: Any) -> int:
    """A confirmed one of GAM."""
    usual: dict[str, Any] = {
        "status": "confirmed", "name_ar": "حفر في شارع الجامعة", "name_en": "Potholes in University Street",
        "note_ar": "تعمل عليها فرقتان.", "note_en": "Two crews are at work.", "confirmed_at": NOON, "found_at": NOON,
        "fix_on": (NOON + 5 * DAY).date(), "version": 2,
    }  # fmt: skip
    body = Entity.objects.get(code="GAM")
    return Problem.objects.create(**{"entity": body, **usual, **given}).pk


def create_waiting_case(jordan: Jordan) -> Case:
    return jordan.create_case()


def create_assigned_case(jordan: Jordan, case: Case | None = None) -> Case:
    return _run_command(case or jordan.create_case(), commands.assign_case, jordan.main, unit=jordan.roads)


def create_referred_case(jordan: Jordan) -> Case:
    case = jordan.create_case(entity=jordan.entities["MOH"])
    return _run_command(
        case, commands.refer_case, jordan.rival, entity=jordan.entities["GAM"], reason="لأمانة عمان"
    )


def create_submitted_case(jordan: Jordan, disposition: Disposition = Disposition.UPHELD) -> Case:
    return _run_command(
        create_assigned_case(jordan),
        commands.submit_reply,
        jordan.roads_officer,
        text="أصلحناها",
        disposition=disposition,
    )


def create_abuse_case(jordan: Jordan) -> Case:
    return create_submitted_case(jordan, Disposition.ABUSE)


def create_instructed_case(jordan: Jordan) -> Case:
    return _run_command(
        create_assigned_case(jordan),
        commands.give_instruction,
        jordan.head,
        text="أصلحوها",
        until=NOON + 2 * DAY,
    )


def create_roads_task_case(jordan: Jordan) -> Case:
    case = _run_command(jordan.create_case(), commands.assign_case, jordan.main, unit=jordan.lighting)
    return _run_command(
        case, commands.create_task, jordan.lighting_officer, unit=jordan.roads, text="صورة", until=NOON + DAY
    )


def create_lighting_task_case(jordan: Jordan) -> Case:
    case = create_assigned_case(jordan)
    return _run_command(
        case, commands.create_task, jordan.roads_officer, unit=jordan.lighting, text="صورة", until=NOON + DAY
    )


def create_joint_case(jordan: Jordan) -> Case:
    """A body that GAM's own main officer serves is asked."""
    case, below = create_assigned_case(jordan), jordan.entities["GAM-01"]
    return _run_command(
        case, commands.request_participation, jordan.main, entity=below, text="صورة", until=NOON + DAY
    )


def create_answered_case(jordan: Jordan, case: Case | None = None) -> Case:
    return _run_command(
        create_assigned_case(jordan, case),
        commands.answer_case,
        jordan.roads_officer,
        text="أصلحناها",
        disposition=Disposition.UPHELD,
    )


def create_resolved_case(jordan: Jordan) -> Case:
    case = create_answered_case(jordan)
    return _run_command(case, commands.rate_case, jordan.get_citizen(case), solved=True)


def create_appealed_case(jordan: Jordan) -> Case:
    case = create_answered_case(jordan)
    return _run_command(case, commands.appeal_case, jordan.get_citizen(case), reason="الحفرة ما زالت")


def create_withheld_case(jordan: Jordan) -> Case:
    return _run_command(
        jordan.create_case(withhold_identity=True),
        commands.assign_case,
        jordan.pm,
        officer=jordan.pm.officer_id,
    )


def create_voice_case(jordan: Jordan) -> Case:
    return create_assigned_case(jordan, jordan.create_case("", uploads=(create_upload("audio/ogg"),)))


def create_unreached_case(jordan: Jordan) -> Case:
    case = create_assigned_case(jordan)
    assert commands.record_failed_contact(case=case.pk, contact=ContactType.PHONE, at=NOON)
    return case


def create_publishable_case(jordan: Jordan) -> Case:
    """About a topic whose cases may be shown to everybody; its citizen agrees."""
    Service.objects.filter(code="GAM-001").update(public=True)
    refresh_versions()
    return create_assigned_case(jordan, jordan.create_case(service=jordan.services["GAM-001"], agreed=True))


def create_case_with_file(jordan: Jordan) -> Case:
    return _run_command(
        create_assigned_case(jordan),
        commands.add_note,
        jordan.roads_officer,
        text="صورة",
        uploads=(create_upload(),),
    )


def create_sector_case(jordan: Jordan) -> Case:
    place_under_minister(jordan)
    return create_assigned_case(jordan)


CASE_FACTORIES: Mapping[str, Callable[[Jordan], Case]] = {
    "ask-head": create_sector_case,
    "delegate": create_sector_case,
    "classify": create_waiting_case,
    "accept": create_referred_case,
    "approve": create_submitted_case,
    "send-back": create_submitted_case,
    "confirm": create_abuse_case,
    "close": create_resolved_case,
    "report": create_instructed_case,
    "decide": create_appealed_case,
    "reveal": create_withheld_case,
    "contribute": create_roads_task_case,
    "call-off": create_lighting_task_case,
    "take-part": create_joint_case,
    "decline": create_joint_case,
    "call": create_unreached_case,
    "hear": create_answered_case,
    "transcribe": create_voice_case,
    "show": create_case_with_file,
    "release": create_publishable_case,
}


def _run_command(case: Case, command: Callable[..., int], actor: Any, **given: Any) -> Case:
    case.refresh_from_db()
    command(case=case.pk, seen=case.seq, actor=actor, at=NOON, **given)
    case.refresh_from_db()
    return case
