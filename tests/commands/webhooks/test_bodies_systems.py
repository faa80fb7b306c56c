"""A body whose own system speaks GeoReport v2: its cases go there once, whatever happens on the way."""

from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from pytest_django import Settings

from bekhedmetkom.cases import commands as cases
from bekhedmetkom.cases.models import CaseText, Event
from bekhedmetkom.cases.queries import desk_case, of_citizen, verify_journal
from bekhedmetkom.cases.rules.applicant import Applicant
from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.entities.models import ChangeRecord
from bekhedmetkom.kernel.errors import InvalidInput, NotAllowed, Refusal
from bekhedmetkom.webhooks import commands, server
from bekhedmetkom.webhooks.models import Connection, Forwarding
from bekhedmetkom.webhooks.rules.forwarding import Step, Tells, Why
from tests.personas import DAY, HOUR, NOON, POTHOLE, Jordan

from .georeport_server import AFTER, Body
from .systems import MINUTE, brought, connected, row, said_inside, there, work
from .test_webhooks import tell

__all__ = ["there"]


@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_case_goes_there_once_and_its_answers_come_back_once(
    jordan: Jordan, there: Body, form: str
) -> None:
    connected(jordan, there, form=form)
    case = brought(jordan)
    assert work(NOON + MINUTE) == 1
    assert work(NOON + 2 * MINUTE) == 0, "followed again, and sent once"
    (sent,) = there.posts
    assert sent["service_code"] == "001"
    assert (sent["lat"], sent["long"], sent["attribute[SIZE]"]) == ("31.953912", "35.910645", "big")
    assert sent["attribute[BEKHEDMETKOM_REFERENCE]"] == case.reference
    assert said_inside(case) == [EventType.FORWARDED]
    assert Event.objects.get(case=case, kind=EventType.FORWARDED).data["far_id"] == "1000"

    there.moves("1000", "open", "فريق الصيانة في الطريق")
    assert work(NOON + HOUR) == 1
    assert work(NOON + 2 * HOUR) == work(NOON + 3 * HOUR) == 0, "the same again is no news"
    there.moves("1000", "closed", "رُدمت الحفرة")
    assert work(NOON + 4 * HOUR) == 1
    assert said_inside(case) == [EventType.FORWARDED, EventType.SYSTEM_SAID, EventType.SYSTEM_SAID]
    texts = CaseText.objects.filter(case=case, field="system").order_by("seq")
    assert [text.body for text in texts] == ["فريق الصيانة في الطريق", "رُدمت الحفرة"]
    case.refresh_from_db()
    assert case.state == "received", "what a system says is no answer"
    assert list(verify_journal()) == []


def test_the_clock_goes_on_and_nothing_of_it_is_an_act(jordan: Jordan, there: Body) -> None:
    connected(jordan, there)
    case = brought(jordan)
    work(NOON + MINUTE)
    there.moves("1000", "closed", "تم")
    work(NOON + HOUR)
    before = {name: getattr(case, name) for name in ("due_at", "idle_from", "look_at")}
    case.refresh_from_db()
    assert {name: getattr(case, name) for name in before} == before


def test_the_citizen_reads_that_it_went_and_officers_what_came_back(jordan: Jordan, there: Body) -> None:
    connected(jordan, there)
    case = brought(jordan)
    work(NOON + MINUTE)
    there.moves("1000", "closed", "رُدمت الحفرة")
    work(NOON + HOUR)
    theirs = of_citizen(case.pk, NOON + HOUR)
    assert any("بموضوعه ومكانه ورقمه فقط" in entry.words.ar for entry in theirs.timeline)
    assert "رُدمت" not in repr(theirs)
    ours = desk_case(jordan.main, case.reference, NOON + HOUR)
    assert ours
    assert ours.journal[0].texts[0].body == "رُدمت الحفرة"


PERSONAL = ("سامر", "عواد", "791234567", "samer@example.com")
WHO = Applicant(name="سامر عواد", phone="+962791234567", email="samer@example.com")


