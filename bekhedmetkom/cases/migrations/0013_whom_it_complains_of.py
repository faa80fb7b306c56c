"""Whom a case complains of; and the wall keeps it from them, from those under them and from the unit."""

import django.db.models.deletion
from django.db import migrations, models

SEE = """
ALTER POLICY see ON "case" USING (CASE
    WHEN about_officer_id = ANY ((SELECT let_in_ids('above'))::bigint[])
        OR about_unit_id = ANY ((SELECT let_in_ids('within'))::bigint[]) THEN id = ANY (let_in_cases())
    WHEN care = ANY ((SELECT let_in_words('knows'))::text[])
        AND (entity_id = ANY ((SELECT let_in_ids('bodies'))::bigint[])
             OR current_setting('bk.everywhere', true) = 'yes') THEN true
    WHEN (let_in_ids('officer'))[1] IN (officer_id, reviewer_id) THEN true
    ELSE id = ANY (let_in_cases()) END);
"""


def key(to: str) -> "models.ForeignKey[models.Model, models.Model]":
    return models.ForeignKey(
        to, django.db.models.deletion.PROTECT, null=True, related_name="+", db_index=False
    )


class Migration(migrations.Migration):
    dependencies = [("cases", "0012_found_in_ones_own_unit")]
    operations = [
        migrations.AddField("case", "about_officer", key("identity.officer")),
        migrations.AddField("case", "about_unit", key("entities.unit")),
        migrations.AddIndex(
            "case",
            models.Index(
                "id",
                name="case_about_somebody",
                condition=models.Q(about_officer__isnull=False) | models.Q(about_unit__isnull=False),
            ),
        ),
        migrations.RunSQL(SEE),
    ]
