"""Figures that leave their band: told once, over when they are back, and kept quiet about for a while with a reason."""

from datetime import date, timedelta

import pytest

from bekhedmetkom.analytics.commands.alerts import MAX_MUTE_DAYS, mute_alert, unmute_alert, update_alerts
from bekhedmetkom.analytics.models import RollUp
from bekhedmetkom.analytics.queries.alerts import list_alerts, list_current_alerts
from bekhedmetkom.analytics.rules.alerts import MAX_ALERT_DAYS, AlertEndReason, BandSide
from bekhedmetkom.analytics.storage import Alert, Mute
from bekhedmetkom.entities.models import ChangeRecord
from bekhedmetkom.kernel.errors import InvalidInput, NotAllowed
from tests.personas import DAY, NOON, Jordan, jordan

from .rollup_rows import build_rollup_row

__all__ = ["jordan"]

pytestmark = pytest.mark.django_db

TODAY = NOON.date()


def insert_on_time_shares(entity: int, share: float, days: range, a_day: int = 20) -> None:
    """So many of a hundred terms were kept, on each of the days before today."""
    kept = round(a_day * share)
    measures = {"received": a_day, "answered": a_day, "entered": a_day, "gone": a_day, "kept": kept,
                "missed": a_day - kept}  # fmt: skip
    RollUp.objects.bulk_create(
        [build_rollup_row(TODAY - timedelta(days=back), measures, entity=entity) for back in days]
    )


def insert_falling_body(jordan: Jordan) -> int:
    """The greater municipality's answers come late since a week."""
    entity = jordan.entities["GAM"]
    insert_on_time_shares(entity, 0.9, range(7, 150))
    insert_on_time_shares(entity, 0.5, range(7))
    return entity


def test_a_fall_is_told_once_with_its_evidence(jordan: Jordan) -> None:
    entity = insert_falling_body(jordan)
    assert update_alerts(NOON + DAY) == 1
    assert update_alerts(NOON + DAY) == update_alerts(NOON + 2 * DAY) == 0
    (one,) = list_current_alerts(jordan.head, TODAY)
    assert (one.entity, one.indicator, one.side, one.ended_on) == (entity, "on_time", BandSide.BELOW, None)
    assert one.value < one.low < one.middle == pytest.approx(0.9)
    assert (len(one.baseline_values), one.observations) == (12, 120)  # of the last day nothing is in yet
    assert [said.id for said in list_current_alerts(jordan.pm, TODAY)] == [one.id]
    assert list_current_alerts(jordan.roads_officer, TODAY) == []


def test_it_is_over_when_it_is_back_or_has_become_usual(jordan: Jordan) -> None:
    insert_falling_body(jordan)
    update_alerts(NOON + DAY)
    RollUp.objects.filter(day__gt=TODAY - timedelta(days=7)).update(kept=18, missed=2)
    update_alerts(NOON + 2 * DAY)
    row = Alert.objects.get()
    assert (row.ended_on, row.end_reason) == (TODAY + timedelta(days=2), AlertEndReason.RECOVERED)
    assert list_current_alerts(jordan.head, TODAY) == []
    assert [one.id for one in list_alerts(None, TODAY)] == [row.pk]
    assert list_alerts(None, TODAY + timedelta(days=40)) == []
    Alert.objects.update(ended_on=None, end_reason="", started_on=TODAY - timedelta(days=MAX_ALERT_DAYS))
    RollUp.objects.filter(day__gt=TODAY - timedelta(days=7)).update(kept=5, missed=15)
    update_alerts(NOON + 2 * DAY)
    assert Alert.objects.get().end_reason == AlertEndReason.NEW_NORMAL


def test_muted_it_is_told_to_those_above_alone_until_a_day_and_a_change_says_who(jordan: Jordan) -> None:
    entity = insert_falling_body(jordan)
    update_alerts(NOON + DAY)
    alert = Alert.objects.get().pk
    until = TODAY + timedelta(days=10)
    mute_alert(alert=alert, until=until, reason="  نقل الأرشيف\nهذا الأسبوع ", actor=jordan.head, at=NOON)
    assert list_current_alerts(jordan.head, until) == []
    assert len(list_current_alerts(jordan.pm, until)) == 1  # a head keeps nothing from those above
    (one,) = list_alerts(frozenset({entity}), until)
    assert one.mute
    assert one.mute.reason == "نقل الأرشيف هذا الأسبوع"
    assert len(list_current_alerts(jordan.head, until + timedelta(days=1))) == 1
    unmute_alert(alert=alert, actor=jordan.head, at=NOON)
    assert len(list_current_alerts(jordan.head, TODAY)) == 1
    mute_alert(alert=alert, until=until, reason="عطل معروف", actor=jordan.pm, at=NOON)
    assert list_current_alerts(jordan.head, until) == list_current_alerts(jordan.pm, until) == []
    changes = ChangeRecord.objects.filter(model="analytics.mute").order_by("id")
    assert [(one.before, one.after) for one in changes] == [
        (None, {"until": str(until)}),
        ({"until": str(until)}, None),
        (None, {"until": str(until)}),
    ]


@pytest.mark.parametrize(
    ("until", "reason"),
    [(TODAY - timedelta(days=1), "سبب"), (TODAY + timedelta(days=MAX_MUTE_DAYS + 1), "سبب"), (TODAY, "  "),
     (TODAY, "س" * 301), (date(9999, 12, 31), "سبب")],
)  # fmt: skip
def test_a_mute_without_a_reason_or_an_end_is_none(jordan: Jordan, until: date, reason: str) -> None:
    insert_falling_body(jordan)
    update_alerts(NOON + DAY)
    with pytest.raises(InvalidInput):
        mute_alert(alert=Alert.objects.get().pk, until=until, reason=reason, actor=jordan.head, at=NOON)
    assert not Mute.objects.exists()


def test_nobody_else_mutes(jordan: Jordan) -> None:
    insert_falling_body(jordan)
    update_alerts(NOON + DAY)
    alert = Alert.objects.get().pk
    for actor in (jordan.roads_officer, jordan.manager, jordan.rival):
        with pytest.raises(NotAllowed):
            mute_alert(alert=alert, until=TODAY, reason="سبب", actor=actor, at=NOON)
    with pytest.raises(NotAllowed):
        unmute_alert(alert=alert + 1, actor=jordan.head, at=NOON)


def test_too_short_a_past_says_nothing(jordan: Jordan) -> None:
    insert_on_time_shares(jordan.entities["GAM"], 0.5, range(60))
    assert update_alerts(NOON + DAY) == 0
