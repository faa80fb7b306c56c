"""What PostgreSQL itself does: every edit of the bodies' own rules moves the number that caches ask for."""

from django.db import migrations

WATCHED = """
CREATE TRIGGER directory_has_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON routing_rule
    FOR EACH STATEMENT EXECUTE FUNCTION directory_has_changed('routing');
CREATE TRIGGER unit_has_changed AFTER UPDATE ON entities_unit
    FOR EACH STATEMENT EXECUTE FUNCTION directory_has_changed('routing');
"""


class Migration(migrations.Migration):
    dependencies = [("routing", "0001_initial"), ("entities", "0002_triggers")]
    operations = [
        migrations.RunSQL(
            WATCHED,
            "DROP TRIGGER unit_has_changed ON entities_unit; DROP TRIGGER directory_has_changed ON routing_rule",
        )
    ]
