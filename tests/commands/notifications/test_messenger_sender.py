"""News of a case go back by Messenger to who came that way, and another way where it does not take them."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from pytest_django import Settings

from bekhedmetkom.cases import commands as cases
from bekhedmetkom.cases.commands import Submission
from bekhedmetkom.cases.models import Case
from bekhedmetkom.cases.rules.applicant import Applicant
from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.notifications.commands import (
    link_case_to_messenger,
    record_messenger_contact,
    send_due_messages,
)
from bekhedmetkom.notifications.models import Message, MessengerPerson, Stop
from bekhedmetkom.notifications.rules.delivery import Channel
from bekhedmetkom.notifications.senders.messenger import is_messenger_stopped
from tests.commands.notifications.event_helpers import STREET_LAMP_TEXT, run_subscriber
from tests.fakes.send_api import SendApi, send_api
from tests.personas import ANONYMOUS_CITIZEN, HOUR, NOON, Jordan

PSID = "2368846059863995"


@pytest.fixture
def api(settings: Settings) -> Iterator[SendApi]:
    with send_api(settings) as server:
        yield server


def came(jordan: Jordan, **applicant: str) -> Case:
    """A case that somebody brought in a talk, with its officer's question since."""
    submission = Submission(
        kind=Kind.COMPLAINT,
        text=STREET_LAMP_TEXT,
        entity=jordan.entities["GAM"],
        applicant=Applicant(**applicant),
    )
    sent = cases.submit_case(
        submission=submission,
        channel="messenger",
        client="messenger",
        key="k" * 16,
        actor=ANONYMOUS_CITIZEN,
        at=NOON,
    )
    record_messenger_contact(psid=PSID, at=NOON)
    link_case_to_messenger(case=sent.case, psid=PSID)
    cases.assign_case(case=sent.case, seen=1, unit=jordan.roads, actor=jordan.main, at=NOON)
    cases.ask_citizen(case=sent.case, seen=2, text="أي شارع؟", actor=jordan.roads_officer, at=NOON + HOUR)
    run_subscriber()
    return Case.objects.get(pk=sent.case)


def told() -> list[tuple[str, str]]:
    return list(Message.objects.filter(officer=None).order_by("pk").values_list("channel", "state"))


def tell(at: datetime = NOON + 2 * HOUR) -> None:
    send_due_messages(at, [Channel.MESSENGER])


def test_case_news_is_sent_by_messenger(jordan: Jordan, api: SendApi) -> None:
    case = came(jordan, phone="+962791234567", email="sama@example.jo")
    tell()
    assert told() == [("messenger", "sent")], "and that it was received was said in the talk"
    (call,) = api.calls
    assert (call["recipient"]["id"], call["messaging_type"]) == (PSID, "RESPONSE")
    assert case.reference in call["message"]["text"]


def test_closed_window_uses_next_channel(jordan: Jordan, api: SendApi) -> None:
    came(jordan, email="sama@example.jo")
    tell(NOON + 25 * HOUR)
    assert told() == [("messenger", "failed"), ("email", "queued")]
    assert api.calls == []
    assert Message.objects.get(channel="messenger").why == "by_another_way"


@pytest.mark.parametrize(
    ("fault", "refused"), [("10/2018278", False), ("551/1545041", True), ("100/2018001", True)]
)
def test_unreachable_recipient_gets_next_channel(
    jordan: Jordan, api: SendApi, fault: str, refused: bool
) -> None:
    came(jordan, phone="+962791234567")
    api.faults = [fault]
    tell()
    assert told() == [("messenger", "failed"), ("sms", "queued")]
    assert MessengerPerson.objects.get().refused is refused


def test_message_fails_without_another_channel(jordan: Jordan, api: SendApi) -> None:
    came(jordan)
    api.faults = ["551/1545041"]
    tell()
    assert told() == [("messenger", "failed")]
    assert Message.objects.get(officer=None).why == "refused"


@pytest.mark.parametrize("fault", ["2/None", "1200/None", "4/None", "613/None"])
def test_temporary_error_is_retried(jordan: Jordan, api: SendApi, fault: str) -> None:
    came(jordan)
    api.faults = [fault]
    tell()
    assert told() == [("messenger", "queued")]
    tell(NOON + 3 * HOUR)
    assert told() == [("messenger", "sent")]


def test_revoked_key_stops_the_channel_until_replaced(
    jordan: Jordan, api: SendApi, settings: Settings
) -> None:
    came(jordan)
    api.token = "ANOTHER"
    tell()
    assert told() == [("messenger", "queued")]
    assert Stop.objects.get().code == 190
    tell(NOON + 3 * HOUR)
    assert len(api.paths) == 1, "no call is made with a key that was refused"
    settings.MESSENGER_PAGE_TOKEN = "ANOTHER"
    assert not is_messenger_stopped(NOON)
    tell(NOON + 4 * HOUR)
    assert told() == [("messenger", "sent")]


def test_broken_connection_leaves_message_in_doubt(jordan: Jordan, api: SendApi) -> None:
    came(jordan)
    api.faults = ["broken"]
    tell()
    assert told() == [("messenger", "parked")]


def test_new_incoming_message_reopens_the_window(jordan: Jordan, api: SendApi) -> None:
    came(jordan, email="sama@example.jo")
    record_messenger_contact(psid=PSID, at=NOON + 24 * HOUR)
    record_messenger_contact(psid=PSID, at=NOON - timedelta(days=3))  # one that comes late changes nothing
    tell(NOON + 25 * HOUR)
    assert told() == [("messenger", "sent")]


def test_erased_case_is_unlinked_from_messenger(jordan: Jordan, api: SendApi) -> None:
    case = came(jordan)
    cases.erase_case(case=case.pk, seen=None, actor=jordan.get_citizen(case), at=NOON + HOUR)
    run_subscriber()
    assert told() == []
