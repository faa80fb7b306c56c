"""Readiness checks and Prometheus metrics."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from bekhedmetkom.cases import feed
from bekhedmetkom.kernel.clock import now
from bekhedmetkom.messenger import queries
from bekhedmetkom.notifications.queries import find_messenger_stop

MAX_HEARTBEAT_AGE_SECONDS = 40  # Procrastinate writes one every ten
MAX_LAG_SECONDS = 10
WORKER_AGE_SQL = "SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers"
# Each from an index of its own: those that were sent are the many, and nobody asks for them.
MESSAGE_COUNTS_SQL = """
SELECT state, (SELECT count(*) FROM notifications_message WHERE notifications_message.state = asked.state)
FROM unnest(ARRAY['queued', 'sending', 'failed', 'parked']) AS asked (state)
"""
JOB_COUNTS_SQL = "SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY status"


def list_missing_parts() -> list[str]:
    """Return what is missing: `database`, `migrations`, `worker`, `follower NAME`; empty if ready."""
    try:
        if _has_pending_migrations():
            return ["migrations"]
        age = get_worker_age()
        late = [f"follower {lag.name}" for lag in feed.list_lags() if lag.seconds >= MAX_LAG_SECONDS]
        return late if age is not None and age < MAX_HEARTBEAT_AGE_SECONDS else ["worker", *late]
    except DatabaseError:
        return ["database"]


def get_worker_age() -> float | None:
    """Return the seconds since a worker's last heartbeat; `None` if there was none."""
    with connection.cursor() as cursor:
        cursor.execute(WORKER_AGE_SQL)
        (age,) = cursor.fetchone()
    return None if age is None else float(age)


def collect_metrics() -> dict[str, float]:
    """Return metric names (with labels) and values."""
    with connection.cursor() as cursor:
        cursor.execute(JOB_COUNTS_SQL)
        jobs = {f'jobs{{status="{status}"}}': float(count) for status, count in cursor.fetchall()}
        cursor.execute(MESSAGE_COUNTS_SQL)
        messages = {f'messages{{state="{state}"}}': float(count) for state, count in cursor.fetchall()}
    lags = {f'follower_lag_seconds{{follower="{lag.name}"}}': lag.seconds for lag in feed.list_lags()}
    age = get_worker_age()
    waiting = {
        f'messenger_waiting{{what="{what}"}}': float(count) for what, count in queries.count_waiting().items()
    }
    messenger = waiting | {"messenger_stopped": float(find_messenger_stop(now()) is not None)}
    return jobs | messages | lags | messenger | ({} if age is None else {"worker_heartbeat_age_seconds": age})


def _has_pending_migrations() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
