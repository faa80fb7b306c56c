"""Tasks and joint cases on the desk's pages: what each sees of them, and what they send."""

from collections.abc import Callable

from bs4 import BeautifulSoup, Tag
from django.urls import reverse

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Case
from bekhedmetkom.kernel.actor import Actor
from tests.interfaces.desk.conftest import Desk
from tests.personas import DAY, NOON, Jordan

Sits = Callable[[Actor], Desk]
SUNDAY = "2026-11-25"


def create_assigned_case(jordan: Jordan) -> Case:
    case = jordan.create_case(at=NOON)
    commands.assign_case(case=case.pk, seen=1, unit=jordan.roads, actor=jordan.main, at=NOON)
    case.refresh_from_db()
    return case


def submit_action(desk: Desk, case: Case, verb: str, **fields: object) -> int:
    case.refresh_from_db()
    address = reverse("desk:act", args=[case.reference, verb])
    return desk.client.post(address, {"seen": case.seq, "key": f"{verb}-{case.seq}", **fields}).status_code


def get_page_text(desk: Desk, page: str, *where: str) -> str:
    answer = desk.client.get(reverse(page, args=where))
    assert answer.status_code == 200, page
    return BeautifulSoup(answer.content, "html.parser").get_text(" ", strip=True)


def test_a_task_from_its_form_to_its_answer(jordan: Jordan, sits: Sits) -> None:
    case, roads, lighting = (
        create_assigned_case(jordan),
        sits(jordan.roads_officer),
        sits(jordan.lighting_officer),
    )
    asked = {"unit": jordan.lighting, "text": "صوّروا العمود", "until": SUNDAY}
    assert submit_action(roads, case, "task", **asked) == 302
    assert "صوّروا العمود" in get_page_text(lighting, "desk:instructions")
    page = get_page_text(lighting, "desk:case", case.reference)
    assert "صوّروا العمود" in page
    assert "جواب المهمة" in page
    (task,) = (case.events.get(kind="task.asked"),)
    assert submit_action(lighting, case, "contribute", of=task.seq, text="صوّرناه اليوم") == 302
    assert "صوّرناه اليوم" in get_page_text(roads, "desk:case", case.reference)


def test_another_body_takes_part_by_its_pages(jordan: Jordan, sits: Sits) -> None:
    case, main, rival = create_assigned_case(jordan), sits(jordan.main), sits(jordan.rival)
    asked = {"entity": jordan.entities["MOH"], "text": "ما نتيجة الكشف؟", "until": SUNDAY}
    assert submit_action(main, case, "join", **asked) == 302
    assert "ما نتيجة الكشف؟" in get_page_text(rival, "desk:instructions")
    assert "قبول المشاركة" in get_page_text(rival, "desk:case", case.reference)
    part = case.events.get(kind="join.asked").seq
    assert submit_action(rival, case, "take-part", of=part) == 302
    assert submit_action(rival, case, "contribute", of=part, text="كشفنا") == 302
    assert "كشفنا" in get_page_text(main, "desk:case", case.reference)


def test_the_page_of_a_body_that_was_asked_names_the_citizen_once_it_takes_part(
    jordan: Jordan, sits: Sits
) -> None:
    case, rival = create_assigned_case(jordan), sits(jordan.rival)
    commands.request_participation(
        case=case.pk, seen=2, actor=jordan.main, at=NOON, entity=jordan.entities["MOH"], text="اكشفوا معنا",
        until=NOON + DAY,
    )  # fmt: skip
    page, printed = (
        get_page_text(rival, "desk:case", case.reference),
        get_page_text(rival, "desk:print", case.reference),
    )
    assert "تُظهر الصفحة اسمه للجهة حين تقبل المشاركة" in page
    assert "طلب حجب هويته" not in page
    assert "الهوية محجوبة" not in page
    assert "إظهار اسم مقدم الطلب" not in printed
    assert rival.client.post(reverse("desk:print", args=[case.reference])).status_code == 409
    for shown in (page, printed):
        assert "سامر" not in shown
    assert submit_action(rival, case, "take-part", of=3) == 302
    assert "سامر عواد" in get_page_text(rival, "desk:case", case.reference)
    assert "إظهار اسم مقدم الطلب" in get_page_text(rival, "desk:print", case.reference)


def test_a_body_that_returns_it_has_no_case_page_any_more(jordan: Jordan, sits: Sits) -> None:
    case, rival = create_assigned_case(jordan), sits(jordan.rival)
    commands.request_participation(
        case=case.pk, seen=case.seq, entity=jordan.entities["MOH"], text="ما النتيجة؟", until=NOON + DAY,
        actor=jordan.main, at=NOON,
    )  # fmt: skip
    assert submit_action(rival, case, "decline", of=3, reason="ليس من عملنا") == 302
    assert rival.client.get(reverse("desk:case", args=[case.reference])).status_code == 404


def test_where_there_is_one_task_its_form_says_which(jordan: Jordan, sits: Sits) -> None:
    case, main, rival = create_assigned_case(jordan), sits(jordan.main), sits(jordan.rival)
    asked = {"entity": jordan.entities["MOH"], "text": "ما نتيجة الكشف؟", "until": SUNDAY}
    assert submit_action(main, case, "join", **asked) == 302
    for desk, verb in ((rival, "take-part"), (rival, "decline"), (main, "call-off")):
        page = BeautifulSoup(desk.open_form(case, verb).content, "html.parser")
        (field,) = page.select(f"form[action$='/{verb}'] [name=of]")
        assert field["value"] == str(case.events.get(kind="join.asked").seq), verb


def decline_join_twice(jordan: Jordan, sits: Sits) -> Case:
    case, main, rival = create_assigned_case(jordan), sits(jordan.main), sits(jordan.rival)
    asked = {"entity": jordan.entities["MOH"], "text": "ما نتيجة الكشف؟", "until": SUNDAY}
    for _time in range(2):
        assert submit_action(main, case, "join", **asked) == 302
        assert (
            submit_action(rival, case, "decline", of=case.events.latest("seq").seq, reason="ليس من عملنا")
            == 302
        )
    assert submit_action(main, case, "join", **asked) == 302
    return case


def find_join_forms(desk: Desk, case: Case) -> list[Tag]:
    return BeautifulSoup(desk.open_case(case).content, "html.parser").select(".task form[action$='/join']")


def test_twice_returned_the_prime_ministry_unit_says_by_one_tap_that_it_takes_part(
    jordan: Jordan, sits: Sits
) -> None:
    case, pm = decline_join_twice(jordan, sits), sits(jordan.pm)
    assert find_join_forms(sits(jordan.main), case) == []
    (form,) = find_join_forms(pm, case)
    sent = {str(field["name"]): str(field["value"]) for field in form.select("input") if field.get("value")}
    assert pm.client.post(str(form["action"]), sent).status_code == 302
    assert case.events.latest("seq").data["ordered"] == 1
    assert "ما نتيجة الكشف؟" in get_page_text(sits(jordan.rival), "desk:case", case.reference)
    assert find_join_forms(pm, case) == []


def test_what_is_missing_is_said_and_stores_nothing(jordan: Jordan, sits: Sits) -> None:
    case, desk = create_assigned_case(jordan), sits(jordan.main)
    before = case.events.count()
    for verb in ("task", "join"):
        assert submit_action(desk, case, verb) == 422
        for day in ("2020-01-01", "2099-01-01", "x"):
            fields = {"unit": jordan.lighting, "entity": jordan.entities["MOH"], "text": "نص", "until": day}
            assert submit_action(desk, case, verb, **fields) == 422
    assert case.events.count() == before
