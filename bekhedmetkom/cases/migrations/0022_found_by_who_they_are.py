"""Cases by the telephone or the name of whoever brought them: for who may search for people, outside the wall.

Never a case that is kept with care, nor one whose name is withheld: both are asked anew of the case itself.
"""

from typing import Any

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

from bekhedmetkom.language.normalisation import fold_text

FIND = """
CREATE FUNCTION find_people(bodies bigint[], wanted_phone text, wanted_names text[], most int) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    SET plan_cache_mode = force_custom_plan AS
$$ BEGIN
    IF wanted_phone <> '' THEN
        RETURN QUERY SELECT c.id FROM case_particulars p JOIN "case" c ON c.id = p.case_id
            WHERE p.phone = wanted_phone AND p.phone <> '' AND c.care = 'open' AND NOT c.withheld
                AND (bodies IS NULL OR c.entity_id = ANY (bodies))
            ORDER BY c.received_at DESC LIMIT most;
    ELSIF cardinality(wanted_names) > 0 THEN
        RETURN QUERY SELECT c.id FROM case_search s JOIN "case" c ON c.id = s.case_id
            WHERE s.names @> wanted_names AND (bodies IS NULL OR s.entity_id = ANY (bodies))
                AND c.care = 'open' AND NOT c.withheld
            ORDER BY s.received_at + interval '0' DESC LIMIT most;
    END IF;
END $$;
REVOKE ALL ON FUNCTION find_people FROM PUBLIC;
"""

BATCH = 5000
NEXT = """
SELECT s.case_id, p.name FROM case_search s JOIN case_particulars p ON p.case_id = s.case_id
    JOIN "case" c ON c.id = s.case_id
WHERE s.case_id > %s AND p.name <> '' AND c.care = 'open' AND NOT c.withheld ORDER BY s.case_id LIMIT %s
"""
KEEP = """
UPDATE case_search s SET names = string_to_array(of.names, ' ')
FROM unnest(%s::uuid[], %s::text[]) AS of (id, names) WHERE s.case_id = of.id
"""


def keep_names(apps: Any, editor: Any) -> None:
    """For the cases that are there already; the follower does it for all others."""
    last = "00000000-0000-0000-0000-000000000000"
    with editor.connection.cursor() as cursor:
        while True:
            cursor.execute(NEXT, [last, BATCH])
            rows = cursor.fetchall()
            if not rows:
                return
            cursor.execute(KEEP, [[key for key, _ in rows], [fold_text(name) for _, name in rows]])
            last = rows[-1][0]


class Migration(migrations.Migration):
    dependencies = [("cases", "0021_words_of_a_body")]
    operations = [
        migrations.AddField(
            "casesearch",
            "names",
            django.contrib.postgres.fields.ArrayField(models.TextField(), db_default=[], default=list),
        ),
        migrations.RunPython(keep_names, migrations.RunPython.noop),
        migrations.AddIndex(
            "casesearch",
            django.contrib.postgres.indexes.GinIndex(
                models.F("entity"), models.F("names"), name="case_search_names", gin_pending_list_limit=128
            ),
        ),
        migrations.RunSQL(FIND, "DROP FUNCTION find_people"),
    ]
