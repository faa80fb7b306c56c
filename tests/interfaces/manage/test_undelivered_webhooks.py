"""What a program's address did not take stands on the program's page, and goes out again from there."""

from ipaddress import ip_network

from django.test import Client
from pytest_django import Settings

from bekhedmetkom.cases.models import Event
from bekhedmetkom.identity.commands import create_client
from bekhedmetkom.kernel.clock import now
from bekhedmetkom.webhooks.commands import create_subscription
from bekhedmetkom.webhooks.models import Delivery, Subscription
from bekhedmetkom.webhooks.rules.webhook_protocol import SubscriptionScope
from tests.personas import DAY, NOON, Jordan

UNREACHABLE_URL = "http://127.0.0.1:9/told"


def test_it_is_seen_and_sent_again(admin: Client, jordan: Jordan, settings: Settings) -> None:
    settings.OUTWARD_NETWORKS = (ip_network("127.0.0.0/8"),)
    program = create_client(
        name="نظام الأمانة", scopes=["webhooks"], entity=jordan.entities["GAM"], actor=jordan.administrator, at=NOON
    )  # fmt: skip
    made = create_subscription(
        client=program.id, url=UNREACHABLE_URL, whose=SubscriptionScope.BODY, events=[], at=NOON
    )
    case = jordan.create_case()
    given_up = Delivery.objects.create(
        subscription_id=made.id, event=Event.objects.get(case=case), case=case, body="{}", not_before=NOON,
        created_at=NOON, tries=9, parked_at=NOON + 3 * DAY,
    )  # fmt: skip
    Subscription.objects.update(failures=3, last_status=503, awake_at=now() + DAY)
    page = f"/manage/programs/edit/{program.id}/"
    shown = admin.get(page).content.decode()
    assert f"/manage/webhooks/{made.id}/again/" in shown
    assert "503" in shown
    answer = admin.post(f"/manage/webhooks/{made.id}/again/", follow=True)
    assert "عاد ما لم يُستلم إلى الانتظار" in answer.content.decode()
    given_up.refresh_from_db()
    assert (given_up.parked_at, given_up.tries) == (None, 0)
    assert f"/manage/webhooks/{made.id}/again/" not in admin.get(page).content.decode()
    again = admin.post(f"/manage/webhooks/{made.id}/again/", follow=True)
    assert "ليس هنا ما يُرسل من جديد" in again.content.decode()
