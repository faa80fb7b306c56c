"""With reference and access code: reading, writing, rating, appealing, withdrawing; and nothing without them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from bekhedmetkom.cases.models import Case, Event
from bekhedmetkom.cases.queries import verify_journal
from bekhedmetkom.kernel.actor import Actor
from tests.personas import DAY, HOUR, NOON, Jordan

from .api_client import ApiClient, get_problem_slug, list_error_fields, parse_problem
from .case_stages import create_answered_case, create_assigned_case

BRIBE = "الموظف طلب مني رشوة 50 دينار حتى يمشي المعاملة"
VERBS = {
    "messages": {"text": "معلومة"}, "rating": {"solved": True}, "appeal": {"reason": "لم يُحل"}, "withdraw": None,
}  # fmt: skip


def test_what_the_person_sees(jordan: Jordan, anyone: ApiClient) -> None:
    taken = jordan.submit(service=jordan.services["GAM-002"])
    create_assigned_case(jordan, Case.objects.get(pk=taken.case))

    answer = anyone.with_access_code(taken).get(f"/cases/{taken.reference}")

    case = answer.json()
    assert (case["reference"], case["kind"], case["status"]) == (taken.reference, "complaint", "assigned")
    assert (case["entity"], case["service"], case["overdue"], case["seq"]) == ("GAM", "GAM-002", False, 2)
    assert case["can"] == {"reply": True, "rate": False, "appeal": False, "withdraw": True}
    assert case["response"] == ""
    assert [step["event"] for step in case["timeline"]] == ["case.assigned", "case.submitted"]
    assert all(step["ar"] and step["en"] for step in case["timeline"])
    for moment in (case["due_at"], case["updated_at"], case["timeline"][0]["at"]):
        assert datetime.fromisoformat(moment).utcoffset() is not None
    assert answer.headers["ETag"] == '"2"'
    assert "no-store" in answer.headers["Cache-Control"]
    assert "موظف" not in str([step["ar"] for step in case["timeline"]]).replace("موظف مسؤول", "")


@pytest.mark.parametrize(
    "typed",
    ["{0}", "{1}", "bk {1}", "BK-{0}", "{2}"],
    ids=["plain", "no dashes", "small", "twice", "arabic digits"],
)
def test_a_reference_is_understood_however_it_is_typed(typed: str, jordan: Jordan, anyone: ApiClient) -> None:
    taken = jordan.submit()
    short = taken.reference.removeprefix("BK-").replace("-", "")
    arabic = short.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    said = typed.format(taken.reference, short.lower(), arabic)
    expected = 404 if typed == "BK-{0}" else 200
    assert anyone.with_access_code(taken).get(f"/cases/{said}").status_code == expected


def test_codes_with_and_without_a_dash(jordan: Jordan, anyone: ApiClient) -> None:
    taken = jordan.submit()
    code = f"{taken.access_code[:5]}-{taken.access_code[5:]}"
    assert anyone.with_access_code({"access_code": code}).get(f"/cases/{taken.reference}").status_code == 200


@pytest.mark.parametrize("path", ["", *(f"/{verb}" for verb in VERBS)])
def test_an_unknown_reference_and_a_wrong_code_answer_alike(
    path: str, jordan: Jordan, anyone: ApiClient
) -> None:
    taken = jordan.submit()
    ask = anyone.get if not path else anyone.post
    wrong = ApiClient({"X-Access-Code": "00000-00000"})
    answers = []
    for program, reference in (
        (wrong, taken.reference), (wrong, "BK-0000-0000"), (wrong, "nonsense"), (anyone, taken.reference),
        (ApiClient({"X-Access-Code": "abc"}), taken.reference), (ApiClient({"X-Access-Code": "\xff\xfe"}), "%00"),
    ):  # fmt: skip
        ask = program.get if not path else program.post
        given = (VERBS[path[1:]],) if path else ()
        answers.append(ask(f"/cases/{reference}{path}", *given))

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert Event.objects.filter(case=taken.case).count() == 1


def test_guessing_a_code_gets_slow_and_knowing_it_does_not(
    jordan: Jordan, anyone: ApiClient, stands: Callable[[datetime], None]
) -> None:
    taken = jordan.submit()
    path = f"/cases/{taken.reference}"
    assert {anyone.with_access_code(taken).get(path).status_code for _ in range(40)} == {200}

    guesses = [ApiClient({"X-Access-Code": f"{n:010d}"}).get(path) for n in range(22)]

    slow = guesses[-1]
    assert (slow.status_code, get_problem_slug(slow)) == (429, "too-many-tries")
    wait = int(slow.headers["Retry-After"])
    assert wait >= 1
    stands(NOON + HOUR + timedelta(seconds=wait))
    assert anyone.with_access_code(taken).get(path).status_code == 200


def test_a_question_is_answered(jordan: Jordan, anyone: ApiClient, of: Callable[[Actor], ApiClient]) -> None:
    taken = jordan.submit()
    case = create_assigned_case(jordan, Case.objects.get(pk=taken.case))
    of(jordan.roads_officer).run_action(case, "ask", text="أين الحفرة بالضبط؟")
    mine = anyone.with_access_code(taken)
    waits = mine.get(f"/cases/{taken.reference}").json()
    assert (waits["status"], waits["question"]) == ("awaiting_citizen", "أين الحفرة بالضبط؟")

    after = mine.post(f"/cases/{taken.reference}/messages", {"text": "أمام المدرسة"}).json()

    assert after["status"] == "assigned"
    assert {"field": "message", "body": "أمام المدرسة"} in after["timeline"][0]["texts"]


def test_the_whole_loop(jordan: Jordan, anyone: ApiClient, of: Callable[[Actor], ApiClient]) -> None:
    taken = anyone.submit_case().json()
    path = f"/cases/{taken['reference']}"
    mine, case = anyone.with_access_code(taken), Case.objects.get(reference=taken["reference"])
    of(jordan.main).run_action(case, "assign", unit="ROADS")
    of(jordan.roads_officer).run_action(case, "answer", text="أصلحناها", disposition="upheld")
    told = mine.get(path).json()
    assert (told["status"], told["response"], told["can"]["rate"]) == ("answered", "أصلحناها", True)

    rated = mine.post(f"{path}/rating", {"solved": False, "stars": 2, "comment": "ما زالت معطلة"}).json()
    assert (rated["status"], rated["can"]["appeal"]) == ("answered", True)
    appealed = mine.post(f"{path}/appeal", {"reason": "لم يأت أحد"}).json()
    assert (appealed["status"], appealed["can"]["appeal"]) == ("appealed", False)

    case.refresh_from_db()
    reviewer = jordan.reviewer if case.reviewer_id == jordan.reviewer.officer_id else jordan.second_reviewer
    decided = of(reviewer).run_action(case, "decide", outcome="not_upheld", text="زرنا المكان، والإشارة تعمل")
    assert (decided.status_code, decided.json()["can"]) == (200, [])  # the reviewer's part is over
    told = mine.get(path).json()
    assert (told["status"], told["decision"]) == ("closed", "زرنا المكان، والإشارة تعمل")
    assert list(verify_journal()) == []


def test_a_yes_is_what_counts_as_resolved(jordan: Jordan, anyone: ApiClient) -> None:
    taken = jordan.submit()
    create_answered_case(jordan, Case.objects.get(pk=taken.case))
    said = (
        anyone.with_access_code(taken)
        .post(f"/cases/{taken.reference}/rating", {"solved": True, "stars": 5})
        .json()
    )
    assert (said["status"], said["can"]["rate"]) == ("resolved", False)


@pytest.mark.parametrize(
    ("verb", "possible"), [("rating", ["reply", "withdraw"]), ("appeal", ["reply", "withdraw"])]
)
def test_what_cannot_be_done_yet_says_what_can(
    verb: str, possible: list[str], jordan: Jordan, anyone: ApiClient
) -> None:
    taken = jordan.submit()
    answer = anyone.with_access_code(taken).post(f"/cases/{taken.reference}/{verb}", VERBS[verb])
    assert (answer.status_code, get_problem_slug(answer)) == (409, "not-possible-now")
    assert parse_problem(answer)["possible"] == possible


def test_the_time_for_an_appeal_ends(
    jordan: Jordan, anyone: ApiClient, stands: Callable[[datetime], None]
) -> None:
    taken = jordan.submit()
    create_answered_case(jordan, Case.objects.get(pk=taken.case))
    stands(NOON + 60 * DAY)
    answer = anyone.with_access_code(taken).post(
        f"/cases/{taken.reference}/appeal", VERBS["appeal"], Accept_Language="en"
    )
    assert (answer.status_code, get_problem_slug(answer)) == (409, "not-possible-now")


def test_withdrawn_once(jordan: Jordan, anyone: ApiClient) -> None:
    taken = jordan.submit()
    mine, path = anyone.with_access_code(taken), f"/cases/{taken.reference}/withdraw"
    assert mine.post(path).json()["status"] == "withdrawn"
    assert parse_problem(mine.post(path))["possible"] == []


def test_a_stale_if_match_is_a_conflict(jordan: Jordan, anyone: ApiClient) -> None:
    taken = jordan.submit()
    create_assigned_case(jordan, Case.objects.get(pk=taken.case))
    mine, path = anyone.with_access_code(taken), f"/cases/{taken.reference}/withdraw"
    answer = mine.post(path, None, If_Match='"1"')
    assert (answer.status_code, parse_problem(answer)["changed"]) == (409, ["case.assigned"])
    assert mine.post(path, None, If_Match='"2"').status_code == 200


@pytest.mark.parametrize(
    ("verb", "body", "wrong"),
    [
        ("messages", {}, ["text"]),
        ("messages", {"text": " "}, ["text"]),
        ("messages", {"text": "ط" * 4001}, ["text"]),
        ("rating", {}, ["solved"]),
        ("rating", {"solved": "yes"}, ["solved"]),
        ("rating", {"solved": True, "stars": 6}, ["stars"]),
        ("rating", {"solved": True, "stars": 4.5}, ["stars"]),
        ("rating", {"solved": True, "comment": "ط" * 2001}, ["comment"]),
        ("appeal", {}, ["reason"]),
        ("appeal", {"reason": ""}, ["reason"]),
    ],
)
def test_each_wrong_field_is_named(
    verb: str, body: dict[str, Any], wrong: list[str], jordan: Jordan, anyone: ApiClient
) -> None:
    taken = jordan.submit()
    answer = anyone.with_access_code(taken).post(f"/cases/{taken.reference}/{verb}", body)
    assert (answer.status_code, list_error_fields(answer)) == (422, wrong)


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("messages", {"text": BRIBE}),
        ("rating", {"solved": False, "comment": BRIBE}),
        ("appeal", {"reason": BRIBE}),
    ],
)
def test_the_gate_stands_before_every_word(
    verb: str, body: dict[str, Any], jordan: Jordan, anyone: ApiClient
) -> None:
    taken = jordan.submit()
    create_answered_case(jordan, Case.objects.get(pk=taken.case))
    mine, path = anyone.with_access_code(taken), f"/cases/{taken.reference}/{verb}"
    before = Event.objects.count()
    assert get_problem_slug(mine.post(path, body)) == "use-confidential-channel"
    assert Event.objects.count() == before
    assert mine.post(path, body | {"gate": "declined"}).status_code == 200
