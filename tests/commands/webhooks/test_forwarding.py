"""A body whose own system speaks GeoReport v2: its cases go there once, whatever happens on the way."""

from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from pytest_django import Settings

from bekhedmetkom.cases import commands as cases
from bekhedmetkom.cases.models import CaseText, Event
from bekhedmetkom.cases.queries import find_desk_case, get_case_for_citizen, verify_journal
from bekhedmetkom.cases.rules.applicant import Applicant
from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.entities.models import ChangeRecord
from bekhedmetkom.kernel.errors import InvalidInput, NotAllowed, Refusal
from bekhedmetkom.webhooks import commands, georeport_client
from bekhedmetkom.webhooks.models import Connection, Forwarding
from bekhedmetkom.webhooks.rules.forwarding import DetailLevel, ForwardingStep, ParkedReason
from tests.personas import DAY, HOUR, NOON, POTHOLE, Jordan

from .external_system_helpers import (
    MINUTE,
    connect_system,
    get_forwarding,
    list_internal_texts,
    run_due_work,
    submit_case,
    there,
)
from .georeport_server import FAILURES_AFTER_SAVING, GeoReportServer
from .test_deliveries import tell

__all__ = ["there"]


@pytest.mark.parametrize("form", ["json", "xml"])
def test_case_is_forwarded_once_and_updates_return_once(
    jordan: Jordan, there: GeoReportServer, form: str
) -> None:
    connect_system(jordan, there, form=form)
    case = submit_case(jordan)
    assert run_due_work(NOON + MINUTE) == 1
    assert run_due_work(NOON + 2 * MINUTE) == 0, "followed again, and sent once"
    (sent,) = there.posts
    assert sent["service_code"] == "001"
    assert (sent["lat"], sent["long"], sent["attribute[SIZE]"]) == ("31.953912", "35.910645", "big")
    assert sent["attribute[BEKHEDMETKOM_REFERENCE]"] == case.reference
    assert list_internal_texts(case) == [EventType.FORWARDED]
    assert Event.objects.get(case=case, kind=EventType.FORWARDED).data["far_id"] == "1000"

    there.moves("1000", "open", "فريق الصيانة في الطريق")
    assert run_due_work(NOON + HOUR) == 1
    assert run_due_work(NOON + 2 * HOUR) == run_due_work(NOON + 3 * HOUR) == 0, "the same again is no news"
    there.moves("1000", "closed", "رُدمت الحفرة")
    assert run_due_work(NOON + 4 * HOUR) == 1
    assert list_internal_texts(case) == [EventType.FORWARDED, EventType.SYSTEM_SAID, EventType.SYSTEM_SAID]
    texts = CaseText.objects.filter(case=case, field="system").order_by("seq")
    assert [text.body for text in texts] == ["فريق الصيانة في الطريق", "رُدمت الحفرة"]
    case.refresh_from_db()
    assert case.state == "received", "what a system says is no answer"
    assert list(verify_journal()) == []


def test_forwarding_changes_neither_deadline_nor_state(jordan: Jordan, there: GeoReportServer) -> None:
    connect_system(jordan, there)
    case = submit_case(jordan)
    run_due_work(NOON + MINUTE)
    there.moves("1000", "closed", "تم")
    run_due_work(NOON + HOUR)
    before = {name: getattr(case, name) for name in ("due_at", "idle_from", "look_at")}
    case.refresh_from_db()
    assert {name: getattr(case, name) for name in before} == before


def test_timeline_shows_forwarding_and_updates(jordan: Jordan, there: GeoReportServer) -> None:
    connect_system(jordan, there)
    case = submit_case(jordan)
    run_due_work(NOON + MINUTE)
    there.moves("1000", "closed", "رُدمت الحفرة")
    run_due_work(NOON + HOUR)
    theirs = get_case_for_citizen(case.pk, NOON + HOUR)
    assert any("بموضوعه ومكانه ورقمه فقط" in entry.words.ar for entry in theirs.timeline)
    assert "رُدمت" not in repr(theirs)
    ours = find_desk_case(jordan.main, case.reference, NOON + HOUR)
    assert ours
    assert ours.journal[0].texts[0].body == "رُدمت الحفرة"


PERSONAL = ("سامر", "عواد", "791234567", "samer@example.com")
WHO = Applicant(name="سامر عواد", phone="+962791234567", email="samer@example.com")


