"""What PostgreSQL itself holds: changes are append-only, every edit of the directory moves a number."""

from django.db import migrations

CHANGE_IS_APPEND_ONLY = """
CREATE FUNCTION change_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'changes are append-only'; END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON change_record
    FOR EACH ROW EXECUTE FUNCTION change_is_append_only();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON change_record
    EXECUTE FUNCTION change_is_append_only();
"""

# A sequence never gives a number twice, not even after a rollback: equal numbers mean equal rows.
VERSION = """
CREATE SEQUENCE entities_version_number;
CREATE FUNCTION directory_has_changed() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
    INSERT INTO entities_version (part, number) VALUES (TG_ARGV[0], nextval('entities_version_number'))
    ON CONFLICT (part) DO UPDATE SET number = EXCLUDED.number;
    RETURN NULL;
END $$;
"""
PARTS = {
    "tree": ("entities_governorate", "entities_sector", "entities_entity", "entities_entity_governorates"),
    "units": ("entities_unit",),
    "calendar": ("entities_workinghours", "entities_holiday"),
}


def watched(part: str, table: str) -> str:
    return f"""
CREATE TRIGGER directory_has_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION directory_has_changed('{part}');
"""


class Migration(migrations.Migration):
    dependencies = [("entities", "0001_initial")]
    operations = [
        migrations.RunSQL(CHANGE_IS_APPEND_ONLY, "DROP FUNCTION change_is_append_only CASCADE"),
        migrations.RunSQL(
            VERSION, "DROP FUNCTION directory_has_changed CASCADE; DROP SEQUENCE entities_version_number"
        ),
        *(
            migrations.RunSQL(watched(part, table), migrations.RunSQL.noop)
            for part, tables in PARTS.items()
            for table in tables
        ),
    ]
