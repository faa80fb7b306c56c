"""Leave of officers: who is away and who deputises moves the same number as who holds a role."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary
from django.db import migrations, models
from django.db.models import F, Func, Q

WATCHED = """
CREATE TRIGGER directory_has_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON identity_leave
    FOR EACH STATEMENT EXECUTE FUNCTION directory_has_changed('memberships');
"""
DAYS = Func("since", "until", RangeBoundary(), function="DATERANGE", output_field=DateRangeField())


class Migration(migrations.Migration):
    dependencies = [("identity", "0006_lost_devices")]
    operations = [
        migrations.CreateModel(
            name="Leave",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        primary_key=True, serialize=False, auto_created=True, verbose_name="ID"
                    ),
                ),
                ("since", models.DateField(verbose_name="من")),
                ("until", models.DateField(verbose_name="يوم العودة")),
                (
                    "deputy",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL,
                        django.db.models.deletion.PROTECT,
                        null=True,
                        related_name="+",
                        verbose_name="ينوب عنه",
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL,
                        django.db.models.deletion.PROTECT,
                        related_name="leaves",
                        verbose_name="الموظف",
                    ),
                ),
            ],
            options={
                "verbose_name": "إجازة",
                "verbose_name_plural": "الإجازات",
                "constraints": [
                    models.CheckConstraint(condition=Q(until__gt=F("since")), name="leave_ends_after_start"),
                    models.CheckConstraint(
                        condition=Q(deputy=None) | ~Q(deputy=F("officer")),
                        name="leave_deputy_is_somebody_else",
                    ),
                    ExclusionConstraint(
                        expressions=[("officer", "="), (DAYS, "&&")], name="leave_taken_once"
                    ),
                ],
            },
        ),
        migrations.RunSQL(WATCHED, migrations.RunSQL.noop),
    ]
