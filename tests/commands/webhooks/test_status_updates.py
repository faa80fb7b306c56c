"""What a body's own system says of its cases comes back once; who connects it, and what a system must be."""

from typing import Any

import pytest

from bekhedmetkom.cases import commands as cases
from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.catalogue.rules import Disposition
from bekhedmetkom.entities.models import ChangeRecord
from bekhedmetkom.kernel.errors import InvalidInput, NotAllowed
from bekhedmetkom.webhooks import commands, georeport_client
from bekhedmetkom.webhooks.models import Connection
from bekhedmetkom.webhooks.rules.forwarding import ForwardingStep, ParkedReason
from tests.commands.cases.case_stages import ANSWER
from tests.personas import DAY, HOUR, NOON, Jordan

from .external_system_helpers import (
    MINUTE,
    TOPIC,
    connect_system,
    get_forwarding,
    list_internal_texts,
    run_due_work,
    submit_case,
    there,
)
from .georeport_server import API_KEY, GeoReportServer
from .test_deliveries import tell

__all__ = ["there"]


def test_a_token_is_asked_until_there_is_a_number(jordan: Jordan, there: GeoReportServer) -> None:
    connect_system(jordan, there)
    case = submit_case(jordan)
    there.tokens, there.given = True, False
    assert run_due_work(NOON + MINUTE) == 0
    assert run_due_work(NOON + HOUR) == 0
    assert get_forwarding().step == ForwardingStep.NUMBERLESS
    there.given = True
    assert run_due_work(NOON + DAY) == 1
    assert (get_forwarding().far_id, len(there.posts)) == ("1000", 1)
    assert list_internal_texts(case) == [EventType.FORWARDED]


def test_a_number_that_never_comes_is_parked(jordan: Jordan, there: GeoReportServer) -> None:
    connect_system(jordan, there)
    submit_case(jordan)
    there.tokens, there.given = True, False
    run_due_work(NOON + MINUTE)
    run_due_work(NOON + 4 * DAY)
    assert get_forwarding().why == ParkedReason.NO_NUMBER


