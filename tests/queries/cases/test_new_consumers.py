"""A follower that joins a platform with years of cases begins with what happens next."""

from importlib import import_module

import pytest

from bekhedmetkom.calls.models import CallBack
from bekhedmetkom.calls.subscriber import CallBackSubscriber
from bekhedmetkom.cases.feed import EventConsumer, advance_consumer
from bekhedmetkom.cases.models import FollowerCursor
from bekhedmetkom.webhooks.models import Delivery
from bekhedmetkom.webhooks.subscriber import WebhookEventSubscriber
from tests.commands.cases.case_stages import create_answered_case
from tests.personas import Jordan
from tests.queries.cases.test_feed import ALL

JOINED = [
    (WebhookEventSubscriber, "webhooks", "0002_from_now_on"),
    (CallBackSubscriber, "calls", "0003_from_now_on"),
]


@pytest.mark.parametrize(("follower", "app", "migration"), JOINED)
def test_nobody_hears_of_what_was_over_before_it_came(
    follower: type[EventConsumer], app: str, migration: str, jordan: Jordan
) -> None:
    """Upgrading a million cases left the platform unready for minutes, and would have called old cases' citizens."""
    create_answered_case(jordan)
    FollowerCursor.objects.filter(name=follower.name).delete()
    import_module(f"bekhedmetkom.{app}.migrations.{migration}").begin_now(None, None)
    assert advance_consumer(follower(), horizon=ALL) == 0
    assert not CallBack.objects.exists()
    assert not Delivery.objects.exists()
    create_answered_case(jordan)
    assert advance_consumer(follower(), horizon=ALL) == 3
