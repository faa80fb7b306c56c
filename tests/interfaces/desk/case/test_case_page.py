"""The case page: what each role may read and do, and that it costs the same however long the journal is."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Case
from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.interfaces.desk.case.timeline import EVENT_ICONS as PICTURES
from bekhedmetkom.interfaces.ui.icons import ICONS
from bekhedmetkom.kernel.actor import Actor
from tests.interfaces.desk.conftest import Desk
from tests.personas import HOUR, NOON, Jordan

Sits = Callable[[Actor], Desk]
QUERIES = (
    6  # session, officer, wall; the case with all that belongs to it, names; its lines on the bell are seen
)


def create_assigned_case(jordan: Jordan, *, withheld: bool = False) -> Case:
    case = jordan.create_case(withhold_identity=withheld)
    commands.assign_case(case=case.pk, seen=1, unit=jordan.roads, actor=jordan.main, at=NOON + HOUR)
    return case


def list_shown_actions(page: Any) -> set[str]:
    return {verb.name for verb in [*page.context["bar"], *page.context["more"]]}


def test_the_words_of_the_citizen_and_the_story_of_the_case(jordan: Jordan, sits: Sits) -> None:
    page = sits(jordan.roads_officer).open_case(create_assigned_case(jordan)).content.decode()
    assert "في حفرة كبيرة بنص الشارع" in page
    assert "سامر عواد" in page
    assert "أُسند إلى قسم صيانة الشوارع" in page


def test_what_is_not_ones_own_does_not_exist(jordan: Jordan, sits: Sits) -> None:
    case = create_assigned_case(jordan)
    for stranger in (jordan.rival, jordan.lighting_officer, jordan.inspector, jordan.agent):
        assert sits(stranger).open_case(case).status_code == 404
        assert sits(stranger).open_form(case, "note").status_code == 404
        assert sits(stranger).submit(case, "note", text="x").status_code == 404


def test_an_administrator_reads_no_case(jordan: Jordan, sits: Sits) -> None:
    desk = sits(jordan.administrator)
    assert desk.open_list().status_code == 403
    assert desk.open_case(create_assigned_case(jordan)).status_code == 403


def test_only_verbs_that_are_possible_are_offered(jordan: Jordan, sits: Sits) -> None:
    case = create_assigned_case(jordan)
    assert "assign" not in list_shown_actions(sits(jordan.roads_officer).open_case(case))
    assert {"assign", "refer", "reclassify"} <= list_shown_actions(sits(jordan.main).open_case(case))
    assert list_shown_actions(sits(jordan.manager).open_case(case)) == {
        "assign",
        "extend",
        "escalate",
        "instruct",
        "link",
    }


def test_a_new_case_is_first_given_to_somebody(jordan: Jordan, sits: Sits) -> None:
    case = jordan.create_case()
    assert sits(jordan.main).open_case(case).context["acting"].name == "assign"


def test_the_bar_has_its_own_order_the_most_used_first(jordan: Jordan, sits: Sits) -> None:
    page = sits(jordan.main).open_case(jordan.create_case())
    assert [verb.name for verb in page.context["bar"]] == ["answer", "classify", "assign", "refer"]


def test_a_referred_case_is_first_accepted_or_returned(jordan: Jordan, sits: Sits) -> None:
    case = jordan.create_case()
    commands.refer_case(
        case=case.pk, seen=1, entity=jordan.entities["MOH"], reason="داخل مستشفى", actor=jordan.main, at=NOON
    )
    desk = sits(jordan.rival)
    page = desk.open_case(case)
    assert page.context["acting"].name == "accept"
    assert f'href="/desk/cases/{case.reference}/return"' in page.content.decode().split('id="act-h"')[1]
    assert desk.submit(case, "accept").status_code == 302
    assert desk.open_case(case).context["acting"].name == "assign"


def test_who_has_it_finds_the_reply_open(jordan: Jordan, sits: Sits) -> None:
    page = sits(jordan.roads_officer).open_case(create_assigned_case(jordan))
    assert page.context["acting"].name == "answer"
    assert 'name="disposition"' in page.content.decode()


def test_a_withheld_identity_is_not_on_the_page(jordan: Jordan, sits: Sits) -> None:
    page = sits(jordan.roads_officer).open_case(create_assigned_case(jordan, withheld=True)).content.decode()
    assert "سامر عواد" not in page
    assert "79 123 4567" not in page
    assert "الهوية محجوبة" in page


def test_who_must_call_back_looks_for_a_reason_that_is_journalled(jordan: Jordan, sits: Sits) -> None:
    case = create_assigned_case(jordan, withheld=True)
    commands.assign_case(case=case.pk, seen=2, officer=jordan.pm.officer_id, actor=jordan.pm, at=NOON + HOUR)
    desk = sits(jordan.pm)
    assert "سامر عواد" not in desk.open_case(case).content.decode()
    assert desk.submit(case, "reveal", reason="").status_code == 422
    assert desk.submit(case, "reveal", reason="أتصل به لأفهم موقع الحفرة").status_code == 302
    page = desk.open_case(case).content.decode()
    assert "سامر عواد" in page
    assert "كُشفت الهوية المحجوبة" in page


def test_a_long_journal_costs_no_more_queries_than_a_short_one(jordan: Jordan, sits: Sits) -> None:
    case = create_assigned_case(jordan)
    desk = sits(jordan.roads_officer)
    desk.open_case(case)
    desk.submit(case, "note", text="أولى")
    with CaptureQueriesContext(connection) as short:
        desk.open_case(case)
    for number in range(20):
        desk.submit(case, "note", text=f"ملاحظة {number}")
    with CaptureQueriesContext(connection) as long:
        desk.open_case(case)
    assert len(long) == len(short) <= QUERIES


def test_a_reference_that_is_none_is_not_found(jordan: Jordan, sits: Sits) -> None:
    assert sits(jordan.main).client.get("/desk/cases/nothing").status_code == 404
    assert sits(jordan.main).open_form(jordan.create_case(), "explode").status_code == 404


def test_every_event_has_its_picture() -> None:
    assert set(PICTURES) == set(EventType)
    assert set(PICTURES.values()) <= set(ICONS)