@pytest.mark.parametrize(
    ("tells", "withheld", "text", "name"),
    [
        (Tells.MATTER, False, False, False), (Tells.TEXT, False, True, False), (Tells.CONTACT, False, True, True),
        (Tells.CONTACT, True, True, False), (Tells.MATTER, True, False, False),
    ],
)  # fmt: skip
def test_no_more_is_told_than_was_chosen_and_no_withheld_name(
    jordan: Jordan, there: Body, tells: Tells, withheld: bool, text: bool, name: bool
) -> None:
    connected(jordan, there, tells=str(tells))
    brought(jordan, applicant=WHO, withhold_identity=withheld)
    work(NOON + MINUTE)
    sent = "\n".join(there.posts[0].values())
    assert (POTHOLE in sent) is text
    assert any(word in sent for word in PERSONAL) is name
    assert row().told == (Tells.TEXT if withheld and tells is Tells.CONTACT else tells)


def test_what_must_not_go_does_not(jordan: Jordan, there: Body) -> None:
    connected(jordan, there)
    about = brought(jordan)
    cases.concern(case=about.pk, seen=1, actor=jordan.main, at=NOON, unit=jordan.roads)
    brought(jordan, about_employee="أبو أحمد")
    brought(jordan, kind=Kind.PRAISE)
    brought(jordan, kind=Kind.VIOLATION)
    brought(jordan, service=jordan.services["GAM-001"])
    brought(jordan, service=None, entity=jordan.entities["GAM"])
    gone = brought(jordan)
    cases.withdraw(case=gone.pk, seen=None, actor=jordan.citizen(gone), at=NOON)
    work(NOON + MINUTE)
    assert there.posts == []


def test_what_was_referred_elsewhere_within_the_moment_of_undoing_never_went(
    jordan: Jordan, there: Body
) -> None:
    connected(jordan, there)
    case = brought(jordan)
    cases.refer(
        case=case.pk, seen=1, actor=jordan.main, at=NOON, entity=jordan.entities["MOH"], reason="ليس لنا"
    )
    work(NOON + MINUTE)
    assert there.posts == []
    assert not Forwarding.objects.exists()


def test_who_connects_a_system_later_tells_nothing_of_old_cases(jordan: Jordan, there: Body) -> None:
    case = brought(jordan)
    last = Event.objects.latest("pk").pk
    connected(jordan, there)
    tell(NOON + MINUTE, since=last)
    assert commands.exchange_due(NOON + MINUTE) == 0
    cases.assign(case=case.pk, seen=1, unit=jordan.roads, actor=jordan.main, at=NOON + HOUR)
    assert work(NOON + 2 * HOUR) == 1, "what happens next is another matter"


NOT_TAKEN = ["503", "429"]


@pytest.mark.parametrize("fail", NOT_TAKEN)
def test_who_says_later_is_told_later_once(jordan: Jordan, there: Body, fail: str) -> None:
    made = connected(jordan, there)
    case = brought(jordan)
    there.fails["POST"] = [fail, fail]
    assert work(NOON + MINUTE) == 0
    assert work(NOON + MINUTE + timedelta(seconds=1)) == 0, "it sleeps"
    assert work(NOON + 2 * MINUTE) == 0
    made.refresh_from_db()
    assert (made.failures, made.last_status) == (2, int(fail))
    assert work(NOON + HOUR) == 1
    assert len(there.posts) == 1
    assert said_inside(case) == [EventType.FORWARDED]


def test_who_is_not_there_at_all_is_told_when_they_are(
    jordan: Jordan, there: Body, settings: Settings
) -> None:
    connected(jordan, there)
    brought(jordan)
    settings.OUTWARD_NETWORKS = ()  # as a name that leads into our own house
    assert work(NOON + MINUTE) == 0
    assert (row().step, row().sent_at) == (Step.TO_SEND, None), "certainly not sent"
    settings.OUTWARD_NETWORKS = (ip_network("127.0.0.0/8"),)
    assert work(NOON + HOUR) == 1


@pytest.mark.parametrize("fail", AFTER)
def test_after_a_lost_answer_it_is_looked_for_and_not_sent_again(
    jordan: Jordan, there: Body, fail: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "PATIENCE", 1)
    connected(jordan, there)
    case = brought(jordan)
    there.fails["POST"] = [fail]
    assert work(NOON + MINUTE) == 0
    assert row().step == Step.IN_DOUBT
    assert work(NOON + HOUR) == 1
    assert len(there.posts) == 1
    assert (row().far_id, row().step) == ("1000", Step.THERE)
    assert said_inside(case) == [EventType.FORWARDED]


