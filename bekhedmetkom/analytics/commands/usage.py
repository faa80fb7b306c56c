"""Counting visits to cases' pages: each is a row of its own, so that nobody waits for anybody; a job adds them up."""

from datetime import datetime

from django.db import connection

from bekhedmetkom.kernel.clock import get_local_date

from ..storage import CasePageView

SUM_PAGE_VIEWS = """
WITH came AS (DELETE FROM analytics_visit RETURNING day, entity)
INSERT INTO analytics_visits AS kept (day, entity, count) SELECT day, entity, count(*) FROM came GROUP BY day, entity
ON CONFLICT (day, entity) DO UPDATE SET count = kept.count + excluded.count
"""


def record_page_view(*, entity: int, at: datetime) -> None:
    """Somebody opened the page of a case of this body."""
    CasePageView.objects.create(day=get_local_date(at), entity=entity)


def sum_page_views() -> None:
    """Add up what came since the last time. Rows lie outside the log: a crash of the database loses these minutes'."""
    with connection.cursor() as cursor:
        cursor.execute(SUM_PAGE_VIEWS)
