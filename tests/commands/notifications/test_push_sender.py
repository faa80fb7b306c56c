"""News of a case come to the browsers that its citizen has subscribed, and another way where none takes them."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from pytest_django import Settings

from bekhedmetkom.cases import commands as cases
from bekhedmetkom.cases.commands import SubmissionResult
from bekhedmetkom.cases.rules.applicant import Applicant
from bekhedmetkom.cases.rules.contact import ContactPreference
from bekhedmetkom.kernel.errors import InvalidInput
from bekhedmetkom.notifications.commands import (
    requeue_message,
    send_due_messages,
    subscribe_device,
    unsubscribe_devices,
)
from bekhedmetkom.notifications.models import Message, PushSubscription
from bekhedmetkom.notifications.queries import count_devices
from bekhedmetkom.notifications.rules.delivery import MAX_TRIES, Channel
from bekhedmetkom.notifications.rules.push import INVALID_ENDPOINT, INVALID_KEYS, MAX_DEVICES
from tests.commands.notifications.event_helpers import run_subscriber
from tests.fakes.push_service import PushService, push_service
from tests.personas import HOUR, NOON, Jordan

EMAIL = "sama@example.jo"


@pytest.fixture
def service(settings: Settings) -> Iterator[PushService]:
    with push_service(settings) as server:
        yield server


def asked(jordan: Jordan, service: PushService, *names: str, email: str = EMAIL) -> SubmissionResult:
    """A case whose citizen has subscribed these browsers, with its officer's question since."""
    case = jordan.submit(applicant=Applicant(email=email))
    for name in names:
        subscribe_device(case=case.case, at=NOON, **service.browser(name).subscribe_fields)
    seq = cases.assign_case(case=case.case, seen=1, unit=jordan.roads, actor=jordan.main, at=NOON)
    cases.ask_citizen(case=case.case, seen=seq, text="أي شارع؟", actor=jordan.roads_officer, at=NOON + HOUR)
    run_subscriber()
    Message.objects.filter(template="received").delete()
    return case


def told() -> list[tuple[str, str]]:
    return list(Message.objects.filter(officer=None).order_by("pk").values_list("channel", "state"))


def tell(at: datetime = NOON + 2 * HOUR) -> None:
    send_due_messages(at, [Channel.PUSH])


def test_each_device_gets_neutral_line_with_case_link(jordan: Jordan, service: PushService) -> None:
    case = asked(jordan, service, "telephone", "tablet")
    tell()
    assert told() == [("push", "sent")]
    assert {name for name, _said in service.notifications} == {"telephone", "tablet"}
    said = service.notifications[0][1]
    assert said["body"] == f"سؤال عن طلبك {case.reference}"
    assert (said["url"], said["dir"]) == (f"/c/{case.reference}", "rtl")
    assert "شارع" not in str(said)


def test_unsubscribed_browser_is_deleted(jordan: Jordan, service: PushService) -> None:
    case = asked(jordan, service, "telephone", "tablet")
    service.gone.add("/telephone")
    tell()
    assert told() == [("push", "sent")]
    assert count_devices(case.case) == 1


def test_email_is_sent_when_no_browser_is_left(jordan: Jordan, service: PushService) -> None:
    case = asked(jordan, service, "telephone")
    service.gone.add("/telephone")
    tell()
    assert told() == [("push", "failed"), ("email", "queued")]
    assert Message.objects.get(channel="push").why == "by_another_way"
    assert count_devices(case.case) == 0


@pytest.mark.parametrize("fault", [500, 403, 301, 429, 503, 0])
def test_failed_push_is_retried_with_same_tag(fault: int, jordan: Jordan, service: PushService) -> None:
    asked(jordan, service, "telephone")
    service.faults = [fault]
    tell()
    assert told() == [("push", "queued")]
    tell(NOON + 3 * HOUR)
    assert told() == [("push", "sent")]
    assert len(service.notifications) == 1


def test_next_channel_is_used_after_three_tries(jordan: Jordan, service: PushService) -> None:
    asked(jordan, service, "telephone")
    service.faults = [500, 500, 500]
    for hours in (2, 3, 4):
        tell(NOON + hours * HOUR)
    assert told() == [("push", "failed"), ("email", "queued")]


