"""An administrator gives a body another name, or closes it into another, and sees first what that touches."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from bekhedmetkom.entities.models import ChangeRecord, Entity
from bekhedmetkom.entities.queries import get_tree
from bekhedmetkom.kernel import clock
from tests.personas import Jordan


def get_page(jordan: Jordan, code: str = "GAM") -> str:
    return reverse("manage-reform", args=[jordan.entities[code]])


def format_day(days: int) -> str:
    return (clock.get_local_date(clock.now()) + timedelta(days=days)).isoformat()


def build_close_form(jordan: Jordan, **given: Any) -> dict[str, Any]:
    facts = {"act": "close", "successor": jordan.entities["MOLA"], "on": format_day(5), "decision": "قرار 12"}
    return facts | given


def test_what_the_closing_would_touch(admin: Client, jordan: Jordan) -> None:
    jordan.create_case()
    jordan.create_case()
    seen = admin.get(get_page(jordan)).context
    assert (seen["open_cases"], seen["units"], seen["subordinate_count"]) == (2, 2, 1)
    assert {held.role for held in seen["continuing_memberships"]} == {"sub_officer"}
    assert "main_officer" in {held.role for held in seen["ending_memberships"]}


def test_a_closing_is_recorded_with_its_decision_and_called_off(admin: Client, jordan: Jordan) -> None:
    assert admin.post(get_page(jordan), build_close_form(jordan)).status_code == 302
    body = Entity.objects.get(code="GAM")
    assert (str(body.closed_on), body.successor, body.decision) == (
        format_day(5), Entity.objects.get(code="MOLA"), "قرار 12",
    )  # fmt: skip
    change = ChangeRecord.objects.order_by("-id").first()
    assert change
    assert (change.actor, change.model) == (str(jordan.administrator), "entities.Entity")
    assert "وزارة الإدارة المحلية" in admin.get(get_page(jordan)).content.decode()
    admin.post(get_page(jordan), {"call-off": "1"})
    assert Entity.objects.get(code="GAM").closed_on is None


def test_a_new_name_of_today_holds_at_once(admin: Client, jordan: Jordan) -> None:
    sent = {
        "act": "rename",
        "name_ar": "أمانة العاصمة",
        "name_en": "Capital",
        "on": format_day(0),
        "decision": "قرار 3",
    }
    assert admin.post(get_page(jordan), sent).status_code == 302
    assert get_tree().by_code["GAM"].name_ar == "أمانة العاصمة"


def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(
    admin: Client, jordan: Jordan
) -> None:
    answer = admin.post(get_page(jordan), build_close_form(jordan, on=format_day(-1)))
    assert answer.status_code == 422
    assert answer.context["close_form"].errors["on"] == ["اختر اليوم أو يومًا بعده."]
    assert "قرار 12" in answer.content.decode()
    answer = admin.post(get_page(jordan), build_close_form(jordan, successor=jordan.entities["GAM-01"]))
    assert list(answer.context["close_form"].errors) == ["successor"]


def test_the_form_of_a_body_closes_nothing(admin: Client, jordan: Jordan) -> None:
    edit = reverse("entities:edit", args=[jordan.entities["GAM"]])
    shown = admin.get(edit)
    assert "closed_on" not in shown.context["form"].fields
    assert get_page(jordan) in shown.content.decode()
