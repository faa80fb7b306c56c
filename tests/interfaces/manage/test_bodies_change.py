"""An administrator gives a body another name, or closes it into another, and sees first what that touches."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from bekhedmetkom.entities.models import Change, Entity
from bekhedmetkom.entities.queries import tree
from bekhedmetkom.kernel import clock
from tests.personas import Jordan


def page(jordan: Jordan, code: str = "GAM") -> str:
    return reverse("manage-reform", args=[jordan.entities[code]])


def in_days(days: int) -> str:
    return (clock.local_day(clock.now()) + timedelta(days=days)).isoformat()


def closing(jordan: Jordan, **given: Any) -> dict[str, Any]:
    facts = {"act": "close", "successor": jordan.entities["MOLA"], "on": in_days(5), "decision": "قرار 12"}
    return facts | given


def test_what_the_closing_would_touch(admin: Client, jordan: Jordan) -> None:
    jordan.case()
    jordan.case()
    seen = admin.get(page(jordan)).context
    assert (seen["open_cases"], seen["units"], seen["below"]) == (2, 2, 1)
    assert {held.role for held in seen["go_on"]} == {"sub_officer"}
    assert "main_officer" in {held.role for held in seen["end"]}


def test_a_closing_is_recorded_with_its_decision_and_called_off(admin: Client, jordan: Jordan) -> None:
    assert admin.post(page(jordan), closing(jordan)).status_code == 302
    body = Entity.objects.get(code="GAM")
    assert (str(body.closed_on), body.successor, body.decision) == (
        in_days(5), Entity.objects.get(code="MOLA"), "قرار 12",
    )  # fmt: skip
    change = Change.objects.order_by("-id").first()
    assert change
    assert (change.actor, change.model) == (str(jordan.administrator), "entities.Entity")
    assert "وزارة الإدارة المحلية" in admin.get(page(jordan)).content.decode()
    admin.post(page(jordan), {"call-off": "1"})
    assert Entity.objects.get(code="GAM").closed_on is None


def test_a_new_name_of_today_holds_at_once(admin: Client, jordan: Jordan) -> None:
    sent = {
        "act": "rename",
        "name_ar": "أمانة العاصمة",
        "name_en": "Capital",
        "on": in_days(0),
        "decision": "قرار 3",
    }
    assert admin.post(page(jordan), sent).status_code == 302
    assert tree().by_code["GAM"].name_ar == "أمانة العاصمة"


def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(
    admin: Client, jordan: Jordan
) -> None:
    answer = admin.post(page(jordan), closing(jordan, on=in_days(-1)))
    assert answer.status_code == 422
    assert answer.context["close"].errors["on"] == ["اختر اليوم أو يومًا بعده."]
    assert "قرار 12" in answer.content.decode()
    answer = admin.post(page(jordan), closing(jordan, successor=jordan.entities["GAM-01"]))
    assert list(answer.context["close"].errors) == ["successor"]


def test_the_form_of_a_body_closes_nothing(admin: Client, jordan: Jordan) -> None:
    edit = reverse("entities:edit", args=[jordan.entities["GAM"]])
    shown = admin.get(edit)
    assert "closed_on" not in shown.context["form"].fields
    assert page(jordan) in shown.content.decode()
