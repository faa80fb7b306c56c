"""Whoever sends a reply back puts its words before their writer again, and reads no draft of theirs."""

from django.db import migrations

BACK = """
CREATE POLICY back ON case_draft FOR INSERT TO bekhedmetkom_web
    WITH CHECK ((SELECT "case".drafted_by_id = case_draft.officer_id FROM "case" WHERE "case".id = case_id));
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0034_what_everybody_may_read")]
    operations = [migrations.RunSQL(BACK, "DROP POLICY back ON case_draft")]
