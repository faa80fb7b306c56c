"""Every verb under `If-Match`: what it needs, what it refuses, and how it leaves the case."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Case, Event
from bekhedmetkom.cases.queries import verify_journal
from bekhedmetkom.cases.rules.actions import ACTIONS
from bekhedmetkom.cases.rules.case_state import STATE_COLUMNS
from bekhedmetkom.cases.rules.undo import UNDOABLE_EVENTS
from bekhedmetkom.cases.workspace_models import Draft
from bekhedmetkom.kernel.actor import Actor
from tests.personas import HOUR, NOON, Jordan

from .api_client import ApiClient, get_problem_slug, list_error_fields, parse_problem
from .case_stages import (
    ACTION_BODIES,
    REASON_BODY,
    REPLY_BODY,
    TEXT_BODY,
    create_assigned_case,
    create_case_for_action,
    create_referred_case,
    create_submitted_case,
    create_waiting_case,
)

Of = Callable[[Actor], ApiClient]
PERSONA_BY_ACTION: Mapping[str, str] = {  # an officer who may, where it is not the main officer
    "ask": "roads_officer", "approve": "approver", "send-back": "approver", "extend": "manager",
    "instruct": "head", "reveal": "pm", "ask-head": "minister", "delegate": "minister",
}  # fmt: skip
STATE_AFTER: Mapping[str, str] = {
    "classify": "classified", "assign": "assigned", "accept": "classified", "ask": "awaiting_citizen",
    "submit": "awaiting_approval", "approve": "answered", "send-back": "assigned", "answer": "answered",
    "confirm": "answered", "merge": "merged", "close": "closed", "return": "classified",
}  # fmt: skip
ACTIONS_LOSING_SIGHT = {"refer", "recuse"}  # afterwards the officer no longer has the case


def get_actor(verb: str, case: Case, jordan: Jordan) -> Actor:
    if verb == "decide":
        return jordan.reviewer if case.reviewer_id == jordan.reviewer.officer_id else jordan.second_reviewer
    return jordan.people[PERSONA_BY_ACTION.get(verb, "main")]


@pytest.mark.parametrize("verb", ACTIONS)
def test_every_verb_moves_the_case_on_and_answers_with_it(verb: str, jordan: Jordan, of: Of) -> None:
    case, body = create_case_for_action(jordan, verb)
    before = case.seq
    answer = of(get_actor(verb, case, jordan)).run_action(case, verb, **(body or {}))

    assert answer.status_code == 200, answer.content.decode()
    case.refresh_from_db()
    after = answer.json()
    assert case.seq == (before if verb == "draft" else before + 1)
    assert answer.headers["ETag"] == f'"{case.seq}"' == f'"{after["seq"]}"'
    if verb in ACTIONS_LOSING_SIGHT:
        assert after == {"reference": case.reference, "seq": case.seq, "can": []}
    elif verb in STATE_AFTER:
        assert after["status"] == STATE_AFTER[verb]
    if verb != "draft" and verb not in ACTIONS_LOSING_SIGHT and verb != "decide":
        assert after["journal"][0]["by"]["en"]


@pytest.mark.parametrize("verb", ACTIONS)
def test_no_verb_works_without_saying_what_was_seen(verb: str, jordan: Jordan, of: Of) -> None:
    case, body = create_case_for_action(jordan, verb)
    program = of(get_actor(verb, case, jordan))
    sendings: tuple[Any, ...] = (body, {})
    for sent in sendings:
        answer = program.post(f"/desk/cases/{case.reference}/{verb}", sent)
        assert (answer.status_code, get_problem_slug(answer)) == (428, "if-match-required")


@pytest.mark.parametrize("verb", ACTIONS)
def test_no_verb_works_on_what_has_changed(verb: str, jordan: Jordan, of: Of) -> None:
    case, body = create_case_for_action(jordan, verb)
    actor = get_actor(verb, case, jordan)
    seen = case.seq
    citizen = jordan.get_citizen(case)
    if verb == "close":
        commands.appeal_case(case=case.pk, seen=seen, actor=citizen, at=NOON, reason="عادت الحفرة")
    else:
        commands.add_message(case=case.pk, seen=seen, actor=citizen, at=NOON, text="ما زالت على حالها")
    changed = ["citizen.appealed" if verb == "close" else "citizen.wrote"]

    sendings: tuple[dict[str, Any], ...] = (body or {}, {})
    for sent in sendings:
        answer = of(actor).run_action(case, verb, seen=seen, **sent)
        assert (answer.status_code, get_problem_slug(answer)) == (409, "changed-meanwhile")
        assert (parse_problem(answer)["changed"], parse_problem(answer)["seq"]) == (changed, seen + 1)
        assert answer.headers["ETag"] == f'"{seen + 1}"'
    case.refresh_from_db()
    assert case.seq == seen + 1


def test_what_time_did_meanwhile_is_no_conflict(
    jordan: Jordan, of: Of, stands: Callable[[Any], None]
) -> None:
    case = create_assigned_case(jordan)
    stands(case.due_at + HOUR)
    commands.sweep_deadlines(case.due_at + HOUR)
    answer = of(jordan.main).run_action(case, "answer", seen=2, **REPLY_BODY)
    assert answer.status_code == 200
    assert "clock.overdue" in [entry["event"] for entry in answer.json()["journal"]]


@pytest.mark.parametrize("tag", ['"x"', "*", '"-1"', '"1.0"', '"9999999999"', '"²"'])
def test_a_seq_is_a_number(tag: str, jordan: Jordan, of: Of) -> None:
    case = jordan.create_case()
    answer = of(jordan.main).post(f"/desk/cases/{case.reference}/assign", {"unit": "ROADS"}, If_Match=tag)
    assert (answer.status_code, get_problem_slug(answer)) == (400, "malformed-request")


@pytest.mark.parametrize("tag", ["1", '"1"', 'W/"1"', ' "1" '])
def test_a_seq_may_be_written_as_tags_are(tag: str, jordan: Jordan, of: Of) -> None:
    case = jordan.create_case()
    answer = of(jordan.main).post(f"/desk/cases/{case.reference}/assign", {"unit": "ROADS"}, If_Match=tag)
    assert answer.status_code == 200


def test_a_seq_that_never_was_is_a_conflict(jordan: Jordan, of: Of) -> None:
    assert of(jordan.main).run_action(jordan.create_case(), "assign", seen=7, unit="ROADS").status_code == 409


def test_what_is_not_possible_now_says_what_is(jordan: Jordan, of: Of) -> None:
    case = create_waiting_case(jordan)
    main = of(jordan.main)
    answer = main.run_action(case, "ask", **TEXT_BODY)
    assert (answer.status_code, get_problem_slug(answer)) == (409, "not-possible-now")
    assert parse_problem(answer)["possible"] == main.get(f"/desk/cases/{case.reference}").json()["can"]


def test_nobody_approves_their_own_words(jordan: Jordan, of: Of) -> None:
    case = create_assigned_case(jordan)
    of(jordan.main).run_action(case, "submit", text="رد", disposition="spam_or_abuse")
    answer = of(jordan.main).run_action(case, "confirm")
    assert (answer.status_code, get_problem_slug(answer)) == (403, "not-allowed")
    assert of(jordan.manager).run_action(case, "confirm").status_code == 200


def test_a_draft_is_kept_for_its_writer(jordan: Jordan, of: Of) -> None:
    case = create_assigned_case(jordan)
    said = of(jordan.main).run_action(case, "draft", text="نعمل عليها", disposition="upheld").json()
    assert said["draft"] == {"text": "نعمل عليها", "disposition": "upheld", "quality_reason": ""}
    assert of(jordan.roads_officer).get(f"/desk/cases/{case.reference}").json()["draft"] is None
    assert Draft.objects.count() == 1
    assert Event.objects.filter(case=case).count() == 2


def test_a_referral_takes_the_case_along(jordan: Jordan, of: Of) -> None:
    case = create_referred_case(jordan)
    assert of(jordan.rival).get(f"/desk/cases/{case.reference}").status_code == 404
    assert of(jordan.main).run_action(case, "accept").json()["status"] == "classified"


def test_an_officer_is_given_a_case_by_id(jordan: Jordan, of: Of) -> None:
    case = jordan.create_case()
    main = of(jordan.main)
    shown = main.get(f"/desk/cases/{case.reference}").json()
    roads = next(who for who in shown["assignable"]["officers"] if who["name_en"] == "Roads_Officer")
    after = main.run_action(case, "assign", officer=roads["id"]).json()
    assert (after["officer"]["en"], after["unit"]["en"]) == ("Roads_Officer", "Street maintenance")


@pytest.mark.parametrize(
    ("verb", "body", "wrong"),
    [
        ("assign", {}, ["body"]),
        ("assign", {"unit": "NOWHERE"}, ["unit"]),
        ("assign", {"unit": ""}, ["unit"]),
        ("assign", {"officer": "five"}, ["officer"]),
        ("assign", {"officer": 2**80}, ["officer"]),
        ("assign", {"officer": 10**9}, ["officer"]),
        ("classify", {}, ["body"]),
        ("classify", {"entity": "NOWHERE"}, ["entity"]),
        ("classify", {"entity": "MOH"}, ["entity"]),
        ("refer", {"entity": "GAM", **REASON_BODY}, ["entity"]),
        ("refer", {"entity": "MOH"}, ["reason"]),
        ("return", {"reason": " "}, ["reason"]),
        ("ask", {"text": "ط" * 4001}, ["text"]),
        ("answer", {"text": "رد", "disposition": "nice"}, ["disposition"]),
        ("answer", {"text": "رد", "disposition": "adopted"}, ["disposition"]),
        ("submit", TEXT_BODY, ["disposition"]),
        ("escalate", {"level": "king", **REASON_BODY}, ["level"]),
        ("reclassify", {"kind": "rant", **REASON_BODY}, ["kind"]),
        ("reclassify", {"kind": "question", "service": "MOH-001", **REASON_BODY}, ["service"]),
        ("merge", {"into": "nonsense"}, ["into"]),
        ("merge", {"into": "BK-0000-0000"}, ["into"]),
        ("snooze", {"until": "tomorrow"}, ["until"]),
        ("snooze", {"until": "2026-11-26T10:00:00"}, ["until"]),
        ("snooze", {"until": 1795678800}, ["until"]),
        ("snooze", {"until": "9999-12-31T23:59:59-12:00"}, ["until"]),
        ("snooze", {"until": "2026-11-23"}, ["until"]),
        ("commit", {"text": "نعبّدها", "until": "2026-01-01"}, ["until"]),
        ("note", {"text": "ملاحظة", "colour": "red"}, ["colour"]),
        ("note", [], ["body"]),
        ("note", "text", ["body"]),
        ("note", None, ["body"]),
    ],
)  # fmt: skip
def test_each_wrong_field_is_named(verb: str, body: Any, wrong: list[str], jordan: Jordan, of: Of) -> None:
    case = (create_waiting_case if verb == "classify" else create_assigned_case)(jordan)
    answer = of(jordan.main).post(f"/desk/cases/{case.reference}/{verb}", body, If_Match=f'"{case.seq}"')
    assert (answer.status_code, list_error_fields(answer)) == (422, wrong)
    assert all(error["message_ar"] and error["message_en"] for error in answer.json()["errors"])
    case.refresh_from_db()
    assert case.seq == (1 if verb == "classify" else 2)


def test_a_date_alone_is_until_its_end_in_jordan(jordan: Jordan, of: Of) -> None:
    case = create_assigned_case(jordan)
    shown = of(jordan.main).run_action(case, "snooze", until="2026-11-26").json()
    assert shown["snoozed_until"] == "2026-11-26T20:59:59Z"


def test_merging_needs_a_case_that_one_has(jordan: Jordan, of: Of) -> None:
    case, foreign = jordan.create_case(), jordan.create_case(entity=jordan.entities["MOH"])
    assert list_error_fields(of(jordan.main).run_action(case, "merge", into=foreign.reference)) == ["into"]


def test_no_verb_lacks_something_to_send() -> None:
    assert (
        ACTION_BODIES.keys() | {"merge", "link", "show"} == ACTIONS.keys()
    )  # these need another case, a problem, a file


EMPTY_REPLY = "تم اتخاذ الإجراءات اللازمة."


def test_a_reply_that_says_too_little_is_a_problem_that_says_what_and_where(jordan: Jordan, of: Of) -> None:
    case, roads = create_assigned_case(jordan), of(jordan.roads_officer)
    answer = roads.run_action(case, "answer", text=f"أصلحناها أمس. {EMPTY_REPLY}", disposition="upheld")
    assert (answer.status_code, get_problem_slug(answer)) == (422, "says-too-little")
    assert list_error_fields(answer) == ["quality_reason", "text"]
    said = parse_problem(answer)
    assert said["score"] < said["threshold"] == 50
    assert {"code": "empty_sentence", "start": 14, "end": 14 + len(EMPTY_REPLY)}.items() <= said["findings"][
        0
    ].items()
    assert {finding["code"] for finding in said["findings"]} == {
        "empty_sentence", "no_unit", "no_way_to_object",
    }  # fmt: skip
    after = roads.run_action(
        case, "answer", text=EMPTY_REPLY, disposition="upheld", quality_reason="التحقيق مستمر"
    )
    assert after.json()["status"] == "answered"
    assert Event.objects.get(case=case, kind="case.answered").data["overridden"] == 1


def test_an_approver_says_why_it_goes_out_as_it_is(jordan: Jordan, of: Of) -> None:
    case = create_assigned_case(jordan)
    of(jordan.roads_officer).run_action(
        case, "submit", text=EMPTY_REPLY, disposition="upheld", quality_reason="بطلب من القسم القانوني"
    )
    approver = of(jordan.approver)
    assert get_problem_slug(approver.run_action(case, "approve")) == "says-too-little"
    assert get_problem_slug(approver.run_action(case, "approve", quality_reason=" ")) == "says-too-little"
    assert approver.run_action(case, "approve", quality_reason="وافقت").json()["status"] == "answered"


def test_approval_needs_no_body(jordan: Jordan, of: Of) -> None:
    case = create_submitted_case(jordan)
    approver = of(jordan.approver)
    answer = approver.client.post(
        f"/api/v1/desk/cases/{case.reference}/approve",
        headers=approver.headers | {"If-Match": f'"{case.seq}"'},
        content_type="application/json",
    )
    assert answer.json()["status"] == "answered"


def test_a_draft_keeps_the_reason_too(jordan: Jordan, of: Of) -> None:
    said = (
        of(jordan.main)
        .run_action(create_assigned_case(jordan), "draft", text=EMPTY_REPLY, quality_reason="مؤقت")
        .json()
    )
    assert said["draft"]["quality_reason"] == "مؤقت"


UNDOABLE_VERBS = [
    verb for verb, (_, events) in ACTIONS.items() if UNDOABLE_EVENTS.issuperset(events) and verb != "draft"
]


@pytest.mark.parametrize("verb", UNDOABLE_VERBS)
def test_an_officer_takes_back_what_was_just_done_and_the_case_is_as_it_was(
    verb: str, jordan: Jordan, of: Of, stands: Callable[[Any], None]
) -> None:
    case, body = create_case_for_action(jordan, verb)
    before = {name: getattr(case, name) for name in STATE_COLUMNS if name not in ("seq", "updated_at")}
    program = of(get_actor(verb, case, jordan))
    assert program.run_action(case, verb, **(body or {})).status_code == 200
    stands(NOON + HOUR + timedelta(seconds=9))
    answer = program.run_action(case, "undo")
    assert answer.status_code == 200, answer.content.decode()
    case.refresh_from_db()
    assert {name: getattr(case, name) for name in before} == before
    assert (answer.json()["seq"], answer.headers["ETag"]) == (case.seq, f'"{case.seq}"')
    assert [line["undone"] for line in answer.json()["journal"][:2]] == [False, True]
    assert list(verify_journal()) == []


def test_too_late_to_take_back(jordan: Jordan, of: Of, stands: Callable[[Any], None]) -> None:
    case = create_assigned_case(jordan)
    program = of(jordan.main)
    program.run_action(case, "note", **TEXT_BODY)
    stands(NOON + HOUR + timedelta(seconds=11))
    answer = program.run_action(case, "undo")
    assert (answer.status_code, get_problem_slug(answer)) == (409, "not-possible-now")
    assert "note" in parse_problem(answer)["possible"]
    assert program.run_action(case, "undo", seen=1).status_code == 409
    assert program.post(f"/desk/cases/{case.reference}/undo").status_code == 428
