"""Who has a case open just now: kept outside the journal and the log, behind the wall with the case."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

WALL = """
ALTER TABLE case_presence SET UNLOGGED;
ALTER TABLE case_presence ENABLE ROW LEVEL SECURITY;
CREATE POLICY work ON case_presence TO bekhedmetkom_worker USING (true) WITH CHECK (true);
CREATE POLICY see ON case_presence TO bekhedmetkom_web
    USING (EXISTS (SELECT FROM "case" WHERE "case".id = case_id));
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0018_undo"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Presence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("writing", models.BooleanField()),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="cases.case",
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"db_table": "case_presence"},
        ),
        migrations.AddConstraint(
            model_name="presence",
            constraint=models.UniqueConstraint(fields=("case", "officer"), name="one_presence_an_officer"),
        ),
        migrations.RunSQL(WALL),
    ]
