"""How many open cases a body has: asked before it is closed, by administrators, who see no case."""

from django.db import migrations

DOOR = """
CREATE FUNCTION open_cases_of(body bigint) RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT count(*) FROM "case" c WHERE c.entity_id = body AND c.state IN
   ('received', 'classified', 'assigned', 'awaiting_citizen', 'awaiting_approval', 'appealed') $$;
REVOKE ALL ON FUNCTION open_cases_of FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0015_lists_as_officers_want_them")]
    operations = [migrations.RunSQL(DOOR, "DROP FUNCTION open_cases_of")]
