"""Programs are told what happens to cases: at least once, in order, signed, and nothing that is not theirs."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from ipaddress import ip_network
from types import SimpleNamespace

import pytest
from pytest_django import Settings

from bekhedmetkom.cases import commands as cases
from bekhedmetkom.cases.commands import Submission
from bekhedmetkom.cases.models import Event
from bekhedmetkom.catalogue.rules import Disposition, Kind
from bekhedmetkom.entities.models import ChangeRecord
from bekhedmetkom.identity.commands import create_client, revoke_client
from bekhedmetkom.kernel import outbound_http
from bekhedmetkom.kernel.actor import Actor, ActorKind
from bekhedmetkom.kernel.errors import InvalidInput, NotAllowed, Refusal
from bekhedmetkom.webhooks import commands, queries
from bekhedmetkom.webhooks.commands import deliveries
from bekhedmetkom.webhooks.models import Delivery, Subscription
from bekhedmetkom.webhooks.rules.webhook_protocol import GIVE_UP_AFTER, SubscriptionScope, format_secret
from bekhedmetkom.webhooks.subscriber import WebhookEventSubscriber
from tests.commands.cases.case_stages import ANSWER, create_assigned_case
from tests.commands.notifications.event_helpers import build_fed_event
from tests.personas import DAY, HOUR, NOON, Jordan
from tests.rules.webhooks.test_webhook_protocol import checks

from .webhook_receiver import WebhookReceiver, run_webhook_receiver

SECOND = timedelta(seconds=1)


@pytest.fixture
def there(settings: Settings) -> Iterator[WebhookReceiver]:
    settings.OUTWARD_NETWORKS = (ip_network("127.0.0.0/8"),)
    with run_webhook_receiver() as server:
        yield server


def program(jordan: Jordan, body: str | None = "GAM", name: str = "نظام الأمانة") -> int:
    entity = jordan.entities[body] if body else None
    return create_client(
        name=name, scopes=["webhooks"], entity=entity, actor=jordan.administrator, at=NOON
    ).id


def subscribed(jordan: Jordan, there: WebhookReceiver, client: int = 0) -> commands.NewSubscription:
    return commands.create_subscription(
        client=client or program(jordan), url=there.url, whose=SubscriptionScope.BODY, events=[], at=NOON
    )


def tell(at: datetime, since: int = 0) -> int:
    """As the worker does: follow all there is, then hand over what is due."""
    events = Event.objects.filter(pk__gt=since).select_related("case").order_by("pk")
    WebhookEventSubscriber().handle_events([build_fed_event(event) for event in events])
    return commands.send_due_deliveries(at)


def test_body_receives_its_events_in_order(jordan: Jordan, there: WebhookReceiver) -> None:
    made = subscribed(jordan, there)
    case = create_assigned_case(jordan)
    assert tell(NOON + DAY) == 2
    assert there.told == ["case.received", "case.assigned"]
    assert there.last["data"] == {
        "reference": case.reference, "seq": 2, "status": "assigned", "kind": "complaint", "entity": "GAM",
        "service": None, "due_at": there.last["data"]["due_at"],
    }  # fmt: skip
    headers, body = there.came[-1]
    assert checks(headers, body, format_secret(made.secret))
    assert tell(NOON + DAY) == 0, "followed again, and told once"


def test_payload_contains_no_text_and_no_name(jordan: Jordan, there: WebhookReceiver) -> None:
    subscribed(jordan, there)
    case = create_assigned_case(jordan)
    cases.answer_case(
        case=case.pk, seen=2, text=ANSWER, disposition=Disposition.UPHELD, actor=jordan.roads_officer, at=NOON + DAY
    )  # fmt: skip
    tell(NOON + 2 * DAY)
    assert there.told[-1] == "case.answered"
    said = b"".join(body for _, body in there.came).decode()
    for word in ("سامر", "0791234567", "791234567", ANSWER, "حفرة"):
        assert word not in said


def test_body_receives_only_its_own_and_lower_bodies_events(jordan: Jordan, there: WebhookReceiver) -> None:
    subscribed(jordan, there)
    jordan.create_case(entity=jordan.entities["MOH"])
    assert tell(NOON + DAY) == 0
    assert there.came == []


def test_events_before_the_subscription_are_not_sent(jordan: Jordan, there: WebhookReceiver) -> None:
    jordan.create_case()
    commands.create_subscription(
        client=program(jordan), url=there.url, whose=SubscriptionScope.BODY, events=[], at=NOON + SECOND
    )
    assert tell(NOON + DAY) == 0


def test_confidential_case_is_not_sent(jordan: Jordan, there: WebhookReceiver) -> None:
    subscribed(jordan, there, client=program(jordan, "PSD"))
    kept = jordan.create_case("سيارة تعيق الرصيف", kind=Kind.VIOLATION, entity=jordan.entities["PSD"])
    assert kept.care != "open"
    assert tell(NOON + DAY) == 0


def test_client_receives_events_of_cases_it_submitted(jordan: Jordan, there: WebhookReceiver) -> None:
    portal = program(jordan, None, "بوابة الحكومة")
    commands.create_subscription(
        client=portal, url=there.url, whose=SubscriptionScope.SUBMITTED, events=["case.received"], at=NOON
    )
    jordan.create_case()
    mine = cases.submit_case(
        submission=Submission(kind=Kind.QUESTION, text="متى تفتح الدائرة؟", entity=jordan.entities["GAM"]),
        channel="api", client="client:بوابة الحكومة", key="k" * 16, actor=Actor(ActorKind.CLIENT, "بوابة الحكومة"),
        at=NOON,
    )  # fmt: skip
    assert tell(NOON + DAY) == 1
    assert there.last["data"]["reference"] == mine.reference


def test_undone_event_is_never_sent(jordan: Jordan, there: WebhookReceiver) -> None:
    subscribed(jordan, there)
    case = jordan.create_case()
    tell(NOON)
    at = NOON + HOUR
    cases.assign_case(case=case.pk, seen=1, unit=jordan.roads, actor=jordan.main, at=at)
    tell(at + SECOND)
    cases.undo_action(case=case.pk, seen=2, actor=jordan.main, at=at + 2 * SECOND)
    tell(at + HOUR)
    assert there.told == ["case.received"]


def test_unreachable_receiver_gets_events_in_order_later(jordan: Jordan, there: WebhookReceiver) -> None:
    subscribed(jordan, there)
    create_assigned_case(jordan)
    there.answers = [503]
    at = NOON + DAY
    assert tell(at) == 0
    assert tell(at + SECOND) == 0, "it sleeps"
    assert len(there.came) == 1
    assert tell(at + 6 * SECOND) == 2
    assert there.told == ["case.received", "case.received", "case.assigned"]
    ids = [headers["webhook-id"] for headers, _ in there.came]
    assert ids[0] == ids[1] != ids[2], "the same delivery has the same id, however often it comes"


def test_rejected_event_does_not_block_others(jordan: Jordan, there: WebhookReceiver) -> None:
    subscribed(jordan, there)
    create_assigned_case(jordan)
    there.answers = [422]
    at = NOON + DAY
    assert tell(at) == 1
    assert there.told == ["case.received", "case.assigned"]
    assert tell(at + HOUR) == 1
    assert there.told[-1] == "case.received"


def test_undelivered_event_is_parked_and_can_be_retried(jordan: Jordan, there: WebhookReceiver) -> None:
    owner = program(jordan)
    made = commands.create_subscription(
        client=owner, url=there.url, whose=SubscriptionScope.BODY, events=[], at=NOON
    )
    jordan.create_case()
    there.answers = [500, 500]
    tell(NOON)
    late = NOON + GIVE_UP_AFTER + HOUR
    tell(late)
    standing = queries.list_subscriptions(owner)[0]
    assert (standing.waiting, standing.parked, standing.subscription.failures) == (0, 1, 2)
    (parked,) = queries.list_parked_deliveries(owner, made.id, 0, 10)
    with pytest.raises(NotAllowed):
        commands.retry_delivery(delivery=parked.pk, at=late, client=program(jordan, None, "غيره"))
    commands.retry_delivery(delivery=parked.pk, at=late, client=owner)
    assert tell(late + DAY) == 1


def test_administrator_retries_all_parked_events(jordan: Jordan, there: WebhookReceiver) -> None:
    made = subscribed(jordan, there)
    case = create_assigned_case(jordan)
    there.answers = [500, 500]
    tell(NOON)
    late = NOON + GIVE_UP_AFTER + DAY
    tell(late)
    with pytest.raises(NotAllowed):
        commands.retry_parked_deliveries(subscription=made.id, actor=jordan.main, at=late)
    commands.retry_parked_deliveries(subscription=made.id, actor=jordan.administrator, at=late)
    assert commands.send_due_deliveries(late) == 2, "at once, however long the address would have slept"
    assert there.told[-2:] == ["case.received", "case.assigned"]
    assert there.last["data"]["reference"] == case.reference
    assert ChangeRecord.objects.latest("id").actor == str(jordan.administrator)
    with pytest.raises(Refusal):
        commands.retry_parked_deliveries(subscription=made.id, actor=jordan.administrator, at=late)


def test_gone_ends_the_subscription(jordan: Jordan, there: WebhookReceiver) -> None:
    subscribed(jordan, there)
    create_assigned_case(jordan)
    there.answers = [410]
    tell(NOON + DAY)
    assert len(there.came) == 1
    assert Subscription.objects.get().ended_at
    assert not Delivery.objects.exists()


def test_subscription_ended_during_delivery_gets_no_more(
    jordan: Jordan, there: WebhookReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = program(jordan)
    made = subscribed(jordan, there, client=owner)
    create_assigned_case(jordan)

    def answered(*_: object) -> bytes:
        commands.end_subscription(client=owner, subscription=made.id, at=NOON + DAY)
        return b""

    monkeypatch.setattr(outbound_http, "read_response", answered)
    tell(NOON + DAY)
    assert there.told == ["case.received"]
    assert Subscription.objects.get().ended_at == NOON + DAY


def test_slow_receiver_does_not_delay_others(
    jordan: Jordan, there: WebhookReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is signed with the time of a round that began long ago would be refused as too old."""
    passed = 0.0

    def slowly(*_: object) -> bytes:
        nonlocal passed
        passed += deliveries.TURN_SECONDS
        return b""

    monkeypatch.setattr(deliveries, "time", SimpleNamespace(monotonic=lambda: passed))
    monkeypatch.setattr(outbound_http, "read_response", slowly)
    for name in ("نظام بطيء", "نظام آخر"):
        subscribed(jordan, there, client=program(jordan, name=name))
    jordan.create_case()
    assert tell(NOON + DAY) == 1
    assert commands.send_due_deliveries(NOON + DAY + HOUR) == 1
    sent = [int(headers["webhook-timestamp"]) for headers, _ in there.came]
    assert sent == [int(at.timestamp()) for at in (NOON + DAY, NOON + DAY + HOUR)]