@pytest.mark.parametrize(
    ("tells", "withheld", "text", "name"),
    [
        (DetailLevel.TOPIC, False, False, False),
        (DetailLevel.TEXT, False, True, False),
        (DetailLevel.CONTACT, False, True, True),
        (DetailLevel.CONTACT, True, True, False),
        (DetailLevel.TOPIC, True, False, False),
    ],
)
def test_detail_level_and_withheld_identity_are_respected(
    jordan: Jordan, there: GeoReportServer, tells: DetailLevel, withheld: bool, text: bool, name: bool
) -> None:
    connect_system(jordan, there, tells=str(tells))
    submit_case(jordan, applicant=WHO, withhold_identity=withheld)
    run_due_work(NOON + MINUTE)
    sent = "\n".join(there.posts[0].values())
    assert (POTHOLE in sent) is text
    assert any(word in sent for word in PERSONAL) is name
    assert get_forwarding().told == (DetailLevel.TEXT if withheld and tells is DetailLevel.CONTACT else tells)


def test_excluded_case_is_not_forwarded(jordan: Jordan, there: GeoReportServer) -> None:
    connect_system(jordan, there)
    about = submit_case(jordan)
    cases.set_complaint_subject(case=about.pk, seen=1, actor=jordan.main, at=NOON, unit=jordan.roads)
    submit_case(jordan, about_employee="أبو أحمد")
    submit_case(jordan, kind=Kind.PRAISE)
    submit_case(jordan, kind=Kind.VIOLATION)
    submit_case(jordan, service=jordan.services["GAM-001"])
    submit_case(jordan, service=None, entity=jordan.entities["GAM"])
    gone = submit_case(jordan)
    cases.withdraw_case(case=gone.pk, seen=None, actor=jordan.get_citizen(gone), at=NOON)
    run_due_work(NOON + MINUTE)
    assert there.posts == []


def test_case_referred_before_sending_is_not_forwarded(jordan: Jordan, there: GeoReportServer) -> None:
    connect_system(jordan, there)
    case = submit_case(jordan)
    cases.refer_case(
        case=case.pk, seen=1, actor=jordan.main, at=NOON, entity=jordan.entities["MOH"], reason="ليس لنا"
    )
    run_due_work(NOON + MINUTE)
    assert there.posts == []
    assert not Forwarding.objects.exists()


def test_cases_before_the_connection_are_not_forwarded(jordan: Jordan, there: GeoReportServer) -> None:
    case = submit_case(jordan)
    last = Event.objects.latest("pk").pk
    connect_system(jordan, there)
    tell(NOON + MINUTE, since=last)
    assert commands.run_due_exchanges(NOON + MINUTE) == 0
    cases.assign_case(case=case.pk, seen=1, unit=jordan.roads, actor=jordan.main, at=NOON + HOUR)
    assert run_due_work(NOON + 2 * HOUR) == 1, "what happens next is another matter"


NOT_TAKEN = ["503", "429"]


@pytest.mark.parametrize("fail", NOT_TAKEN)
def test_busy_server_is_retried_once_available(jordan: Jordan, there: GeoReportServer, fail: str) -> None:
    made = connect_system(jordan, there)
    case = submit_case(jordan)
    there.fails["POST"] = [fail, fail]
    assert run_due_work(NOON + MINUTE) == 0
    assert run_due_work(NOON + MINUTE + timedelta(seconds=1)) == 0, "it sleeps"
    assert run_due_work(NOON + 2 * MINUTE) == 0
    made.refresh_from_db()
    assert (made.failures, made.last_status) == (2, int(fail))
    assert run_due_work(NOON + HOUR) == 1
    assert len(there.posts) == 1
    assert list_internal_texts(case) == [EventType.FORWARDED]


def test_unreachable_server_is_retried(jordan: Jordan, there: GeoReportServer, settings: Settings) -> None:
    connect_system(jordan, there)
    submit_case(jordan)
    settings.OUTWARD_NETWORKS = ()  # as a name that leads into our own house
    assert run_due_work(NOON + MINUTE) == 0
    assert (get_forwarding().step, get_forwarding().sent_at) == (ForwardingStep.PENDING, None), (
        "certainly not sent"
    )
    settings.OUTWARD_NETWORKS = (ip_network("127.0.0.0/8"),)
    assert run_due_work(NOON + HOUR) == 1


