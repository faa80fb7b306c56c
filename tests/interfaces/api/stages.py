"""A case of GAM in a state in which a verb is possible, and what to send with the verb."""

from collections.abc import Callable, Mapping
from typing import Any

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Attachment, Case
from bekhedmetkom.cases.rules.contact import Contact
from bekhedmetkom.catalogue.models import Service
from bekhedmetkom.catalogue.rules import Disposition
from bekhedmetkom.entities.models import Entity
from bekhedmetkom.entities.versions import ask_again
from bekhedmetkom.problems.models import Problem
from tests.personas import DAY, NOON, Jordan, below_the_minister
from tests.uploads import upload

TEXT: dict[str, Any] = {"text": "نعالجها هذا الأسبوع"}
REASON: dict[str, Any] = {"reason": "السبب كما هو"}
REPLY: dict[str, Any] = {**TEXT, "disposition": "upheld"}
LATER: dict[str, Any] = {"until": "2026-11-26T10:00:00+03:00"}

SENDS: Mapping[str, Any] = {
    "classify": {"service": "GAM-002"}, "assign": {"unit": "LIGHTING"}, "refer": {"entity": "MOH", **REASON},
    "return": REASON, "accept": None, "ask": TEXT, "note": TEXT, "draft": TEXT, "submit": REPLY, "approve": {},
    "send-back": REASON, "answer": REPLY, "extend": REASON, "reclassify": {"kind": "question", **REASON},
    "escalate": {"level": "minister", **REASON}, "decide": {"outcome": "upheld", **TEXT}, "reveal": REASON,
    "confirm": None, "split": TEXT, "close": None, "snooze": LATER, "recuse": REASON, "instruct": {**TEXT, **LATER},
    "ask-head": {**TEXT, **LATER}, "delegate": {"to": "head_of_body", **TEXT, **LATER}, "report": TEXT,
    "task": {"unit": "LIGHTING", **TEXT, **LATER}, "contribute": TEXT, "call-off": REASON,
    "join": {"entity": "MOH", **TEXT, **LATER}, "take-part": {}, "decline": REASON,
    "commit": {**TEXT, **LATER}, "fulfil": TEXT,
    "transcribe": TEXT, "call": TEXT, "hear": {"solved": False}, "concern": {"unit": "ROADS"},
    "release": {"text": "حفرة في الشارع قرب المدرسة"},
}  # fmt: skip


def stage(jordan: Jordan, verb: str) -> tuple[Case, Any]:
    """The case as the verb needs it, and the body that goes with the verb."""
    case = STAGES.get(verb, assigned)(jordan)
    case.refresh_from_db()
    if verb == "merge":
        return case, {"into": jordan.case().reference}
    if verb == "link":
        return case, {"problem": a_problem()}
    if verb == "show":
        return case, {"file": str(Attachment.objects.get(case=case).pk)}
    return case, SENDS[verb]


def a_problem(**given: Any) -> int:
    """A confirmed one of GAM."""
    usual: dict[str, Any] = {
        "status": "confirmed", "name_ar": "حفر في شارع الجامعة", "name_en": "Potholes in University Street",
        "note_ar": "تعمل عليها فرقتان.", "note_en": "Two crews are at work.", "confirmed_at": NOON, "found_at": NOON,
        "fix_on": (NOON + 5 * DAY).date(), "steps_taken": 2,
    }  # fmt: skip
    body = Entity.objects.get(code="GAM")
    return Problem.objects.create(**{"entity": body, **usual, **given}).pk


def waiting(jordan: Jordan) -> Case:
    return jordan.case()


def assigned(jordan: Jordan, case: Case | None = None) -> Case:
    return _then(case or jordan.case(), commands.assign, jordan.main, unit=jordan.roads)


def referred(jordan: Jordan) -> Case:
    case = jordan.case(entity=jordan.entities["MOH"])
    return _then(case, commands.refer, jordan.rival, entity=jordan.entities["GAM"], reason="لأمانة عمان")


