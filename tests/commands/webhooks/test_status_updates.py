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


def test_token_is_polled_until_an_id_exists(jordan: Jordan, there: GeoReportServer) -> None:
    connect_system(jordan, there)
    case = submit_case(jordan)
    there.tokens, there.given = True, False
    assert run_due_work(NOON + MINUTE) == 0
    assert run_due_work(NOON + HOUR) == 0
    assert get_forwarding().step == ForwardingStep.AWAITING_ID
    there.given = True
    assert run_due_work(NOON + DAY) == 1
    assert (get_forwarding().far_id, len(there.posts)) == ("1000", 1)
    assert list_internal_texts(case) == [EventType.FORWARDED]


def test_missing_id_is_parked(jordan: Jordan, there: GeoReportServer) -> None:
    connect_system(jordan, there)
    submit_case(jordan)
    there.tokens, there.given = True, False
    run_due_work(NOON + MINUTE)
    run_due_work(NOON + 4 * DAY)
    assert get_forwarding().why == ParkedReason.NO_NUMBER


@pytest.mark.parametrize(
    "fail", ["500", "503", "hangs", "cuts", "html", "broken", "huge", "bomb", "redirects"]
)
def test_failed_poll_changes_nothing(
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
def test_nonconforming_servers_are_supported(jordan: Jordan, there: GeoReportServer, way: str) -> None:
    there.lists, there.format = way != "knows no lists", "xml" if way != "knows no lists" else ""
    connect_system(jordan, there)
    case = submit_case(jordan)
    assert run_due_work(NOON + MINUTE) == 1
    there.moves("1000", "closed", "تم")
    assert run_due_work(NOON + HOUR) == 1
    assert list_internal_texts(case) == [EventType.FORWARDED, EventType.SYSTEM_SAID]


def test_request_no_longer_shown_is_parked_and_can_be_retried(jordan: Jordan, there: GeoReportServer) -> None:
    connect_system(jordan, there)
    submit_case(jordan)
    run_due_work(NOON + MINUTE)
    there.shows = False
    for days in range(1, 20):
        commands.run_due_exchanges(NOON + days * DAY)
    assert get_forwarding().why == ParkedReason.NOT_SHOWN
    there.shows = True
    commands.retry_forwarding(forwarding=get_forwarding().pk, actor=jordan.administrator, at=NOON + 20 * DAY)
    there.moves("1000", "closed", "تم")
    assert commands.run_due_exchanges(NOON + 20 * DAY) == 1
    assert len(there.posts) == 1


def test_polling_stops_after_answer_and_resumes_after_appeal(jordan: Jordan, there: GeoReportServer) -> None:
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
    cases.appeal_case(case=case.pk, seen=None, actor=jordan.get_citizen(case), at=at + DAY, reason="لم تُردم")
    assert run_due_work(at + 2 * DAY) == 1, "whoever reviews it reads how it stands there"


def test_ended_system_neither_receives_nor_updates(jordan: Jordan, there: GeoReportServer) -> None:
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
def test_invalid_system_is_refused(
    jordan: Jordan, there: GeoReportServer, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        connect_system(jordan, there, **given)
    assert [error.field for error in refused.value.errors] == [field]
    assert not Connection.objects.exists()


def test_only_administrators_connect_one_system_per_body(jordan: Jordan, there: GeoReportServer) -> None:
    connect_system(jordan, there)
    with pytest.raises(InvalidInput) as refused:
        connect_system(jordan, there)
    assert refused.value.errors[0].field == "entity"
    with pytest.raises(NotAllowed):
        commands.save_connection(Connection.objects.get(), key="", actor=jordan.main, at=NOON)


def test_api_key_is_encrypted_and_not_in_history(jordan: Jordan, there: GeoReportServer) -> None:
    made = connect_system(jordan, there)
    stored = Connection.objects.get(pk=made.pk)
    assert stored.key and API_KEY.encode() not in bytes(stored.key)
    assert API_KEY not in repr(list(ChangeRecord.objects.values_list("before", "after")))
    commands.save_connection(stored, key="", actor=jordan.administrator, at=NOON + DAY)
    submit_case(jordan)
    assert run_due_work(NOON + MINUTE) == 1, "an empty key leaves the one that it has"


def test_connection_check_lists_services_and_missing_attributes(
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
        assert offer.problem and not offer.services
