"""Bodies are renamed and closed: what they were called, and by which decision they close."""

import django.db.models.deletion
from django.db import migrations, models

WATCHED = """
CREATE TRIGGER directory_has_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON entities_entityname
    FOR EACH STATEMENT EXECUTE FUNCTION directory_has_changed('tree');
"""


class Migration(migrations.Migration):
    dependencies = [("entities", "0003_remove_entity_needs_approval")]

    operations = [
        migrations.AddField(
            model_name="entity",
            name="decision",
            field=models.CharField(
                blank=True, db_default="", max_length=300, verbose_name="القرار الذي أُغلقت به"
            ),
        ),
        migrations.AddField(
            model_name="unit",
            name="successor",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="predecessors",
                to="entities.unit",
                verbose_name="حلّت محلها",
            ),
        ),
        migrations.CreateModel(
            name="EntityName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name_ar", models.CharField(max_length=200, verbose_name="الاسم بالعربية")),
                ("name_en", models.CharField(max_length=200, verbose_name="الاسم بالإنجليزية")),
                ("since", models.DateField(null=True, verbose_name="من")),
                (
                    "decision",
                    models.CharField(blank=True, max_length=300, verbose_name="القرار الذي استند إليه"),
                ),
                (
                    "entity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="names",
                        to="entities.entity",
                        verbose_name="الجهة",
                    ),
                ),
            ],
            options={
                "verbose_name": "اسم جهة",
                "verbose_name_plural": "أسماء الجهات",
                "ordering": ["entity", "since"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("entity", "since"), name="one_name_a_day", nulls_distinct=False
                    )
                ],
            },
        ),
        migrations.RunSQL(WATCHED, migrations.RunSQL.noop),
    ]
