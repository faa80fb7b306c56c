"""Those above the work: instructions that await a report, each level's list, followed cases.

`raised_in_confidence` stands outside the wall and says how many need-to-know cases of these bodies were raised to which
level, and the day on which the first was due: no reference, no kind, nobody (decision 32).
"""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models import Index, Q

BARE = """
CREATE FUNCTION raised_in_confidence(bodies bigint[], OUT entity bigint, OUT level text, OUT number bigint,
                                     OUT since timestamptz) RETURNS SETOF record
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT c.entity_id, c.level, count(*), min(c.due_at) FROM "case" c
   WHERE c.level <> '' AND c.care <> 'open' AND c.entity_id = ANY (bodies)
       AND c.state = ANY ('{received,classified,assigned,awaiting_approval,awaiting_citizen,appealed}')
   GROUP BY c.entity_id, c.level ORDER BY 4 $$;
REVOKE ALL ON FUNCTION raised_in_confidence FROM PUBLIC;
"""

WALL = """
ALTER TABLE case_follow ENABLE ROW LEVEL SECURITY;
CREATE POLICY work ON case_follow TO bekhedmetkom_worker USING (true) WITH CHECK (true);
CREATE POLICY own ON case_follow TO bekhedmetkom_web
    USING (officer_id = (SELECT (let_in_ids('officer'))[1])
           AND EXISTS (SELECT FROM "case" WHERE "case".id = case_id));
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0022_found_by_who_they_are"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            "case", "instructions", ArrayField(models.IntegerField(), default=list, db_default=[])
        ),
        migrations.AddIndex(
            "case", Index("entity", "id", name="case_instructed", condition=~Q(instructions=[]))
        ),
        migrations.AddIndex(
            "case",
            Index(
                "due_at",
                "id",
                name="case_idle",
                condition=Q(
                    state__in=[
                        "received",
                        "classified",
                        "assigned",
                        "awaiting_approval",
                        "awaiting_citizen",
                        "appealed",
                    ],
                    idle_told=True,
                ),
            ),
        ),
        migrations.CreateModel(
            "Follow",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("looked", models.IntegerField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="cases.case"
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
            options={
                "db_table": "case_follow",
                "verbose_name": "متابعة طلب",
                "constraints": [models.UniqueConstraint(fields=("officer", "case"), name="followed_once")],
            },
        ),
        migrations.RunSQL(BARE),
        migrations.RunSQL(WALL),
    ]
