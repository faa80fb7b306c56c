"""The page of a body's rules of distribution: in words, in order, for who sets them; and its dry run."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse

from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.routing.models import Rule, Skill
from tests.interfaces.desk.conftest import Desk
from tests.personas import Jordan

Sits = Callable[[Actor], Desk]


def submit_form(desk: Desk, entity: str = "GAM", **fields: Any) -> Any:
    return desk.client.post(f"{reverse('desk:distribution')}?entity={entity}", fields)


def test_rules_are_added_read_in_words_put_in_order_and_ended(jordan: Jordan, sits: Sits) -> None:
    desk = sits(jordan.main)
    topic = str(jordan.services["GAM-002"])
    assert submit_form(desk, add="1", unit=str(jordan.roads), give="unit").status_code == 302
    assert (
        submit_form(
            desk, add="1", unit=str(jordan.lighting), service=topic, give="skilled", automatic="on"
        ).status_code
        == 302
    )
    page = desk.client.get("/en/desk/distribution").content.decode()
    assert page.index("Street maintenance. To the unit as a whole") < page.index(
        "Street lighting. To the one with"
    )
    second = Rule.objects.get(service=jordan.services["GAM-002"])
    assert submit_form(desk, **{"raise": str(second.pk)}).status_code == 302
    page = desk.client.get("/en/desk/distribution").content.decode()
    assert page.index("Street lighting. To the one with") < page.index(
        "Street maintenance. To the unit as a whole"
    )
    assert submit_form(desk, end=str(second.pk)).status_code == 302
    assert submit_form(desk, end=str(second.pk)).status_code == 302  # a colleague pressed it a moment before
    second.refresh_from_db()
    assert second.ended_on
    assert desk.client.get(reverse("desk:trial")).status_code == 200


def test_what_is_wrong_is_said_and_nothing_is_kept(jordan: Jordan, sits: Sits) -> None:
    desk = sits(jordan.main)
    assert submit_form(desk, add="1", give="unit").status_code == 422
    assert submit_form(desk, add="1", unit="x", give="everybody").status_code == 422
    assert submit_form(desk, "MOH", add="1").status_code == 404
    submit_form(desk, add="1", unit=str(jordan.roads), give="unit")
    again = submit_form(desk, add="1", unit=str(jordan.lighting), give="unit")
    assert "لهذا الموضوع وهذا المكان قاعدة" in again.content.decode()
    assert Rule.objects.count() == 1
    submit_form(desk, end="-1")
    assert Rule.objects.get().ended_on is None


def test_who_knows_what_is_noted_once(jordan: Jordan, sits: Sits) -> None:
    desk = sits(jordan.main)
    knows = {
        "know": "1",
        "officer": str(jordan.roads_officer.officer_id),
        "topic": str(jordan.services["GAM-002"]),
    }
    assert submit_form(desk, **knows).status_code == 302
    assert submit_form(desk, **knows).status_code == 422
    assert submit_form(desk, unlearn=str(Skill.objects.get().pk)).status_code == 302
    assert not Skill.objects.exists()


def test_what_rules_propose_is_chosen_already_in_the_form(jordan: Jordan, sits: Sits) -> None:
    desk = sits(jordan.main)
    submit_form(desk, add="1", unit=str(jordan.lighting), give="unit")
    page = desk.open_form(jordan.create_case(), "assign").content.decode()
    assert f'<option value="unit:{jordan.lighting}" selected' in page
    assert "بحسب قواعد الجهة" in page