def test_killed_sender_retries_after_its_lease(jordan: Jordan, there: WebhookReceiver) -> None:
    """It was claimed, and perhaps sent; nobody came back to say so."""
    subscribed(jordan, there)
    jordan.create_case()
    events = [build_fed_event(event) for event in Event.objects.select_related("case")]
    WebhookEventSubscriber().handle_events(events)
    Subscription.objects.update(awake_at=NOON + 90 * SECOND)  # the lease of somebody who is gone
    assert commands.send_due_deliveries(NOON + SECOND) == 0
    assert commands.send_due_deliveries(NOON + 91 * SECOND) == 1


def test_revoked_client_receives_nothing(jordan: Jordan, there: WebhookReceiver) -> None:
    owner = program(jordan)
    commands.create_subscription(
        client=owner, url=there.url, whose=SubscriptionScope.BODY, events=[], at=NOON
    )
    revoke_client(client=owner, actor=jordan.administrator, at=NOON)
    jordan.create_case()
    assert tell(NOON + DAY) == 0


def test_pending_events_of_revoked_client_stay_pending(jordan: Jordan, there: WebhookReceiver) -> None:
    owner = program(jordan)
    subscribed(jordan, there, client=owner)
    jordan.create_case()
    there.answers = [503]
    tell(NOON)
    revoke_client(client=owner, actor=jordan.administrator, at=NOON)
    assert commands.send_due_deliveries(NOON + DAY) == 0
    assert len(there.came) == 1


