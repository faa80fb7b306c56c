"""What must be there before a citizen's case is safe here, and the figures that say how it goes."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from bekhedmetkom.cases import feed
from bekhedmetkom.kernel.clock import now
from bekhedmetkom.messages.queries import messenger_stop
from bekhedmetkom.messenger import queries

HEARTBEAT_SECONDS = 40  # Procrastinate writes one every ten
LAG_SECONDS = 10
WORKER_AGE = "SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers"
# Each from an index of its own: those that were sent are the many, and nobody asks for them.
MESSAGES = """
SELECT state, (SELECT count(*) FROM messages_message WHERE messages_message.state = asked.state)
FROM unnest(ARRAY['queued', 'sending', 'failed', 'parked']) AS asked (state)
"""
JOBS = "SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY status"


def not_ready() -> list[str]:
    """What is missing: `database`, `migrations`, `worker`, `follower NAME`; empty when all is well."""
    try:
        if _migrations_waiting():
            return ["migrations"]
        age = worker_age()
        late = [f"follower {lag.name}" for lag in feed.lags() if lag.seconds >= LAG_SECONDS]
        return late if age is not None and age < HEARTBEAT_SECONDS else ["worker", *late]
    except DatabaseError:
        return ["database"]


def worker_age() -> float | None:
    """Seconds since a worker last said that it lives; None when none ever did."""
    with connection.cursor() as cursor:
        cursor.execute(WORKER_AGE)
        (age,) = cursor.fetchone()
    return None if age is None else float(age)


def figures() -> dict[str, float]:
    """Prometheus names (with labels) and their values."""
    with connection.cursor() as cursor:
        cursor.execute(JOBS)
        jobs = {f'jobs{{status="{status}"}}': float(count) for status, count in cursor.fetchall()}
        cursor.execute(MESSAGES)
        messages = {f'messages{{state="{state}"}}': float(count) for state, count in cursor.fetchall()}
    lags = {f'follower_lag_seconds{{follower="{lag.name}"}}': lag.seconds for lag in feed.lags()}
    age = worker_age()
    waiting = {
        f'messenger_waiting{{what="{what}"}}': float(count) for what, count in queries.count_waiting().items()
    }
    messenger = waiting | {"messenger_stopped": float(messenger_stop(now()) is not None)}
    return jobs | messages | lags | messenger | ({} if age is None else {"worker_heartbeat_age_seconds": age})


def _migrations_waiting() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
