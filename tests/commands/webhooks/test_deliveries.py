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
    WebhookEventSubscriber().follow([build_fed_event(event) for event in events])
    return commands.send_due_deliveries(at)


def test_a_body_hears_what_happens_to_its_cases_in_order(jordan: Jordan, there: WebhookReceiver) -> None:
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


def test_no_word_and_no_name_goes_out(jordan: Jordan, there: WebhookReceiver) -> None:
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


def test_only_its_own_and_what_lies_below(jordan: Jordan, there: WebhookReceiver) -> None:
    subscribed(jordan, there)
    jordan.case(entity=jordan.entities["MOH"])
    assert tell(NOON + DAY) == 0
    assert there.came == []


def test_nothing_is_told_of_what_happened_before_somebody_asked(
    jordan: Jordan, there: WebhookReceiver
) -> None:
    jordan.case()
    commands.create_subscription(
        client=program(jordan), url=there.url, whose=SubscriptionScope.BODY, events=[], at=NOON + SECOND
    )
    assert tell(NOON + DAY) == 0


def test_what_is_kept_with_care_is_told_nobody(jordan: Jordan, there: WebhookReceiver) -> None:
    subscribed(jordan, there, client=program(jordan, "PSD"))
    kept = jordan.case("سيارة تعيق الرصيف", kind=Kind.VIOLATION, entity=jordan.entities["PSD"])
    assert kept.care != "open"
    assert tell(NOON + DAY) == 0


def test_a_program_hears_what_became_of_the_cases_that_it_brought(
    jordan: Jordan, there: WebhookReceiver
) -> None:
    portal = program(jordan, None, "بوابة الحكومة")
    commands.create_subscription(
        client=portal, url=there.url, whose=SubscriptionScope.BROUGHT, events=["case.received"], at=NOON
    )
    jordan.case()
    mine = cases.submit_case(
        submission=Submission(kind=Kind.QUESTION, text="متى تفتح الدائرة؟", entity=jordan.entities["GAM"]),
        channel="api", client="client:بوابة الحكومة", key="k" * 16, actor=Actor(ActorKind.CLIENT, "بوابة الحكومة"),
        at=NOON,
    )  # fmt: skip
    assert tell(NOON + DAY) == 1
    assert there.last["data"]["reference"] == mine.reference


def test_what_is_taken_back_within_ten_seconds_was_never_told(jordan: Jordan, there: WebhookReceiver) -> None:
    subscribed(jordan, there)
    case = jordan.case()
    tell(NOON)
    at = NOON + HOUR
    cases.assign_case(case=case.pk, seen=1, unit=jordan.roads, actor=jordan.main, at=at)
    tell(at + SECOND)
    cases.undo_action(case=case.pk, seen=2, actor=jordan.main, at=at + 2 * SECOND)
    tell(at + HOUR)
    assert there.told == ["case.received"]


def test_who_is_not_there_is_told_when_they_are_back_and_in_order(
    jordan: Jordan, there: WebhookReceiver
) -> None:
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


def test_one_that_is_refused_holds_up_no_other(jordan: Jordan, there: WebhookReceiver) -> None:
    subscribed(jordan, there)
    create_assigned_case(jordan)
    there.answers = [422]
    at = NOON + DAY
    assert tell(at) == 1
    assert there.told == ["case.received", "case.assigned"]
    assert tell(at + HOUR) == 1
    assert there.told[-1] == "case.received"


def test_what_nobody_takes_in_three_days_is_parked_and_goes_out_again_when_asked(
    jordan: Jordan, there: WebhookReceiver
) -> None:
    owner = program(jordan)
    made = commands.create_subscription(
        client=owner, url=there.url, whose=SubscriptionScope.BODY, events=[], at=NOON
    )
    jordan.case()
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


def test_an_administrator_sends_all_of_it_again(jordan: Jordan, there: WebhookReceiver) -> None:
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


def test_gone_means_never_again(jordan: Jordan, there: WebhookReceiver) -> None:
    subscribed(jordan, there)
    create_assigned_case(jordan)
    there.answers = [410]
    tell(NOON + DAY)
    assert len(there.came) == 1
    assert Subscription.objects.get().ended_at
    assert not Delivery.objects.exists()


def test_who_ends_it_while_they_are_told_hears_no_more(
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


def test_a_slow_receiver_makes_nobody_elses_deliveries_old(
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
    jordan.case()
    assert tell(NOON + DAY) == 1
    assert commands.send_due_deliveries(NOON + DAY + HOUR) == 1
    sent = [int(headers["webhook-timestamp"]) for headers, _ in there.came]
    assert sent == [int(at.timestamp()) for at in (NOON + DAY, NOON + DAY + HOUR)]


def test_who_is_killed_in_the_middle_tells_it_again_and_nobody_waits_for_ever(
    jordan: Jordan, there: WebhookReceiver
) -> None:
    """It was claimed, and perhaps sent; nobody came back to say so."""
    subscribed(jordan, there)
    jordan.case()
    events = [build_fed_event(event) for event in Event.objects.select_related("case")]
    WebhookEventSubscriber().follow(events)
    Subscription.objects.update(awake_at=NOON + 90 * SECOND)  # the lease of somebody who is gone
    assert commands.send_due_deliveries(NOON + SECOND) == 0
    assert commands.send_due_deliveries(NOON + 91 * SECOND) == 1


def test_a_revoked_program_hears_nothing(jordan: Jordan, there: WebhookReceiver) -> None:
    owner = program(jordan)
    commands.create_subscription(
        client=owner, url=there.url, whose=SubscriptionScope.BODY, events=[], at=NOON
    )
    revoke_client(client=owner, actor=jordan.administrator, at=NOON)
    jordan.case()
    assert tell(NOON + DAY) == 0


def test_what_waited_for_a_program_that_was_revoked_waits_for_ever(
    jordan: Jordan, there: WebhookReceiver
) -> None:
    owner = program(jordan)
    subscribed(jordan, there, client=owner)
    jordan.case()
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
def test_only_a_public_address_is_told(jordan: Jordan, url: str, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        commands.create_subscription(
            client=program(jordan), url=url, whose=SubscriptionScope.BODY, events=[], at=NOON
        )
    assert [error.field for error in refused.value.errors] == [field]
    assert not Subscription.objects.exists()


def test_a_program_of_no_body_hears_of_no_body(jordan: Jordan) -> None:
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