def submitted(jordan: Jordan, disposition: Disposition = Disposition.UPHELD) -> Case:
    return _then(
        assigned(jordan),
        commands.submit_reply,
        jordan.roads_officer,
        text="أصلحناها",
        disposition=disposition,
    )


def called_abuse(jordan: Jordan) -> Case:
    return submitted(jordan, Disposition.ABUSE)


def instructed(jordan: Jordan) -> Case:
    return _then(assigned(jordan), commands.instruct, jordan.head, text="أصلحوها", until=NOON + 2 * DAY)


def asked_of_roads(jordan: Jordan) -> Case:
    case = _then(jordan.case(), commands.assign, jordan.main, unit=jordan.lighting)
    return _then(
        case, commands.task, jordan.lighting_officer, unit=jordan.roads, text="صورة", until=NOON + DAY
    )


def asked_of_lighting(jordan: Jordan) -> Case:
    case = assigned(jordan)
    return _then(
        case, commands.task, jordan.roads_officer, unit=jordan.lighting, text="صورة", until=NOON + DAY
    )


def asked_to_join(jordan: Jordan) -> Case:
    """A body that GAM's own main officer serves is asked."""
    case, below = assigned(jordan), jordan.entities["GAM-01"]
    return _then(case, commands.join, jordan.main, entity=below, text="صورة", until=NOON + DAY)


def answered(jordan: Jordan, case: Case | None = None) -> Case:
    return _then(
        assigned(jordan, case),
        commands.answer,
        jordan.roads_officer,
        text="أصلحناها",
        disposition=Disposition.UPHELD,
    )


def resolved(jordan: Jordan) -> Case:
    case = answered(jordan)
    return _then(case, commands.rate, jordan.citizen(case), solved=True)


def appealed(jordan: Jordan) -> Case:
    case = answered(jordan)
    return _then(case, commands.appeal, jordan.citizen(case), reason="الحفرة ما زالت")


def withheld(jordan: Jordan) -> Case:
    return _then(
        jordan.case(withhold_identity=True), commands.assign, jordan.pm, officer=jordan.pm.officer_id
    )


def spoken(jordan: Jordan) -> Case:
    return assigned(jordan, jordan.case("", uploads=(upload("audio/ogg"),)))


def unreached(jordan: Jordan) -> Case:
    case = assigned(jordan)
    assert commands.could_not_reach(case=case.pk, contact=Contact.PHONE, at=NOON)
    return case


def to_be_shown(jordan: Jordan) -> Case:
    """About a topic whose cases may be shown to everybody; its citizen agrees."""
    Service.objects.filter(code="GAM-001").update(public=True)
    ask_again()
    return assigned(jordan, jordan.case(service=jordan.services["GAM-001"], agreed=True))


def with_a_file(jordan: Jordan) -> Case:
    return _then(assigned(jordan), commands.note, jordan.roads_officer, text="صورة", uploads=(upload(),))


def of_a_sector(jordan: Jordan) -> Case:
    below_the_minister(jordan)
    return assigned(jordan)


STAGES: Mapping[str, Callable[[Jordan], Case]] = {
    "ask-head": of_a_sector, "delegate": of_a_sector,
    "classify": waiting, "accept": referred, "approve": submitted, "send-back": submitted, "confirm": called_abuse,
    "close": resolved, "report": instructed, "decide": appealed, "reveal": withheld,
    "contribute": asked_of_roads, "call-off": asked_of_lighting,
    "take-part": asked_to_join, "decline": asked_to_join,
    "call": unreached, "hear": answered, "transcribe": spoken, "show": with_a_file, "release": to_be_shown,
}  # fmt: skip


def _then(case: Case, command: Callable[..., int], actor: Any, **given: Any) -> Case:
    case.refresh_from_db()
    command(case=case.pk, seen=case.seq, actor=actor, at=NOON, **given)
    case.refresh_from_db()
    return case