@pytest.mark.parametrize("fail", FAILURES_AFTER_SAVING)
def test_lost_answer_is_looked_up_not_resent(
    jordan: Jordan, there: GeoReportServer, fail: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(georeport_client, "TIMEOUT_SECONDS", 1)
    connect_system(jordan, there)
    case = submit_case(jordan)
    there.fails["POST"] = [fail]
    assert run_due_work(NOON + MINUTE) == 0
    assert get_forwarding().step == ForwardingStep.IN_DOUBT
    assert run_due_work(NOON + HOUR) == 1
    assert len(there.posts) == 1
    assert (get_forwarding().far_id, get_forwarding().step) == ("1000", ForwardingStep.FORWARDED)
    assert list_internal_texts(case) == [EventType.FORWARDED]


@pytest.mark.parametrize("fail", ["500", "cuts", "html", "broken", "huge", "bomb"])
def test_request_that_did_not_arrive_is_resent(jordan: Jordan, there: GeoReportServer, fail: str) -> None:
    """The system shows what it has, as it showed before, and this is not among it."""
    made = connect_system(jordan, there)
    Connection.objects.filter(pk=made.pk).update(shows=True)
    case = submit_case(jordan)
    there.fails["POST"] = [fail]
    at = NOON + MINUTE
    for minutes in (0, 5, 30, 60):
        run_due_work(at + minutes * MINUTE)
    assert len(there.posts) == 1
    assert list_internal_texts(case) == [EventType.FORWARDED]


def test_unknown_outcome_is_parked_for_a_person(jordan: Jordan, there: GeoReportServer) -> None:
    """It has shown one once, and the last one not."""
    made = connect_system(jordan, there)
    for there.shows in (True, False):
        withdrawn = submit_case(jordan)
        run_due_work(NOON + MINUTE)
        made.refresh_from_db()
        assert made.shows is there.shows
        cases.withdraw_case(
            case=withdrawn.pk, seen=None, actor=jordan.get_citizen(withdrawn), at=NOON + MINUTE
        )
    there.posts.clear()
    case = submit_case(jordan)
    there.fails["POST"] = ["taken, then 500"]
    for minutes in (2, 5, 30, 60):
        run_due_work(NOON + minutes * MINUTE)
    parked = Forwarding.objects.get(case=case)
    assert (parked.why, len(there.posts)) == (ParkedReason.IN_DOUBT, 1)
    with pytest.raises(NotAllowed):
        commands.confirm_forwarding(forwarding=parked.pk, far_id="1002", actor=jordan.main, at=NOON + DAY)
    with pytest.raises(InvalidInput):
        commands.confirm_forwarding(
            forwarding=parked.pk, far_id=" ", actor=jordan.administrator, at=NOON + DAY
        )
    commands.confirm_forwarding(
        forwarding=parked.pk, far_id="1002", actor=jordan.administrator, at=NOON + DAY
    )
    there.shows = True
    there.moves("1002", "closed", "تم")
    assert run_due_work(NOON + DAY) == 1
    assert list_internal_texts(case) == [EventType.FORWARDED, EventType.SYSTEM_SAID]
    assert ChangeRecord.objects.filter(model="webhooks.Forwarding").exists()


def test_killed_sender_leaves_forwarding_in_doubt(
    jordan: Jordan, there: GeoReportServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect_system(jordan, there)
    case = submit_case(jordan)

    def killed(*_: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("bekhedmetkom.webhooks.commands.forwarding.save_receipt", killed)
        with pytest.raises(KeyboardInterrupt):
            run_due_work(NOON + MINUTE)
    assert run_due_work(NOON + 2 * MINUTE) == 0, "its lease runs"
    assert run_due_work(NOON + HOUR) == 1
    assert len(there.posts) == 1
    assert list_internal_texts(case) == [EventType.FORWARDED]


@pytest.mark.parametrize("fail", ["400", "404", "redirects", "no in a 200"])
def test_refused_case_is_visible_and_does_not_block_others(
    jordan: Jordan, there: GeoReportServer, fail: str
) -> None:
    connect_system(jordan, there)
    submit_case(jordan)
    second = submit_case(jordan)
    there.fails["POST"] = [fail]
    assert run_due_work(NOON + MINUTE) == 1
    waiting = Forwarding.objects.exclude(case=second).get()
    assert (waiting.step, waiting.parked_at) == (ForwardingStep.PENDING, None)
    assert waiting.last_status
    if fail != "redirects":
        assert waiting.said
    there.fails["POST"] = ["400"] * 20
    late = NOON + 4 * DAY
    run_due_work(late)
    waiting.refresh_from_db()
    assert (waiting.why, waiting.parked_at) == (ParkedReason.REFUSED, late)
    there.fails["POST"] = []
    assert run_due_work(late + DAY) == 0, "nobody tries any more"
    commands.retry_forwarding(forwarding=waiting.pk, actor=jordan.administrator, at=late + DAY)
    with pytest.raises(Refusal):
        commands.retry_forwarding(forwarding=waiting.pk, actor=jordan.administrator, at=late + DAY)
    assert run_due_work(late + DAY) == 1
