"""GeoReport: of a closed request the last change is when it was closed. A rating later is none of everybody's."""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("bekhedmetkom.cases.migrations.0034_what_everybody_may_read").PUBLIC.replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)
# What was decided on an appeal was closed by that, and is final.
NOW = BEFORE.replace(
    "c.received_at, c.updated_at, c.due_at,",
    """c.received_at,
           CASE WHEN c.state IN ('answered', 'resolved', 'closed') AND c.appeal_outcome IS NULL
                THEN coalesce(c.answered_at, c.updated_at) ELSE c.updated_at END,
           c.due_at,""",
)


class Migration(migrations.Migration):
    dependencies = [("cases", "0037_published_answers")]
    operations = [migrations.RunSQL(NOW, BEFORE)]
