"""What PostgreSQL itself holds: a policy's version never changes; every edit moves the catalogue's number."""

from django.db import migrations

POLICY_NEVER_CHANGES = """
CREATE FUNCTION policy_never_changes() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'a policy that cases were promised under never changes; add a version'; END $$;
CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON catalogue_policy
    FOR EACH ROW EXECUTE FUNCTION policy_never_changes();
"""


def watched(table: str) -> str:
    return f"""
CREATE TRIGGER directory_has_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION directory_has_changed('catalogue');
"""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial"), ("entities", "0002_triggers")]
    operations = [
        migrations.RunSQL(POLICY_NEVER_CHANGES, "DROP FUNCTION policy_never_changes CASCADE"),
        *(
            migrations.RunSQL(watched(table), f"DROP TRIGGER directory_has_changed ON {table}")
            for table in ("catalogue_service", "catalogue_policy", "catalogue_responsetemplate")
        ),
    ]
