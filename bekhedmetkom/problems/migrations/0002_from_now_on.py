"""What PostgreSQL holds by itself, and where the follower begins: what came before is made up by the worker."""

from typing import Any

from django.db import migrations

from bekhedmetkom.cases.feed import skip_consumer_to_end

# What a text is alike by is for the worker alone, like the words that are searched; a step is never rewritten.
HOLD = """
ALTER TABLE problems_casevector ENABLE ROW LEVEL SECURITY;
CREATE POLICY work ON problems_casevector TO bekhedmetkom_worker USING (true) WITH CHECK (true);
CREATE FUNCTION problem_step_stays() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the history of a problem is never rewritten'; END $$;
CREATE TRIGGER step_stays BEFORE UPDATE OR DELETE ON problems_problemstep
    FOR EACH ROW EXECUTE FUNCTION problem_step_stays();
"""
LET_GO = """
DROP TRIGGER step_stays ON problems_problemstep;
DROP FUNCTION problem_step_stays;
DROP POLICY work ON problems_casevector;
ALTER TABLE problems_casevector DISABLE ROW LEVEL SECURITY;
"""


def begin_now(apps: Any, schema_editor: Any) -> None:
    skip_consumer_to_end("problems")


class Migration(migrations.Migration):
    dependencies = [("problems", "0001_initial"), ("cases", "0036_one_of_many")]
    operations = [
        migrations.RunSQL(HOLD, LET_GO),
        migrations.RunPython(begin_now, migrations.RunPython.noop),
    ]
