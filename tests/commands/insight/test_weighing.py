"""What priorities are ranked by, and what a decision changed."""

from datetime import date, timedelta
from typing import Any

import pytest

from bekhedmetkom.cases import commands as cases
from bekhedmetkom.cases.rules.applicant import Applicant
from bekhedmetkom.catalogue.rules import Disposition
from bekhedmetkom.entities.models import ChangeRecord
from bekhedmetkom.insight.commands.weighing import LETTERS, LONG_AGO, decide, weigh
from bekhedmetkom.insight.kept import Decision, Weighed
from bekhedmetkom.insight.models import RollUp
from bekhedmetkom.insight.queries.priorities import decisions, priorities
from bekhedmetkom.insight.rules.gaps import USUAL
from bekhedmetkom.kernel.errors import InvalidInput, NotAllowed
from tests.personas import DAY, NOON, Jordan, jordan

from .figures import row

__all__ = ["jordan"]

pytestmark = pytest.mark.django_db

TODAY = NOON.date()
LNG = "35.9106"
ANSWER = "أصلحنا الحفرة أمام المدرسة في شارع الجامعة صباح اليوم، وعاد الشارع سالكًا للسيارات."


def cell(jordan: Jordan) -> dict[str, Any]:
    """Potholes of the greater municipality in Amman."""
    return {"entity": jordan.entities["GAM"], **topic(jordan)}


def topic(jordan: Jordan) -> dict[str, Any]:
    return {"service": jordan.services["GAM-002"], "governorate": jordan.governorates["GOV-AM"]}


def rolled_up(at: dict[str, Any], days: range, **measures: int) -> None:
    RollUp.objects.bulk_create(
        [
            row(TODAY - timedelta(days=back), measures, **part)
            for back in days
            for part in (at, {"entity": at["entity"]})
        ]
    )


def test_what_came_again_at_the_same_place_after_an_answer_is_seen(jordan: Jordan) -> None:
    first = jordan.in_hand(at=NOON - 60 * DAY, lng=LNG, lat="31.9539", **topic(jordan))
    cases.answer(
        case=first.pk, seen=first.seq, actor=jordan.roads_officer, at=NOON - 50 * DAY,
        disposition=Disposition.UPHELD, text=ANSWER,
    )  # fmt: skip
    for days, lat, phone in (
        (55, "31.9539", "91111111"),
        (20, "31.9541", "91111111"),
        (20, "31.99", "92222222"),
    ):
        who = Applicant(name="ليلى", phone=f"+9627{phone}")
        jordan.case(at=NOON - days * DAY, lng=LNG, lat=lat, applicant=who, **topic(jordan))
    at = cell(jordan)
    rolled_up(at, range(1, 3), received=6, no=1, upheld=1, partly=1, appealed=2)
    row(TODAY - timedelta(days=30), {"waiting": 3}, span="open", **at).save(force_insert=True)
    assert weigh(NOON) == 1
    (found,) = priorities(None, USUAL).gaps
    assert (found.cell.received, found.cell.no, found.cell.upheld, found.cell.appealed) == (12, 2, 4, 4)
    assert (found.cell.again, found.cell.people, found.cell.waiting, found.cell.age) == (1, 3, 3, 90)
    assert weigh(NOON + DAY) == 1 == Weighed.objects.count()
    assert not priorities(frozenset({jordan.entities["MOH"]}), USUAL).gaps


def test_a_decision_is_kept_with_who_and_when_and_looked_at_later(jordan: Jordan) -> None:
    at = cell(jordan)
    rolled_up(at, range(31, 91), received=10, kept=5, missed=5, yes=4, no=6)
    rolled_up(at, range(1, 31), received=5, kept=9, missed=1, yes=4, no=6)
    weigh(NOON)
    day = TODAY - timedelta(days=30)
    decide(**at, day=day, words="فرقة  صيانة ثانية\nللطرق", actor=jordan.head, at=NOON)
    (one,) = decisions(None, TODAY)
    assert (one.words, one.officer, one.day) == ("فرقة صيانة ثانية للطرق", int(jordan.head.id), day)
    assert (one.days, one.before, one.after) == (30, 300, 150)
    assert one.change.value == pytest.approx(0.5)
    assert one.change.high
    assert one.change.high < 0.65
    on_time, solved, upheld = one.shares
    assert on_time.clear
    assert on_time.after.value == pytest.approx(0.9)
    assert not solved.clear
    assert upheld.after.value is None  # nothing was decided: not enough, and no nought
    change = ChangeRecord.objects.get(model="insight.decision")
    assert (change.actor, change.after and change.after["day"]) == (str(jordan.head), str(day))


def test_too_soon_nothing_is_compared(jordan: Jordan) -> None:
    at = cell(jordan)
    rolled_up(at, range(1, 91), received=10)
    weigh(NOON)
    decide(**at, day=TODAY - timedelta(days=6), words="فرقة ثانية", actor=jordan.pm, at=NOON)
    (one,) = decisions(frozenset({at["entity"]}), TODAY)
    assert one.days == 0
    assert one.change.value is None


@pytest.mark.parametrize(
    "wrong",
    [{"words": " "}, {"words": "س" * (LETTERS + 1)}, {"day": TODAY + timedelta(days=1)},
     {"day": TODAY - timedelta(days=LONG_AGO + 1)}, {"day": date(1, 1, 1)}, {"service": 0}, {"governorate": 10**6}],
)  # fmt: skip
def test_what_is_no_decision_is_not_kept(jordan: Jordan, wrong: dict[str, Any]) -> None:
    at = cell(jordan)
    rolled_up(at, range(1, 31), received=10)
    weigh(NOON)
    with pytest.raises(InvalidInput):
        decide(**{**at, "day": TODAY, "words": "فرقة ثانية", **wrong}, actor=jordan.head, at=NOON)
    assert not Decision.objects.exists()


def test_who_only_watches_decides_nothing(jordan: Jordan) -> None:
    at = cell(jordan)
    for actor in (jordan.manager, jordan.office, jordan.rival):
        with pytest.raises(NotAllowed):
            decide(**at, day=TODAY, words="فرقة ثانية", actor=actor, at=NOON)
