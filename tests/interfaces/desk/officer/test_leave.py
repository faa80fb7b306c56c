"""The page of one's leave, its summary, and what a deputy sees."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from bekhedmetkom.identity.models import Leave
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.actor import Actor
from tests.interfaces.desk.conftest import Desk
from tests.personas import NOON, Jordan

Sits = Callable[[Actor], Desk]
LEAVE_DAYS = {"since": "2026-11-24", "until": "2026-11-26"}


def enter_leave(desk: Desk, **fields: object) -> int:
    return desk.client.post(reverse("desk:leave"), LEAVE_DAYS | fields).status_code


def test_a_leave_is_entered_shown_and_ended(jordan: Jordan, sits: Sits) -> None:
    desk = sits(jordan.roads_officer)
    assert enter_leave(desk, deputy=jordan.lighting_officer.officer_id) == 302
    page = desk.client.get(reverse("desk:leave")).content.decode()
    assert "موظف lighting_officer" in page
    assert enter_leave(desk) == 422  # the same days again
    key = Leave.objects.get().pk
    assert sits(jordan.main).client.post(reverse("desk:back", args=[key])).status_code == 404
    assert sits(jordan.main).client.get(reverse("desk:meanwhile", args=[key])).status_code == 404
    assert desk.client.get(reverse("desk:meanwhile", args=[key])).status_code == 200
    assert desk.client.post(reverse("desk:back", args=[key])).status_code == 302
    assert not Leave.objects.exists()


def test_what_is_wrong_stands_beside_its_field_with_all_that_was_typed(jordan: Jordan, sits: Sits) -> None:
    desk = sits(jordan.roads_officer)
    answer = desk.client.post(
        reverse("desk:leave"), {"since": "2026-11-26", "until": "2026-11-26", "deputy": ""}
    )
    assert answer.status_code == 422
    assert "يوم العودة بعد يوم البداية." in answer.content.decode()
    assert 'value="2026-11-26"' in answer.content.decode()
    assert enter_leave(desk, deputy=jordan.rival.officer_id) == 422
    assert not Leave.objects.exists()


def test_a_deputy_is_told_in_whose_place_they_act(
    jordan: Jordan, sits: Sits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    case = jordan.create_assigned_case()
    enter_leave(sits(jordan.roads_officer), deputy=jordan.lighting_officer.officer_id)
    page = sits(jordan.lighting_officer).open_case(case)
    assert page.status_code == 200
    assert "موظف roads_officer في إجازة، وأنت تنوب عنه" in page.content.decode()
