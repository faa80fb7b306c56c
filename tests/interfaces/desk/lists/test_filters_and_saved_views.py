"""Lists as officers want them: narrowed, sorted, under a name, with the columns that they chose."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.commands.lists import saved_views
from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.kernel.actor import Actor
from tests.interfaces.desk.conftest import Desk
from tests.personas import DAY, HOUR, NOON, Jordan

Sits = Callable[[Actor], Desk]


def list_references(page: Any) -> list[str]:
    return [row.reference for row in page.context["page"].items]


@pytest.fixture
def two(jordan: Jordan) -> tuple[str, str]:
    """A pothole that a unit has, urgent work apart; and a question that nobody has, which came earlier."""
    given, waits = (
        jordan.create_case(at=NOON),
        jordan.create_case("متى يفتح المكتب؟", kind=Kind.QUESTION, at=NOON - DAY),
    )
    commands.assign_case(
        case=given.pk, seen=1, unit=jordan.roads, officer=jordan.roads_officer.officer_id, actor=jordan.main,
        at=NOON + HOUR,
    )  # fmt: skip
    return given.reference, waits.reference


def test_a_list_is_narrowed_by_anything_that_stands_on_a_row(
    jordan: Jordan, sits: Sits, two: tuple[str, str]
) -> None:
    given, waits = two
    desk = sits(jordan.main)
    asked = {
        "kind": ("complaint", "question"), "state": ("assigned", "received"), "channel": ("portal", None),
        "unit": (str(jordan.roads), None), "officer": (str(jordan.roads_officer.officer_id), "none"),
        "came_from": ("2026-01-01", None), "came_to": (None, f"{NOON - DAY:%Y-%m-%d}"), "due": (None, "late"),
    }  # fmt: skip
    for name, (of_given, of_waits) in asked.items():
        for value, expected in ((of_given, given), (of_waits, waits)):
            if value and name not in ("channel", "came_from", "due"):
                assert list_references(desk.open_list(queue="entity", **{name: value})) == [expected], (
                    name,
                    value,
                )
    assert set(list_references(desk.open_list(queue="entity", channel="portal"))) == {given, waits}
    assert list_references(desk.open_list(queue="entity", channel="phone")) == []
    assert list_references(desk.open_list(queue="entity", urgent="1")) == []
    assert list_references(sits(jordan.roads_officer).open_list(queue="mine", officer="me")) == [given]


def test_what_narrows_stands_above_the_list_and_can_be_taken_away(
    jordan: Jordan, sits: Sits, two: tuple[str, str]
) -> None:
    page = sits(jordan.main).open_list(queue="entity", kind="question", officer="none")
    text = page.content.decode()
    assert "النوع: سؤال" in text
    assert "المكلّف: لا أحد" in text
    assert 'href="?queue=entity&amp;officer=none"' in text
    assert 'href="?queue=entity&amp;kind=question"' in text


def test_a_form_that_was_left_open_leads_to_the_short_address(jordan: Jordan, sits: Sits) -> None:
    page = sits(jordan.main).open_list(queue="entity", kind="question", state="", due_from="")
    assert page.status_code == 302
    assert page.headers["Location"] == f"{reverse('desk:list')}?queue=entity&kind=question"


def test_a_day_that_is_none_is_said_beside_its_field(jordan: Jordan, sits: Sits) -> None:
    for bad in ("أمس", "2026-02-30", "9999-12-31", "0001-01-01"):
        page = sits(jordan.main).open_list(queue="entity", due_to=bad)
        assert page.status_code == 200
        assert "هذا ليس يومًا" in page.content.decode()
        assert bad in page.content.decode()


def test_nobody_narrows_to_a_body_or_a_person_out_of_reach(
    jordan: Jordan, sits: Sits, two: tuple[str, str]
) -> None:
    page = sits(jordan.main).open_list(
        queue="entity", entity=str(jordan.entities["MOH"]), officer=str(jordan.rival.officer_id)
    )
    assert set(list_references(page)) == set(two)
    assert not page.context["asked"].applied_filters.is_active


def test_a_list_is_sorted_by_date_or_by_arrival(jordan: Jordan, sits: Sits, two: tuple[str, str]) -> None:
    given, waits = two
    desk = sits(jordan.main)
    assert list_references(desk.open_list(queue="entity", order="newest")) == [given, waits]
    assert list_references(desk.open_list(queue="entity", order="nonsense")) == list_references(
        desk.open_list(queue="entity")
    )


def save_view(desk: Desk, name: str, address: str = "queue=entity&kind=question", **more: str) -> Any:
    return desk.client.post(reverse("desk:views"), {"name": name, "address": address, **more})


def get_views(desk: Desk) -> dict[str, str]:
    return {view.name: view.address for view in desk.open_list().context["views"]}


def test_a_view_has_a_name_and_is_there_again(jordan: Jordan, sits: Sits, two: tuple[str, str]) -> None:
    desk = sits(jordan.main)
    saved = save_view(
        desk, "  أسئلة   طارق ", "queue=entity&kind=question&order=newest&columns=ref.subject&cursor=x&q="
    )
    assert saved.status_code == 302
    page = desk.client.get(saved.headers["Location"])
    assert page.context["heading"] == "أسئلة طارق"
    assert list_references(page) == [two[1]]
    assert page.context["columns"] == ("ref", "subject")
    assert "آخر حركة" not in page.content.decode()
    assert get_views(sits(jordan.roads_officer)) == {}


def test_who_has_a_shared_view_sees_their_own_cases_by_it(
    jordan: Jordan, sits: Sits, two: tuple[str, str]
) -> None:
    save_view(sits(jordan.main), "ما عندي", "queue=mine", shared="1")
    save_view(sits(jordan.main), "الجهة", "queue=entity", shared="1")
    unit = sits(jordan.roads_officer)
    assert get_views(unit) == {"ما عندي": "queue=mine"}  # of the other's queue a unit's officer has none
    assert list_references(unit.open_list(queue="mine")) == [two[0]]
    assert list_references(sits(jordan.main).open_list(queue="mine")) == [two[1]]
    assert get_views(sits(jordan.rival)) == {}


def test_only_its_officer_changes_a_view(jordan: Jordan, sits: Sits) -> None:
    desk, other = sits(jordan.main), sits(jordan.roads_officer)
    save_view(desk, "أسئلة", "queue=mine", shared="1")
    [view] = desk.open_list().context["views"]
    address, same = reverse("desk:view"), {"view": str(view.id), "address": "queue=mine"}
    assert other.client.post(address, same | {"name": "لي"}).status_code == 404
    assert other.client.post(address, same | {"delete": "1"}).status_code == 404
    assert desk.client.post(address, same | {"name": "سؤال"}).status_code == 302
    assert get_views(desk) == {"سؤال": "queue=mine"}
    assert get_views(other) == {}
    assert desk.client.post(address, same | {"delete": "1"}).status_code == 302
    assert get_views(desk) == {}


def test_a_name_is_taken_once_and_views_are_few(
    jordan: Jordan, sits: Sits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved_views, "MAX_VIEWS", 2)
    desk = sits(jordan.main)
    save_view(desk, "أسئلة")
    again = save_view(desk, "أسئلة", "queue=mine")
    assert again.status_code == 422
    assert "عندك عرض بهذا الاسم" in again.content.decode()
    assert 'value="أسئلة"' in again.content.decode()
    assert save_view(desk, "").status_code == 422
    assert save_view(desk, "ثانٍ").status_code == 302
    assert save_view(desk, "ثالث").status_code == 422
    assert len(get_views(desk)) == 2


def test_words_that_were_searched_for_are_no_view(jordan: Jordan, sits: Sits) -> None:
    assert save_view(sits(jordan.main), "بحث", "q=سامر").status_code == 404


def test_columns_and_density_are_kept_for_their_officer(
    jordan: Jordan, sits: Sits, two: tuple[str, str]
) -> None:
    desk = sits(jordan.main)
    chosen = {"column": ["ref", "unit", "channel"], "lines": "compact", "address": "queue=entity"}
    assert desk.client.post(reverse("desk:look"), chosen).headers["Location"].endswith("?queue=entity")
    page = desk.open_list(queue="entity")
    assert page.context["columns"] == ("ref", "subject", "unit", "channel")
    assert "grid--compact" in page.content.decode()
    assert "الموقع" in page.content.decode()
    assert sits(jordan.roads_officer).open_list().context["columns"][0] == "due"


def test_what_is_put_off_can_be_seen_and_comes_back_on_its_day(jordan: Jordan, sits: Sits, now: Any) -> None:
    case = jordan.create_case()
    desk = sits(jordan.main)
    commands.snooze_case(case=case.pk, seen=1, until=NOON + 2 * DAY, actor=jordan.main, at=NOON)
    assert list_references(desk.open_list(queue="mine")) == []
    assert list_references(desk.open_list(queue="snoozed")) == [case.reference]
    now(NOON + 2 * DAY)
    assert list_references(desk.open_list(queue="mine")) == [case.reference]
    assert list_references(desk.open_list(queue="snoozed")) == []
