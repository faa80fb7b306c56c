"""Rules of distribution that end, choose among officers, and act; and which officer knows which topic."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

WATCHED = """
CREATE TRIGGER directory_has_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON routing_skill
    FOR EACH STATEMENT EXECUTE FUNCTION directory_has_changed('routing');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("routing", "0003_approvalrule"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.RemoveConstraint("rule", "routing_rule_once"),
        migrations.AddField(
            "rule",
            "give",
            models.CharField(default="unit", db_default="unit", max_length=12, verbose_name="لمن في الوحدة"),
        ),
        migrations.AddField(
            "rule",
            "automatic",
            models.BooleanField(default=False, db_default=False, verbose_name="تلقائيًا"),
        ),
        migrations.AddField(
            "rule", "ended_on", models.DateField(blank=True, null=True, verbose_name="انتهت في")
        ),
        migrations.AddConstraint(
            "rule",
            models.UniqueConstraint(
                name="routing_rule_once",
                fields=["entity", "service", "governorate"],
                nulls_distinct=False,
                condition=Q(ended_on=None),
            ),
        ),
        migrations.AddConstraint(
            "rule",
            models.CheckConstraint(
                name="routing_rule_gives", condition=Q(give__in=["unit", "least_loaded", "skilled"])
            ),
        ),
        migrations.CreateModel(
            name="Skill",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, auto_created=True, verbose_name="ID"
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL,
                        django.db.models.deletion.PROTECT,
                        related_name="+",
                        verbose_name="الموظف",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        "catalogue.service",
                        django.db.models.deletion.PROTECT,
                        related_name="+",
                        verbose_name="الموضوع",
                    ),
                ),
            ],
            options={
                "verbose_name": "معرفة موظف بموضوع",
                "verbose_name_plural": "معرفة الموظفين بالموضوعات",
                "constraints": [models.UniqueConstraint(name="skill_once", fields=["officer", "service"])],
            },
        ),
        migrations.RunSQL(WATCHED, migrations.RunSQL.noop),
    ]
