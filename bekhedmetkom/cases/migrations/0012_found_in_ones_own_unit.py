"""A case's words say which unit has it, so that a unit's officer searches the unit's cases alone.

Of a million cases 422,000 had one: half a minute, with a pending list of 64 MB for the index and nothing else running.
"""

from django.db import migrations

SAY_THE_UNIT = """
UPDATE case_search s SET words = s.words || array_to_tsvector(ARRAY['#' || c.unit_id])
FROM "case" c WHERE c.id = s.case_id AND c.unit_id IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0011_the_quality_of_replies")]
    operations = [migrations.RunSQL(SAY_THE_UNIT)]
