"""Which replies are approved is said by rules; a body whose replies were all approved has one that says so."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import bekhedmetkom.catalogue.choices

WATCHED = """
CREATE TRIGGER directory_has_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON routing_approvalrule
    FOR EACH STATEMENT EXECUTE FUNCTION directory_has_changed('routing');
"""
AS_THE_FLAG_SAID = """
INSERT INTO routing_approvalrule (entity_id, kind, new_for) SELECT id, '', 0 FROM entities_entity WHERE needs_approval
"""


class Migration(migrations.Migration):
    run_before = [("entities", "0003_remove_entity_needs_approval")]

    dependencies = [
        ("catalogue", "0002_triggers"),
        ("entities", "0002_triggers"),
        ("routing", "0002_triggers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ApprovalRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=bekhedmetkom.catalogue.choices.list_kinds,
                        max_length=12,
                        verbose_name="نوع الطلب",
                    ),
                ),
                (
                    "new_for",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="بالأيام. صفر: للجدد وغيرهم.",
                        verbose_name="للموظف الجديد، في أول أيامه",
                    ),
                ),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="انتهت في")),
                (
                    "entity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approval_rules",
                        to="entities.entity",
                        verbose_name="الجهة",
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="الموظف",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.service",
                        verbose_name="الموضوع",
                    ),
                ),
            ],
            options={
                "verbose_name": "قاعدة اعتماد",
                "verbose_name_plural": "قواعد الاعتماد",
                "ordering": ["entity", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on", None)),
                        fields=("entity", "kind", "service", "officer", "new_for"),
                        name="approval_rule_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", ""),
                            ("kind__in", ["question", "suggestion", "praise", "complaint", "violation"]),
                            _connector="OR",
                        ),
                        name="approval_rule_kind_is_known",
                    ),
                ],
            },
        ),
        migrations.RunSQL(WATCHED, migrations.RunSQL.noop),
        migrations.RunSQL(AS_THE_FLAG_SAID, migrations.RunSQL.noop),
    ]