@pytest.mark.parametrize(
    "fail", ["500", "503", "hangs", "cuts", "html", "broken", "huge", "bomb", "redirects"]
)
def test_a_failing_pull_changes_nothing_and_the_next_one_brings_it(
    jordan: Jordan, there: GeoReportServer, fail: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(georeport_client, "TIMEOUT_SECONDS", 1)
    connect_system(jordan, there)
    case = submit_case(jordan)
    run_due_work(NOON + MINUTE)
    there.moves("1000", "closed", "تم")
    there.fails["GET"] = [fail] * (2 if fail == "redirects" else 1)  # a list, then one by one
    assert run_due_work(NOON + HOUR) == 0
    assert list_internal_texts(case) == [EventType.FORWARDED]
    assert run_due_work(NOON + DAY) == 1


@pytest.mark.parametrize("way", ["knows no lists", "answers in the other format"])
def test_servers_that_are_not_quite_as_specified(jordan: Jordan, there: GeoReportServer, way: str) -> None:
    there.lists, there.format = way != "knows no lists", "xml" if way != "knows no lists" else ""
    connect_system(jordan, there)
    case = submit_case(jordan)
    assert run_due_work(NOON + MINUTE) == 1
    there.moves("1000", "closed", "تم")
    assert run_due_work(NOON + HOUR) == 1
    assert list_internal_texts(case) == [EventType.FORWARDED, EventType.SYSTEM_SAID]


def test_what_is_not_shown_any_more_is_parked_and_asked_again_when_wanted(
    jordan: Jordan, there: GeoReportServer
) -> None:
    connect_system(jordan, there)
    submit_case(jordan)
    run_due_work(NOON + MINUTE)
    there.shows = False
    for days in range(1, 20):
        commands.run_due_exchanges(NOON + days * DAY)
    assert get_forwarding().why == ParkedReason.NOT_SHOWN
    there.shows = True
    commands.forward_again(forwarding=get_forwarding().pk, actor=jordan.administrator, at=NOON + 20 * DAY)
    there.moves("1000", "closed", "تم")
    assert commands.run_due_exchanges(NOON + 20 * DAY) == 1
    assert len(there.posts) == 1


def test_after_the_answer_nobody_asks_and_after_an_appeal_again(
    jordan: Jordan, there: GeoReportServer
) -> None:
    connect_system(jordan, there)
    case = submit_case(jordan)
    run_due_work(NOON + MINUTE)
    case.refresh_from_db()
    at = NOON + HOUR
    seq = cases.assign_case(case=case.pk, seen=case.seq, actor=jordan.main, at=at, unit=jordan.roads)
    cases.answer_case(
        case=case.pk, seen=seq, actor=jordan.roads_officer, at=at, text=ANSWER, disposition=Disposition.UPHELD
    )
    there.moves("1000", "closed", "تم")
    there.asked.clear()
    assert run_due_work(at + HOUR) == 0
    assert there.asked == []
    cases.appeal_case(case=case.pk, seen=None, actor=jordan.citizen(case), at=at + DAY, reason="لم تُردم")
    assert run_due_work(at + 2 * DAY) == 1, "whoever reviews it reads how it stands there"


def test_an_ended_system_hears_and_says_nothing(jordan: Jordan, there: GeoReportServer) -> None:
    made = connect_system(jordan, there)
    submit_case(jordan)
    tell(NOON + MINUTE)
    commands.end_connection(connection=made.pk, actor=jordan.administrator, at=NOON + MINUTE)
    submit_case(jordan)
    assert run_due_work(NOON + HOUR) == 0
    assert (there.posts, there.asked) == ([], [])


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"url": "http://93.184.215.14/"}, "url"), ({"url": "https://10.0.0.1/open311"}, "url"), ({"url": ""}, "url"),
        ({"kinds": []}, "kinds"), ({"kinds": ["violation"]}, "kinds"), ({"kinds": ["x"]}, "kinds"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_system_is_refused(
    jordan: Jordan, there: GeoReportServer, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        connect_system(jordan, there, **given)
    assert [error.field for error in refused.value.errors] == [field]
    assert not Connection.objects.exists()


def test_a_body_has_one_system_and_only_administrators_connect_it(
    jordan: Jordan, there: GeoReportServer
) -> None:
    connect_system(jordan, there)
    with pytest.raises(InvalidInput) as refused:
        connect_system(jordan, there)
    assert refused.value.errors[0].field == "entity"
    with pytest.raises(NotAllowed):
        commands.save_connection(Connection.objects.get(), key="", actor=jordan.main, at=NOON)


def test_its_key_is_sealed_and_in_no_history(jordan: Jordan, there: GeoReportServer) -> None:
    made = connect_system(jordan, there)
    stored = Connection.objects.get(pk=made.pk)
    assert stored.key and API_KEY.encode() not in bytes(stored.key)
    assert API_KEY not in repr(list(ChangeRecord.objects.values_list("before", "after")))
    commands.save_connection(stored, key="", actor=jordan.administrator, at=NOON + DAY)
    submit_case(jordan)
    assert run_due_work(NOON + MINUTE) == 1, "an empty key leaves the one that it has"


def test_trying_it_reads_its_services_and_says_what_they_still_demand(
    jordan: Jordan, there: GeoReportServer
) -> None:
    made = connect_system(jordan, there)
    assert [one.code for one in commands.fetch_services(made).services] == ["001", "002"]
    topic = jordan.services[TOPIC]
    given: dict[str, Any] = {"connection": made.pk, "actor": jordan.administrator, "at": NOON}
    assert commands.save_service_codes(codes={topic: ("001", "")}, **given) == [("001", ["SIZE"])]
    assert commands.save_service_codes(codes={topic: ("001", "SIZE=big")}, **given) == []
    with pytest.raises(InvalidInput):
        commands.save_service_codes(codes={topic: ("001", "SIZE")}, **given)
    for fail in ("404", "500", "html", "cuts"):
        there.fails["GET"] = [fail]
        offer = commands.fetch_services(made)
        assert offer.trouble and not offer.services
