"""What open pages are told of a case, and of which cases they are told nothing."""

from typing import Any

import pytest

from bekhedmetkom.analytics.projection import AnalyticsProjection
from bekhedmetkom.cases import commands
from bekhedmetkom.cases.feed import advance_consumer
from bekhedmetkom.cases.models import Case, Event
from bekhedmetkom.catalogue.models import Service
from bekhedmetkom.catalogue.rules import Disposition, Handling, Kind
from bekhedmetkom.entities.table_cache import refresh_versions
from bekhedmetkom.live import queries
from bekhedmetkom.live.models import Told
from bekhedmetkom.live.queries import LiveUpdate, build_listener
from bekhedmetkom.live.rules import Topic
from bekhedmetkom.live.subscriber import LiveUpdateSubscriber
from tests.commands.cases.case_stages import ANSWER
from tests.commands.notifications.event_helpers import build_fed_event
from tests.personas import HOUR, NOON, Jordan
from tests.queries.cases.test_feed import ALL


def follow(since: int = 0) -> None:
    events = Event.objects.filter(pk__gt=since).select_related("case").order_by("pk")
    LiveUpdateSubscriber().handle_events([build_fed_event(event) for event in events])


def feed(jordan: Jordan) -> list[Any]:
    return [said["said"]["en"] for said in queries.list_feed(jordan.pm)]


def answered(jordan: Jordan, **given: Any) -> Case:
    case = jordan.create_assigned_case(**given)
    commands.answer_case(
        case=case.pk, seen=2, text=ANSWER, disposition=Disposition.UPHELD, actor=jordan.roads_officer, at=NOON + HOUR
    )  # fmt: skip
    return case


def test_feed_entry_has_event_topic_and_governorate(jordan: Jordan) -> None:
    topic = next(code for code in jordan.services if code.startswith("GAM-"))
    answered(jordan, service=jordan.services[topic], governorate=jordan.governorates["GOV-ZA"])
    follow()
    assert feed(jordan) == ["Answered", "A complaint came"]
    newest = queries.list_feed(jordan.pm)[0]
    assert newest["time"] == "13:00:00"
    assert newest["topic"]["ar"] == Service.objects.get(code=topic).name_ar
    assert newest["where"]["en"] == "Zarqa"
    assert set(newest) == {"what", "at", "time", "said", "topic", "where"}


def test_confidential_case_is_not_in_the_feed(jordan: Jordan) -> None:
    jordan.create_case(kind=Kind.VIOLATION)
    follow()
    assert feed(jordan) == []


def test_case_that_becomes_confidential_is_removed(jordan: Jordan) -> None:
    case = jordan.create_case()
    follow()
    assert feed(jordan) == ["A complaint came"]
    last = Event.objects.latest("pk").pk
    commands.reclassify_case(
        case=case.pk, seen=1, kind=Kind.VIOLATION, reason="إبلاغ عن مخالفة", actor=jordan.main, at=NOON + HOUR
    )  # fmt: skip
    follow(last)
    assert feed(jordan) == []


def test_complaint_about_a_person_is_not_in_the_feed(jordan: Jordan) -> None:
    case = jordan.create_case()
    commands.set_complaint_subject(case=case.pk, seen=1, actor=jordan.main, at=NOON + HOUR, unit=jordan.roads)
    follow()
    assert feed(jordan) == []


def test_sensitive_topic_is_not_in_the_feed(jordan: Jordan) -> None:
    code, key = next((code, key) for code, key in jordan.services.items() if code.startswith("GAM-"))
    jordan.create_case(service=key)
    Service.objects.filter(code=code).update(handling=str(Handling.INSPECTION))
    refresh_versions()
    follow()
    assert feed(jordan) == []


@pytest.mark.parametrize(("who", "hears"), [("head", 1), ("manager", 1), ("pm", 1), ("minister", 0)])
def test_officer_receives_feed_of_watched_bodies(jordan: Jordan, who: str, hears: int) -> None:
    jordan.create_case()
    follow()
    actor = jordan.people[who]
    assert len(queries.list_feed(actor)) == hears
    heard = [build_listener(actor).can_receive(LiveUpdate.from_row(*row)) for row in rows(Topic.FEED)]
    assert heard == [bool(hears)]


@pytest.mark.parametrize(
    ("kind", "hear"),
    [
        (Kind.COMPLAINT, {"main", "manager", "head", "pm", "approver"}),
        (Kind.VIOLATION, {"inspector"}),
    ],
)
def test_desk_update_goes_to_officers_with_access(jordan: Jordan, kind: Kind, hear: set[str]) -> None:
    jordan.create_case(kind=kind)
    follow()
    (hint,) = (LiveUpdate.from_row(*row) for row in rows(Topic.DESK))
    listening = set(jordan.people) - {"agent"}
    assert {name for name in listening if build_listener(jordan.people[name]).can_receive(hint)} == hear
    assert hint.data == {}


def test_analytics_publishes_after_rollup(committed_jordan: Jordan) -> None:
    committed_jordan.create_case()
    advance_consumer(AnalyticsProjection(), horizon=ALL)
    assert [told.topic for told in Told.objects.all()] == [Topic.INDICATORS]
    assert advance_consumer(AnalyticsProjection(), horizon=ALL) == 0
    assert Told.objects.count() == 1


def rows(topic: Topic) -> list[Any]:
    return list(Told.objects.filter(topic=topic).values_list("id", "topic", "whose", "says"))
