"""A replay from the start, or a worker killed halfway, tells nobody twice and nobody never."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from bekhedmetkom.cases import commands, feed
from bekhedmetkom.notifications.models import Message
from tests.commands.notifications.conftest import SubscriberRunner
from tests.commands.notifications.event_helpers import STREET_LAMP_TEXT
from tests.personas import DAY, NOON, Jordan


def lives(world: Jordan) -> None:
    case = world.submit(STREET_LAMP_TEXT).case
    commands.assign_case(
        case=case, seen=1, actor=world.main, at=NOON, unit=world.roads, officer=world.roads_officer.officer_id
    )
    world.submit(STREET_LAMP_TEXT)
    commands.sweep_deadlines(NOON + 30 * DAY)


def rows() -> list[tuple[object, ...]]:
    columns = ("event", "officer", "channel", "template", "subject", "body", "not_before")
    return list(Message.objects.order_by("event", "officer").values_list(*columns))


def test_replay_creates_no_duplicate_message(world: Jordan, listener: SubscriberRunner) -> None:
    lives(world)
    first = listener.follow()
    told = rows()
    feed.rewind_consumer("messages")
    assert listener.follow() == first
    assert rows() == told


def test_replay_into_empty_table_creates_same_messages(world: Jordan, listener: SubscriberRunner) -> None:
    """Officers are found as they were at the event, so what came later changes nothing."""
    lives(world)
    listener.follow()
    told = rows()
    Message.objects.all().delete()
    feed.rewind_consumer("messages")
    listener.follow()
    assert rows() == told


def test_killed_subscriber_creates_messages_exactly_once(world: Jordan, listener: SubscriberRunner) -> None:
    lives(world)
    with killed_after_writing(), pytest.raises(Killed):
        listener.follow()
    assert rows() == []  # its rows and its cursor are one transaction
    listener.follow()
    told = rows()
    assert told
    assert listener.follow() == 0
    assert rows() == told


def test_events_above_the_horizon_wait(world: Jordan, listener: SubscriberRunner) -> None:
    world.submit(STREET_LAMP_TEXT)
    assert feed.advance_consumer(listener.follower, horizon=1) == 0
    assert listener.follow() == 1


class Killed(BaseException):
    """The process is gone."""


@contextmanager
def killed_after_writing() -> Iterator[None]:
    """The power fails when the messages are written and the cursor has not moved."""

    def fail(execute: Callable[..., object], sql: str, params: object, many: bool, context: object) -> object:
        if sql.startswith("UPDATE follower"):
            raise Killed
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fail):
        yield
