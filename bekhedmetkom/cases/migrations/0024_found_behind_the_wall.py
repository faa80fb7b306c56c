"""What stands above a case and complains of who looks is not counted to them; one's own past is found by its index.

`@>` is not leakproof, so behind the wall an officer's cases would be looked for among all: `cases_had_by` names the
newest of them, which then pass through the wall like any others.
"""

from django.db import migrations
from django.db.models import Index, Q

BARE = """
DROP FUNCTION raised_in_confidence;
CREATE FUNCTION raised_in_confidence(bodies bigint[], above bigint[], within bigint[], OUT entity bigint,
                                     OUT level text, OUT number bigint, OUT since timestamptz) RETURNS SETOF record
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT c.entity_id, c.level, count(*), min(c.due_at) FROM "case" c
   WHERE c.level <> '' AND c.care <> 'open' AND c.entity_id = ANY (bodies)
       AND c.state = ANY ('{received,classified,assigned,awaiting_approval,awaiting_citizen,appealed}')
       AND (c.about_officer_id = ANY (above)) IS NOT true AND (c.about_unit_id = ANY (within)) IS NOT true
   GROUP BY c.entity_id, c.level ORDER BY 4 $$;
REVOKE ALL ON FUNCTION raised_in_confidence FROM PUBLIC;
"""

BEFORE = """
DROP FUNCTION raised_in_confidence;
CREATE FUNCTION raised_in_confidence(bodies bigint[], OUT entity bigint, OUT level text, OUT number bigint,
                                     OUT since timestamptz) RETURNS SETOF record
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT c.entity_id, c.level, count(*), min(c.due_at) FROM "case" c
   WHERE c.level <> '' AND c.care <> 'open' AND c.entity_id = ANY (bodies)
       AND c.state = ANY ('{received,classified,assigned,awaiting_approval,awaiting_citizen,appealed}')
   GROUP BY c.entity_id, c.level ORDER BY 4 $$;
REVOKE ALL ON FUNCTION raised_in_confidence FROM PUBLIC;
"""

HAD = """
CREATE FUNCTION cases_had_by(officer bigint, since timestamptz, most int) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT c.id FROM "case" c WHERE c.handlers <> '{}' AND c.handlers @> ARRAY[officer] AND c.updated_at >= since
   ORDER BY c.updated_at DESC LIMIT most $$;
REVOKE ALL ON FUNCTION cases_had_by FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0023_those_above")]
    operations = [
        migrations.AddIndex(
            "case",
            Index(
                "entity",
                "level",
                "due_at",
                name="case_raised_in_confidence",
                condition=Q(
                    state__in=[
                        "received",
                        "classified",
                        "assigned",
                        "awaiting_approval",
                        "awaiting_citizen",
                        "appealed",
                    ]
                )
                & ~Q(level="")
                & ~Q(care="open"),
            ),
        ),
        migrations.RunSQL(BARE, BEFORE),
        migrations.RunSQL(HAD, "DROP FUNCTION cases_had_by"),
    ]
