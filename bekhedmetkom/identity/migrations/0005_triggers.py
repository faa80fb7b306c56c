"""What PostgreSQL itself does: who begins or ends to serve a body moves the number that caches ask for."""

from django.db import migrations

WATCHED = """
CREATE TRIGGER directory_has_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON identity_membership
    FOR EACH STATEMENT EXECUTE FUNCTION directory_has_changed('memberships');
CREATE TRIGGER account_has_changed AFTER UPDATE OF is_active ON identity_officer
    FOR EACH STATEMENT EXECUTE FUNCTION directory_has_changed('memberships');
"""


class Migration(migrations.Migration):
    dependencies = [("identity", "0004_address_use"), ("entities", "0002_triggers")]
    operations = [
        migrations.RunSQL(
            WATCHED,
            "DROP TRIGGER account_has_changed ON identity_officer; "
            "DROP TRIGGER directory_has_changed ON identity_membership",
        )
    ]