def test_message_without_other_channel_is_parked_and_resendable(jordan: Jordan, service: PushService) -> None:
    case = asked(jordan, service, "telephone", email="")
    service.faults = [503, 429, 500] * 2
    for hours in range(2, 2 + MAX_TRIES):
        assert told() == [("push", "queued")]
        tell(NOON + timedelta(days=hours))
    parked = Message.objects.get(channel="push")
    assert (parked.state, parked.why, count_devices(case.case)) == ("parked", "given_up", 1)
    requeue_message(message=parked.pk, actor=jordan.administrator, at=NOON + timedelta(days=9))
    tell(NOON + timedelta(days=9))
    assert (told(), len(service.notifications)) == ([("push", "sent")], 1)


@pytest.mark.parametrize("status", [404, 410, 400])
def test_permanent_errors_end_at_once(status: int, jordan: Jordan, service: PushService) -> None:
    case = asked(jordan, service, "telephone", email="")
    service.faults = [status]
    tell()
    assert (told(), Message.objects.get(channel="push").why) == ([("push", "failed")], "refused")
    assert count_devices(case.case) == (status == 400)


def test_repeated_message_keeps_its_topic(jordan: Jordan, service: PushService) -> None:
    asked(jordan, service, "telephone")
    message = Message.objects.get(channel="push")
    Message.objects.filter(pk=message.pk).update(state="sending", not_before=NOON)  # its sender was killed
    tell()
    Message.objects.filter(pk=message.pk).update(state="sending", not_before=NOON, sent_at=None)
    tell()
    assert len({said["tag"] for _name, said in service.notifications}) == 1
    assert len({headers["Topic"] for headers in service.headers}) == 1


def test_contact_preference_overrides_push(jordan: Jordan, service: PushService) -> None:
    case = jordan.submit(applicant=Applicant(email=EMAIL))
    subscribe_device(case=case.case, at=NOON, **service.browser("telephone").subscribe_fields)
    cases.set_contact_preference(
        case=case.case,
        actor=jordan.get_citizen(case),
        at=NOON,
        tell_by=ContactPreference.EMAIL,
        full_by_sms=False,
    )
    seq = cases.assign_case(case=case.case, seen=2, unit=jordan.roads, actor=jordan.main, at=NOON)
    cases.ask_citizen(case=case.case, seen=seq, text="أي شارع؟", actor=jordan.roads_officer, at=NOON + HOUR)
    run_subscriber()
    assert {channel for channel, _state in told()} == {"email"}


def test_repeated_subscription_is_stored_once_and_newest_devices_stay(
    jordan: Jordan, service: PushService
) -> None:
    case = jordan.submit()
    for number in range(MAX_DEVICES + 2):
        for _again in range(2):
            at = NOON + timedelta(minutes=number)
            subscribe_device(case=case.case, at=at, **service.browser(f"device-{number}").subscribe_fields)
    kept = PushSubscription.objects.filter(case=case.case).order_by("created_at")
    assert [row.endpoint.rpartition("-")[2] for row in kept] == ["2", "3", "4", "5", "6"]
    unsubscribe_devices(case=case.case)
    assert count_devices(case.case) == 0


@pytest.mark.parametrize(
    "endpoint",
    ["", "x", "http://93.184.215.14/", "https://10.0.0.1/", "https://localhost/", "https://169.254.169.254/latest",
     "https://user@93.184.215.14/", "ftp://93.184.215.14/", "https://93.184.215.14/" + "x" * 1000],
)  # fmt: skip
def test_private_endpoint_is_refused(endpoint: str, jordan: Jordan, settings: Settings) -> None:
    settings.OUTWARD_NETWORKS = ()
    case, good = jordan.submit(), PushService().browser("x").subscribe_fields
    with pytest.raises(InvalidInput) as refused:
        subscribe_device(case=case.case, at=NOON, **good | {"endpoint": endpoint})
    assert [error.message for error in refused.value.errors] == [INVALID_ENDPOINT]


@pytest.mark.parametrize("wrong", [{"p256dh": "x"}, {"p256dh": ""}, {"p256dh": "é"}, {"auth": "c2hvcnQ"}])
def test_invalid_keys_are_refused(wrong: dict[str, str], jordan: Jordan, service: PushService) -> None:
    case = jordan.submit()
    with pytest.raises(InvalidInput) as refused:
        subscribe_device(case=case.case, at=NOON, **service.browser("x").subscribe_fields | wrong)
    assert [error.message for error in refused.value.errors] == [INVALID_KEYS]


def test_erased_case_deletes_subscriptions(jordan: Jordan, service: PushService) -> None:
    case = asked(jordan, service, "telephone")
    cases.erase_case(case=case.case, seen=None, actor=jordan.get_citizen(case), at=NOON + HOUR)
    run_subscriber()
    tell()
    assert service.notifications == []
    assert count_devices(case.case) == 0
