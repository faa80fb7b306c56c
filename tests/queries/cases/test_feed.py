"""Followers read every event once, in an order in which none can be skipped, whatever commits when."""

from collections.abc import Sequence

import psycopg
import pytest
from django.db import connection

from bekhedmetkom.cases import commands, feed
from bekhedmetkom.cases.feed import EventConsumer, FeedEvent, advance_consumer
from bekhedmetkom.cases.models import Case, Event, FollowerCursor
from bekhedmetkom.cases.rules.states import EventType
from tests.personas import HOUR, NOON, Jordan

# The horizon is the whole server's, and other tests run beside these: what is not about it looks past everything.
ALL = 2**60


class Reader(EventConsumer):
    """Notes what it reads, and breaks when told to."""

    name = "reader"
    decisions = dict.fromkeys(EventType, True)

    def __init__(self) -> None:
        self.read: list[tuple[object, int]] = []
        self.broken = False

    def handle_events(self, events: Sequence[FeedEvent]) -> None:
        self.read += [(event.case_id, event.seq) for event in events]
        if self.broken:
            raise RuntimeError("killed halfway")


def events_of(case: Case) -> list[FeedEvent]:
    return [
        FeedEvent(e.pk, case.pk, case.reference, e.seq, e.state, EventType(e.kind), e.at, e.actor, e.data)
        for e in Event.objects.filter(case=case).order_by("seq")
    ]


def written() -> list[tuple[object, int]]:
    return list(Event.objects.order_by("pk").values_list("case_id", "seq"))


def test_each_event_is_read_once_in_order(committed_jordan: Jordan) -> None:
    jordan = committed_jordan
    reader = Reader()
    case = jordan.create_case()
    commands.assign_case(case=case.pk, seen=1, unit=jordan.roads, actor=jordan.main, at=NOON + HOUR)
    assert advance_consumer(reader, horizon=ALL) == 2
    assert advance_consumer(reader, horizon=ALL) == 0
    jordan.create_case()
    assert advance_consumer(reader, horizon=ALL) == 1
    assert reader.read == written()


def test_what_was_read_when_it_broke_is_read_again(committed_jordan: Jordan) -> None:
    jordan = committed_jordan
    reader = Reader()
    jordan.create_case()
    reader.broken = True
    with pytest.raises(RuntimeError):
        advance_consumer(reader, horizon=ALL)
    assert not FollowerCursor.objects.filter(name=reader.name).exists()
    reader.broken, reader.read = False, []
    advance_consumer(reader, horizon=ALL)
    assert reader.read == written()


def test_an_event_that_commits_late_is_not_skipped(committed_jordan: Jordan) -> None:
    """One transaction begins first and commits last: the events after it wait for it."""
    jordan = committed_jordan
    reader = Reader()
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}) as slow:
        slow.execute("SELECT pg_current_xact_id()")
        jordan.create_case()
        assert advance_consumer(reader) == 0
        slow.commit()
    assert advance_consumer(reader, horizon=ALL) == 1


def test_a_follower_that_is_at_it_elsewhere_is_left_alone(committed_jordan: Jordan) -> None:
    jordan = committed_jordan
    jordan.create_case()
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}) as other:
        other.execute("SELECT pg_advisory_xact_lock(hashtext('follower'), hashtext('reader'))")
        assert advance_consumer(Reader(), horizon=ALL) == 0
    assert advance_consumer(Reader(), horizon=ALL) == 1


def test_after_a_restore_into_a_cluster_with_lower_numbers_it_reads_on(committed_jordan: Jordan) -> None:
    jordan = committed_jordan
    reader = Reader()
    jordan.create_case()
    advance_consumer(reader, horizon=ALL)
    FollowerCursor.objects.update(xid=2**40)  # as if the old cluster had come that far …
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE event SET xid = (2::bigint ^ 40)::bigint::text::xid8")
        cursor.execute("SET session_replication_role = origin")
        cursor.execute(
            "ALTER TABLE event ALTER COLUMN epoch SET DEFAULT 2"
        )  # … and its dump was restored here
    jordan.create_case()
    assert advance_consumer(reader, horizon=ALL) == 1
    assert reader.read == written()


def test_starting_over_reads_everything_and_skipping_reads_nothing(committed_jordan: Jordan) -> None:
    jordan = committed_jordan
    reader = Reader()
    jordan.create_case()
    feed.skip_consumer_to_end("reader")
    assert advance_consumer(reader, horizon=ALL) == 0
    feed.rewind_consumer("reader")
    assert advance_consumer(reader, horizon=ALL) == 1


def test_the_horizon_can_be_passed_in(committed_jordan: Jordan) -> None:
    jordan = committed_jordan
    jordan.create_case()
    assert advance_consumer(Reader(), horizon=1) == 0


@pytest.mark.parametrize("statement", [feed.NEXT_EVENTS_SQL, feed.LAG_SQL], ids=["next", "lag"])
def test_whoever_has_read_all_finds_that_out_without_reading_the_journal(db: None, statement: str) -> None:
    """At a million cases both read seven million events, for longer than a transaction may last."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # as it is where there are many rows
        cursor.execute(f"EXPLAIN {statement}", {"name": "search", "horizon": None, "batch": 500})
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Index Cond: (ROW(epoch, xid, id) > ROW(" in plan, plan
