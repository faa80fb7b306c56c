"""What a body's own system says of its cases comes back once; who connects it, and what a system must be."""

from typing import Any

import pytest

from bekhedmetkom.cases import commands as cases
from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.catalogue.rules import Disposition
from bekhedmetkom.entities.models import ChangeRecord
from bekhedmetkom.kernel.errors import InvalidInput, NotAllowed
from bekhedmetkom.webhooks import commands, server
from bekhedmetkom.webhooks.models import Connection
from bekhedmetkom.webhooks.rules.forwarding import Step, Why
from tests.commands.cases.stages import ANSWER
from tests.personas import DAY, HOUR, NOON, Jordan

from .georeport_server import KEY, Body
from .systems import MINUTE, TOPIC, brought, connected, row, said_inside, there, work
from .test_webhooks import tell

__all__ = ["there"]


def test_a_token_is_asked_until_there_is_a_number(jordan: Jordan, there: Body) -> None:
    connected(jordan, there)
    case = brought(jordan)
    there.tokens, there.given = True, False
    assert work(NOON + MINUTE) == 0
    assert work(NOON + HOUR) == 0
    assert row().step == Step.NUMBERLESS
    there.given = True
    assert work(NOON + DAY) == 1
    assert (row().far_id, len(there.posts)) == ("1000", 1)
    assert said_inside(case) == [EventType.FORWARDED]


def test_a_number_that_never_comes_is_parked(jordan: Jordan, there: Body) -> None:
    connected(jordan, there)
    brought(jordan)
    there.tokens, there.given = True, False
    work(NOON + MINUTE)
    work(NOON + 4 * DAY)
    assert row().why == Why.NO_NUMBER


@pytest.mark.parametrize(
    "fail", ["500", "503", "hangs", "cuts", "html", "broken", "huge", "bomb", "redirects"]
)
def test_a_failing_pull_changes_nothing_and_the_next_one_brings_it(
    jordan: Jordan, there: Body, fail: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "PATIENCE", 1)
    connected(jordan, there)
    case = brought(jordan)
    work(NOON + MINUTE)
    there.moves("1000", "closed", "تم")
    there.fails["GET"] = [fail] * (2 if fail == "redirects" else 1)  # a list, then one by one
    assert work(NOON + HOUR) == 0
    assert said_inside(case) == [EventType.FORWARDED]
    assert work(NOON + DAY) == 1


@pytest.mark.parametrize("way", ["knows no lists", "answers in the other format"])
def test_servers_that_are_not_quite_as_specified(jordan: Jordan, there: Body, way: str) -> None:
    there.lists, there.format = way != "knows no lists", "xml" if way != "knows no lists" else ""
    connected(jordan, there)
    case = brought(jordan)
    assert work(NOON + MINUTE) == 1
    there.moves("1000", "closed", "تم")
    assert work(NOON + HOUR) == 1
    assert said_inside(case) == [EventType.FORWARDED, EventType.SYSTEM_SAID]


def test_what_is_not_shown_any_more_is_parked_and_asked_again_when_wanted(
    jordan: Jordan, there: Body
) -> None:
    connected(jordan, there)
    brought(jordan)
    work(NOON + MINUTE)
    there.shows = False
    for days in range(1, 20):
        commands.exchange_due(NOON + days * DAY)
    assert row().why == Why.NOT_SHOWN
    there.shows = True
    commands.forward_again(forwarding=row().pk, actor=jordan.administrator, at=NOON + 20 * DAY)
    there.moves("1000", "closed", "تم")
    assert commands.exchange_due(NOON + 20 * DAY) == 1
    assert len(there.posts) == 1


def test_after_the_answer_nobody_asks_and_after_an_appeal_again(jordan: Jordan, there: Body) -> None:
    connected(jordan, there)
    case = brought(jordan)
    work(NOON + MINUTE)
    case.refresh_from_db()
    at = NOON + HOUR
    seq = cases.assign(case=case.pk, seen=case.seq, actor=jordan.main, at=at, unit=jordan.roads)
    cases.answer(
        case=case.pk, seen=seq, actor=jordan.roads_officer, at=at, text=ANSWER, disposition=Disposition.UPHELD
    )
    there.moves("1000", "closed", "تم")
    there.asked.clear()
    assert work(at + HOUR) == 0
    assert there.asked == []
    cases.appeal(case=case.pk, seen=None, actor=jordan.citizen(case), at=at + DAY, reason="لم تُردم")
    assert work(at + 2 * DAY) == 1, "whoever reviews it reads how it stands there"


def test_an_ended_system_hears_and_says_nothing(jordan: Jordan, there: Body) -> None:
    made = connected(jordan, there)
    brought(jordan)
    tell(NOON + MINUTE)
    commands.end_connection(connection=made.pk, actor=jordan.administrator, at=NOON + MINUTE)
    brought(jordan)
    assert work(NOON + HOUR) == 0
    assert (there.posts, there.asked) == ([], [])


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"url": "http://93.184.215.14/"}, "url"), ({"url": "https://10.0.0.1/open311"}, "url"), ({"url": ""}, "url"),
        ({"kinds": []}, "kinds"), ({"kinds": ["violation"]}, "kinds"), ({"kinds": ["x"]}, "kinds"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_system_is_refused(
    jordan: Jordan, there: Body, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        connected(jordan, there, **given)
    assert [error.field for error in refused.value.errors] == [field]
    assert not Connection.objects.exists()


def test_a_body_has_one_system_and_only_administrators_connect_it(jordan: Jordan, there: Body) -> None:
    connected(jordan, there)
    with pytest.raises(InvalidInput) as refused:
        connected(jordan, there)
    assert refused.value.errors[0].field == "entity"
    with pytest.raises(NotAllowed):
        commands.connect(Connection.objects.get(), key="", actor=jordan.main, at=NOON)


def test_its_key_is_sealed_and_in_no_history(jordan: Jordan, there: Body) -> None:
    made = connected(jordan, there)
    stored = Connection.objects.get(pk=made.pk)
    assert stored.key and KEY.encode() not in bytes(stored.key)
    assert KEY not in repr(list(ChangeRecord.objects.values_list("before", "after")))
    commands.connect(stored, key="", actor=jordan.administrator, at=NOON + DAY)
    brought(jordan)
    assert work(NOON + MINUTE) == 1, "an empty key leaves the one that it has"


def test_trying_it_reads_its_services_and_says_what_they_still_demand(jordan: Jordan, there: Body) -> None:
    made = connected(jordan, there)
    assert [one.code for one in commands.offered(made).services] == ["001", "002"]
    topic = jordan.services[TOPIC]
    given: dict[str, Any] = {"connection": made.pk, "actor": jordan.administrator, "at": NOON}
    assert commands.match(codes={topic: ("001", "")}, **given) == [("001", ["SIZE"])]
    assert commands.match(codes={topic: ("001", "SIZE=big")}, **given) == []
    with pytest.raises(InvalidInput):
        commands.match(codes={topic: ("001", "SIZE")}, **given)
    for fail in ("404", "500", "html", "cuts"):
        there.fails["GET"] = [fail]
        offer = commands.offered(made)
        assert offer.trouble and not offer.services
