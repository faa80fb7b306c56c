"""What priorities are ranked by, and what a decision changed."""

from datetime import date, timedelta
from typing import Any

import pytest

from bekhedmetkom.analytics.commands.priorities import (
    MAX_DECISION_AGE_DAYS,
    MAX_DECISION_LENGTH,
    record_decision,
    update_priorities,
)
from bekhedmetkom.analytics.models import RollUp
from bekhedmetkom.analytics.queries.priorities import list_decisions, rank_priorities
from bekhedmetkom.analytics.rules.priorities import DEFAULT_WEIGHTS
from bekhedmetkom.analytics.storage import PlanningDecision, PriorityCell
from bekhedmetkom.cases import commands as cases
from bekhedmetkom.cases.rules.applicant import Applicant
from bekhedmetkom.catalogue.rules import Disposition
from bekhedmetkom.entities.models import ChangeRecord
from bekhedmetkom.kernel.errors import InvalidInput, NotAllowed
from tests.personas import DAY, NOON, Jordan, jordan

from .rollup_rows import build_rollup_row

__all__ = ["jordan"]

pytestmark = pytest.mark.django_db

TODAY = NOON.date()
LNG = "35.9106"
ANSWER = "أصلحنا الحفرة أمام المدرسة في شارع الجامعة صباح اليوم، وعاد الشارع سالكًا للسيارات."


def build_cell_key(jordan: Jordan) -> dict[str, Any]:
    """Potholes of the greater municipality in Amman."""
    return {"entity": jordan.entities["GAM"], **build_topic_key(jordan)}


def build_topic_key(jordan: Jordan) -> dict[str, Any]:
    return {"service": jordan.services["GAM-002"], "governorate": jordan.governorates["GOV-AM"]}


def update_rollups(at: dict[str, Any], days: range, **measures: int) -> None:
    RollUp.objects.bulk_create(
        [
            build_rollup_row(TODAY - timedelta(days=back), measures, **part)
            for back in days
            for part in (at, {"entity": at["entity"]})
        ]
    )


def test_what_came_again_at_the_same_place_after_an_answer_is_seen(jordan: Jordan) -> None:
    first = jordan.create_assigned_case(at=NOON - 60 * DAY, lng=LNG, lat="31.9539", **build_topic_key(jordan))
    cases.answer_case(
        case=first.pk,
        seen=first.seq,
        actor=jordan.roads_officer,
        at=NOON - 50 * DAY,
        disposition=Disposition.UPHELD,
        text=ANSWER,
    )
    for days, lat, phone in (
        (55, "31.9539", "91111111"),
        (20, "31.9541", "91111111"),
        (20, "31.99", "92222222"),
    ):
        who = Applicant(name="ليلى", phone=f"+9627{phone}")
        jordan.create_case(at=NOON - days * DAY, lng=LNG, lat=lat, applicant=who, **build_topic_key(jordan))
    at = build_cell_key(jordan)
    update_rollups(at, range(1, 3), received=6, no=1, upheld=1, partly=1, appealed=2)
    build_rollup_row(TODAY - timedelta(days=30), {"waiting": 3}, span="open", **at).save(force_insert=True)
    assert update_priorities(NOON) == 1
    (found,) = rank_priorities(None, DEFAULT_WEIGHTS).priorities
    assert (found.counts.received, found.counts.unsolved, found.counts.upheld, found.counts.appealed) == (
        12,
        2,
        4,
        4,
    )
    assert (
        found.counts.recurring,
        found.counts.people,
        found.counts.waiting,
        found.counts.total_age_days,
    ) == (1, 3, 3, 90)
    assert update_priorities(NOON + DAY) == 1 == PriorityCell.objects.count()
    assert not rank_priorities(frozenset({jordan.entities["MOH"]}), DEFAULT_WEIGHTS).priorities


def test_a_decision_is_kept_with_who_and_when_and_looked_at_later(jordan: Jordan) -> None:
    at = build_cell_key(jordan)
    update_rollups(at, range(31, 91), received=10, kept=5, missed=5, yes=4, no=6)
    update_rollups(at, range(1, 31), received=5, kept=9, missed=1, yes=4, no=6)
    update_priorities(NOON)
    day = TODAY - timedelta(days=30)
    record_decision(**at, day=day, words="فرقة  صيانة ثانية\nللطرق", actor=jordan.head, at=NOON)
    (one,) = list_decisions(None, TODAY)
    assert (one.text, one.officer, one.effective_on) == ("فرقة صيانة ثانية للطرق", int(jordan.head.id), day)
    assert (one.compared_days, one.received_before, one.received_after) == (30, 300, 150)
    assert one.change.value == pytest.approx(0.5)
    assert one.change.high
    assert one.change.high < 0.65
    on_time, solved, upheld = one.shares
    assert on_time.is_clear
    assert on_time.after.value == pytest.approx(0.9)
    assert not solved.is_clear
    assert upheld.after.value is None  # nothing was decided: not enough, and no nought
    change = ChangeRecord.objects.get(model="analytics.planningdecision")
    assert (change.actor, change.after and change.after["day"]) == (str(jordan.head), str(day))


def test_too_soon_nothing_is_compared(jordan: Jordan) -> None:
    at = build_cell_key(jordan)
    update_rollups(at, range(1, 91), received=10)
    update_priorities(NOON)
    record_decision(**at, day=TODAY - timedelta(days=6), words="فرقة ثانية", actor=jordan.pm, at=NOON)
    (one,) = list_decisions(frozenset({at["entity"]}), TODAY)
    assert one.compared_days == 0
    assert one.change.value is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"words": " "},
        {"words": "س" * (MAX_DECISION_LENGTH + 1)},
        {"day": TODAY + timedelta(days=1)},
        {"day": TODAY - timedelta(days=MAX_DECISION_AGE_DAYS + 1)},
        {"day": date(1, 1, 1)},
        {"service": 0},
        {"governorate": 10**6},
    ],
)
def test_what_is_no_decision_is_not_kept(jordan: Jordan, wrong: dict[str, Any]) -> None:
    at = build_cell_key(jordan)
    update_rollups(at, range(1, 31), received=10)
    update_priorities(NOON)
    with pytest.raises(InvalidInput):
        record_decision(**{**at, "day": TODAY, "words": "فرقة ثانية", **wrong}, actor=jordan.head, at=NOON)
    assert not PlanningDecision.objects.exists()


def test_who_only_watches_decides_nothing(jordan: Jordan) -> None:
    at = build_cell_key(jordan)
    for actor in (jordan.manager, jordan.office, jordan.rival):
        with pytest.raises(NotAllowed):
            record_decision(**at, day=TODAY, words="فرقة ثانية", actor=actor, at=NOON)
