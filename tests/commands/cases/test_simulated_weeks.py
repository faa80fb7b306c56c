"""Six working weeks in small (`bench weeks` plays them in full), and that the check finds what is wrong."""

from datetime import date, timedelta
from functools import partial

import pytest

from bekhedmetkom.cases import feed
from tests.models.working_weeks.comparison import compare_weeks
from tests.models.working_weeks.office_hours import OfficeHours
from tests.models.working_weeks.reference_model import ModelEvent, ReferenceModel
from tests.models.working_weeks.simulation import WeeksSimulation

# Everything that the weeks are about has happened in them, and not once only.
PLAYED = (
    "case.referred", "case.accepted", "case.returned", "case.extended", "case.reclassified", "reply.sent_back",
    "reply.approved", "citizen.asked", "citizen.appealed", "citizen.supplied", "appeal.upheld", "appeal.rejected",
    "officer.left", "clock.reminded", "clock.idle", "clock.overdue", "clock.resumed", "clock.rescheduled",
    "clock.asked_again", "clock.lapsed",
)  # fmt: skip


def test_in_working_weeks_time_causes_everything_once_and_at_its_time(
    committed_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The horizon is the whole server's, and other tests hold transactions open beside this one.
    monkeypatch.setattr(feed, "advance_consumer", partial(feed.advance_consumer, horizon=2**60))
    weeks = WeeksSimulation(cases=90, officers=20, every=timedelta(days=1))
    weeks.run()
    found = compare_weeks(weeks)
    assert found.faults == []
    assert {kind for kind in PLAYED if not found.events[kind]} == set()

    moved = next(
        life.model
        for life in weeks.cases_simulated
        if "clock.overdue" in [said.kind for said in life.model.events]
    )
    _at_another_time(moved)
    assert len(compare_weeks(weeks).wrong) == 1
    told = moved.events.pop()
    assert len(compare_weeks(weeks).twice) == 1
    moved.events += [told, told._replace(kind="clock.idle")]
    assert len(compare_weeks(weeks).missing) == 1


def _at_another_time(model: ReferenceModel) -> None:
    last: ModelEvent = model.events.pop()
    model.events.append(last._replace(at=last.at + timedelta(seconds=1)))


def test_a_holiday_that_the_platform_did_not_hear_of_is_found(
    committed_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    close = OfficeHours.add_holiday
    monkeypatch.setattr(
        OfficeHours, "add_holiday", lambda offices, day: close(offices, day + timedelta(days=1))
    )
    weeks = WeeksSimulation(cases=12, officers=20, every=timedelta(days=1))
    weeks.run()
    assert date(2027, 1, 29) in weeks.offices.holidays
    assert len(compare_weeks(weeks).wrong) > 5
