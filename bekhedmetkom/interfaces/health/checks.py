"""What must be there before a citizen's case is safe here, and the figures that say how it goes."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

HEARTBEAT_SECONDS = 40  # Procrastinate writes one every ten
WORKER_AGE = "SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers"
JOBS = "SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY status"


def not_ready() -> list[str]:
    """The names of what is missing: `database`, `migrations`, `worker`; empty when all is well."""
    try:
        if _migrations_waiting():
            return ["migrations"]
        age = worker_age()
        return [] if age is not None and age < HEARTBEAT_SECONDS else ["worker"]
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
    age = worker_age()
    return jobs | ({} if age is None else {"worker_heartbeat_age_seconds": age})


def _migrations_waiting() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
