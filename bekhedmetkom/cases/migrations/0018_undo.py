"""An act is undone within seconds, unless somebody has been told of it; also where it moved the case out of sight."""

import django.db.models.deletion
from django.db import migrations, models

# Stands outside the wall, for whoever has just referred a case no longer sees it: one's own last act, and no other.
LAST_ACT = """
CREATE FUNCTION case_last_moved_by(wanted text, who text) RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT c.id FROM "case" c JOIN event e ON e.case_id = c.id AND e.seq = c.seq
   WHERE c.reference = wanted AND e.actor = who $$;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0017_who_had_it")]
    operations = [
        migrations.CreateModel(
            name="SentOff",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="cases.case",
                    ),
                ),
                ("seq", models.IntegerField()),
            ],
            options={"db_table": "case_sent_off"},
        ),
        migrations.RunSQL(LAST_ACT),
    ]