@pytest.mark.parametrize(
    ("url", "field"),
    [
        ("http://93.184.215.14/", "url"), ("https://10.0.0.1/", "url"), ("https://localhost/", "url"),
        ("ftp://93.184.215.14/", "url"), ("https://user@93.184.215.14/", "url"), ("https://", "url"), ("", "url"),
        ("https://93.184.215.14:99999/", "url"), ("https://مثال.إختبار/", "url"), ("\x00", "url"),
    ],
)  # fmt: skip
def test_private_address_is_refused(jordan: Jordan, url: str, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        commands.create_subscription(
            client=program(jordan), url=url, whose=SubscriptionScope.BODY, events=[], at=NOON
        )
    assert [error.field for error in refused.value.errors] == [field]
    assert not Subscription.objects.exists()


def test_client_without_body_cannot_subscribe_to_a_body(jordan: Jordan) -> None:
    with pytest.raises(InvalidInput):
        commands.create_subscription(
            client=program(jordan, None),
            url="https://93.184.215.14/",
            whose=SubscriptionScope.BODY,
            events=[],
            at=NOON,
        )
    with pytest.raises(InvalidInput):
        commands.create_subscription(
            client=program(jordan),
            url="https://93.184.215.14/",
            whose=SubscriptionScope.BODY,
            events=["case.noted"],
            at=NOON,
        )
