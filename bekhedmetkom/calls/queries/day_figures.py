"""Figures of the day: calls received, answered and missed, waiting and handling times."""

from dataclasses import dataclass
from datetime import datetime, time

from django.db import connection

from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import AMMAN, get_local_date

from ..models import CallBack
from .console import MAX_RINGING_TIME
from .ownership import get_agent_id

MIN_CALLS_FOR_RATE = 30


@dataclass(frozen=True, slots=True)
class DayFigures:
    """Figures of a day's incoming calls; times in seconds, `None` where no call gives one."""

    received: int
    answered: int
    missed: int
    waiting: int
    longest_waiting_seconds: int | None
    median_wait_seconds: int | None
    median_handling_seconds: int | None
    own_calls: int
    own_median_handling_seconds: int | None

    @property
    def answer_rate(self) -> int | None:
        """Answered calls in per cent of those no longer waiting; `None` below `MIN_CALLS_FOR_RATE`."""
        ended = self.received - self.waiting
        return round(100 * self.answered / ended) if ended >= MIN_CALLS_FOR_RATE else None


def count_completed_call_backs(at: datetime) -> int:
    """Count today's call-backs in which the citizen was spoken with."""
    return CallBack.objects.filter(done_at__gte=_get_midnight(at), outcome="heard").count()


def get_day_figures(actor: Actor, at: datetime) -> DayFigures:
    """Return today's figures, overall and of this agent."""
    parameters: dict[str, datetime | int] = {
        "since": _get_midnight(at),
        "at": at,
        "rings": at - MAX_RINGING_TIME,
        "officer": get_agent_id(actor),
    }
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES_SQL, parameters)
        return DayFigures(*cursor.fetchone())


def _get_midnight(at: datetime) -> datetime:
    return datetime.combine(get_local_date(at), time(), AMMAN)


# Handling time: from the answer until the agent wraps up, or until the hang-up if nobody does.
_FIGURES_SQL = """
SELECT count(*), count(answered_at), count(*) FILTER (WHERE gone), count(*) FILTER (WHERE waits),
       round(extract(epoch FROM max(%(at)s - began_at) FILTER (WHERE waits)))::int,
       round(percentile_cont(0.5) WITHIN GROUP (ORDER BY waited) FILTER (WHERE answered_at IS NOT NULL))::int,
       round(percentile_cont(0.5) WITHIN GROUP (ORDER BY handled) FILTER (WHERE handled IS NOT NULL))::int,
       count(answered_at) FILTER (WHERE officer_id = %(officer)s),
       round(percentile_cont(0.5) WITHIN GROUP (ORDER BY handled)
             FILTER (WHERE handled IS NOT NULL AND officer_id = %(officer)s))::int
FROM (SELECT *, extract(epoch FROM answered_at - began_at) AS waited,
             CASE WHEN coalesce(wrapped_at, ended_at) IS NOT NULL AND answered_at IS NOT NULL
                  THEN extract(epoch FROM greatest(coalesce(wrapped_at, ended_at) - answered_at, interval '0'))
             END AS handled,
             answered_at IS NULL AND (ended_at IS NOT NULL OR began_at <= %(rings)s) AS gone,
             answered_at IS NULL AND ended_at IS NULL AND began_at > %(rings)s AS waits
      FROM calls_call
      WHERE direction = 'in' AND began_at >= %(since)s AND began_at <= %(at)s) AS calls
"""
