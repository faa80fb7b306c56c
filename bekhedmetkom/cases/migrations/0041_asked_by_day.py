"""Cases in which something is asked by a day are found by their index.

Comparing arrays is not leakproof, so behind the wall PostgreSQL took these few for nearly all cases and read them all:
`cases_asked_by_day` names them, and they then pass through the wall like any others.
"""

from django.db import migrations

ASKED = """
CREATE FUNCTION cases_asked_by_day() RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT c.id FROM "case" c WHERE NOT c.instructions = '{}' OR NOT c.tasks = '{}' $$;
REVOKE ALL ON FUNCTION cases_asked_by_day FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0040_promises_by_day")]
    operations = [migrations.RunSQL(ASKED, "DROP FUNCTION cases_asked_by_day")]