@pytest.mark.parametrize("fail", ["500", "cuts", "html", "broken", "huge", "bomb"])
def test_where_it_certainly_did_not_come_it_is_sent_again(jordan: Jordan, there: Body, fail: str) -> None:
    """The system shows what it has, as it showed before, and this is not among it."""
    made = connected(jordan, there)
    Connection.objects.filter(pk=made.pk).update(shows=True)
    case = brought(jordan)
    there.fails["POST"] = [fail]
    at = NOON + MINUTE
    for minutes in (0, 5, 30, 60):
        work(at + minutes * MINUTE)
    assert len(there.posts) == 1
    assert said_inside(case) == [EventType.FORWARDED]


def test_where_nobody_can_know_a_person_decides(jordan: Jordan, there: Body) -> None:
    """It has shown one once, and the last one not."""
    made = connected(jordan, there)
    for there.shows in (True, False):
        withdrawn = brought(jordan)
        work(NOON + MINUTE)
        made.refresh_from_db()
        assert made.shows is there.shows
        cases.withdraw(case=withdrawn.pk, seen=None, actor=jordan.citizen(withdrawn), at=NOON + MINUTE)
    there.posts.clear()
    case = brought(jordan)
    there.fails["POST"] = ["taken, then 500"]
    for minutes in (2, 5, 30, 60):
        work(NOON + minutes * MINUTE)
    parked = Forwarding.objects.get(case=case)
    assert (parked.why, len(there.posts)) == (Why.IN_DOUBT, 1)
    with pytest.raises(NotAllowed):
        commands.found_there(forwarding=parked.pk, far_id="1002", actor=jordan.main, at=NOON + DAY)
    with pytest.raises(InvalidInput):
        commands.found_there(forwarding=parked.pk, far_id=" ", actor=jordan.administrator, at=NOON + DAY)
    commands.found_there(forwarding=parked.pk, far_id="1002", actor=jordan.administrator, at=NOON + DAY)
    there.shows = True
    there.moves("1002", "closed", "تم")
    assert work(NOON + DAY) == 1
    assert said_inside(case) == [EventType.FORWARDED, EventType.SYSTEM_SAID]
    assert ChangeRecord.objects.filter(model="webhooks.Forwarding").exists()


def test_who_is_killed_while_sending_leaves_it_in_doubt(
    jordan: Jordan, there: Body, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected(jordan, there)
    case = brought(jordan)

    def killed(*_: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("bekhedmetkom.webhooks.commands.forwarding.taken", killed)
        with pytest.raises(KeyboardInterrupt):
            work(NOON + MINUTE)
    assert work(NOON + 2 * MINUTE) == 0, "its lease runs"
    assert work(NOON + HOUR) == 1
    assert len(there.posts) == 1
    assert said_inside(case) == [EventType.FORWARDED]


@pytest.mark.parametrize("fail", ["400", "404", "redirects", "no in a 200"])
def test_what_is_refused_holds_up_no_other_and_is_seen(jordan: Jordan, there: Body, fail: str) -> None:
    connected(jordan, there)
    brought(jordan)
    second = brought(jordan)
    there.fails["POST"] = [fail]
    assert work(NOON + MINUTE) == 1
    waiting = Forwarding.objects.exclude(case=second).get()
    assert (waiting.step, waiting.parked_at) == (Step.TO_SEND, None)
    assert waiting.last_status
    if fail != "redirects":
        assert waiting.said
    there.fails["POST"] = ["400"] * 20
    late = NOON + 4 * DAY
    work(late)
    waiting.refresh_from_db()
    assert (waiting.why, waiting.parked_at) == (Why.REFUSED, late)
    there.fails["POST"] = []
    assert work(late + DAY) == 0, "nobody tries any more"
    commands.forward_again(forwarding=waiting.pk, actor=jordan.administrator, at=late + DAY)
    with pytest.raises(Refusal):
        commands.forward_again(forwarding=waiting.pk, actor=jordan.administrator, at=late + DAY)
    assert work(late + DAY) == 1
