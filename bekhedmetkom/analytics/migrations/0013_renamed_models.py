"""Models and fields named as the code names them."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("analytics", "0012_column_names"),
        ("catalogue", "0003_what_may_be_shown"),
        ("entities", "0005_embed_origins"),
        ("notifications", "0018_instruction_about_a_figure"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    # The tables and columns carry these names already (0012); only Django's record of them changes.
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="AppDownloads",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("month", models.DateField(help_text="أي يوم منه.", verbose_name="الشهر")),
                        (
                            "store",
                            models.CharField(
                                choices=[
                                    ("google", "Google Play"),
                                    ("apple", "App Store"),
                                    ("huawei", "AppGallery"),
                                ],
                                max_length=20,
                                verbose_name="المتجر",
                            ),
                        ),
                        ("count", models.PositiveIntegerField(verbose_name="عدد التنزيلات")),
                        (
                            "source",
                            models.CharField(
                                help_text="أين قرأت العدد، ومتى.", max_length=300, verbose_name="المصدر"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "تنزيلات شهر",
                        "verbose_name_plural": "تنزيلات التطبيق",
                        "db_table": "analytics_download",
                        "ordering": ["-month", "store"],
                    },
                ),
                migrations.CreateModel(
                    name="CountedCase",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "case_id",
                                "seq",
                                "measure_group",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("case_id", models.UUIDField()),
                        ("seq", models.IntegerField()),
                        ("entity", models.IntegerField()),
                        ("service", models.IntegerField()),
                        ("unit", models.IntegerField()),
                        ("governorate", models.IntegerField()),
                        ("day", models.DateField()),
                        ("measure_group", models.SmallIntegerField()),
                        ("measure_bits", models.SmallIntegerField()),
                        ("kind", models.CharField(max_length=12)),
                        ("channel", models.CharField(max_length=20)),
                        ("language", models.CharField(max_length=2)),
                    ],
                    options={
                        "db_table": "analytics_counted",
                    },
                ),
                migrations.CreateModel(
                    name="DailyPageViews",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "day", "entity", blank=True, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("day", models.DateField()),
                        ("entity", models.IntegerField()),
                        ("count", models.IntegerField()),
                    ],
                    options={
                        "db_table": "analytics_visits",
                    },
                ),
                migrations.CreateModel(
                    name="PriorityCell",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("entity", models.IntegerField()),
                        ("service", models.IntegerField()),
                        ("governorate", models.IntegerField()),
                        ("received", models.IntegerField()),
                        ("urgent", models.IntegerField()),
                        ("unsolved", models.IntegerField()),
                        ("upheld", models.IntegerField()),
                        ("appealed", models.IntegerField()),
                        ("recurring", models.IntegerField()),
                        ("waiting", models.IntegerField()),
                        ("total_age_days", models.IntegerField()),
                        ("people", models.IntegerField()),
                        ("created_at", models.DateTimeField()),
                    ],
                    options={
                        "db_table": "analytics_gap",
                    },
                ),
                migrations.CreateModel(
                    name="StoredForecast",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("scope", models.CharField(max_length=10)),
                        ("key", models.IntegerField()),
                        ("measure", models.CharField(max_length=10)),
                        ("first_day", models.DateField()),
                        (
                            "low",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.FloatField(), size=None
                            ),
                        ),
                        (
                            "expected",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.FloatField(), size=None
                            ),
                        ),
                        (
                            "high",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.FloatField(), size=None
                            ),
                        ),
                        ("error", models.FloatField()),
                        ("baseline_error", models.FloatField()),
                        ("tested_days", models.IntegerField()),
                        ("created_at", models.DateTimeField()),
                    ],
                    options={
                        "db_table": "analytics_forecast",
                    },
                ),
                migrations.CreateModel(
                    name="WallScreen",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=60)),
                        ("query", models.CharField(blank=True, max_length=400)),
                        ("pairing_hash", models.BinaryField(unique=True)),
                        ("secret_hash", models.BinaryField(null=True, unique=True)),
                        ("created_at", models.DateTimeField()),
                        ("opened_at", models.DateTimeField(null=True)),
                        ("until", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "db_table": "analytics_screen",
                    },
                ),
                migrations.RenameModel(
                    old_name="Flow",
                    new_name="CaseFlow",
                ),
                migrations.RenameModel(
                    old_name="Visit",
                    new_name="CasePageView",
                ),
                migrations.RenameModel(
                    old_name="Decision",
                    new_name="PlanningDecision",
                ),
                migrations.RenameModel(
                    old_name="ReportMail",
                    new_name="ReportEmail",
                ),
                migrations.RenameModel(
                    old_name="Subscriber",
                    new_name="ReportSubscription",
                ),
                migrations.DeleteModel(
                    name="Counted",
                ),
                migrations.DeleteModel(
                    name="Download",
                ),
                migrations.DeleteModel(
                    name="Foreseen",
                ),
                migrations.RemoveField(
                    model_name="screen",
                    name="officer",
                ),
                migrations.DeleteModel(
                    name="Visits",
                ),
                migrations.DeleteModel(
                    name="Weighed",
                ),
                migrations.RemoveConstraint(
                    model_name="alert",
                    name="alert_once",
                ),
                migrations.RemoveConstraint(
                    model_name="instructionend",
                    name="instruction_end_is_known",
                ),
                migrations.RemoveConstraint(
                    model_name="mute",
                    name="muted_once",
                ),
                migrations.RemoveIndex(
                    model_name="alert",
                    name="alert_over",
                ),
                migrations.RemoveIndex(
                    model_name="planningdecision",
                    name="decision_by_day",
                ),
                migrations.RenameField(
                    model_name="alert",
                    old_name="weeks",
                    new_name="baseline_values",
                ),
                migrations.RenameField(
                    model_name="alert",
                    old_name="because",
                    new_name="end_reason",
                ),
                migrations.RenameField(
                    model_name="alert",
                    old_name="over",
                    new_name="ended_on",
                ),
                migrations.RenameField(
                    model_name="alert",
                    old_name="figure",
                    new_name="indicator",
                ),
                migrations.RenameField(
                    model_name="alert",
                    old_name="told",
                    new_name="is_emailed",
                ),
                migrations.RenameField(
                    model_name="alert",
                    old_name="n",
                    new_name="observations",
                ),
                migrations.RenameField(
                    model_name="alert",
                    old_name="began",
                    new_name="started_on",
                ),
                migrations.RenameField(
                    model_name="alert",
                    old_name="on",
                    new_name="value_on",
                ),
                migrations.RenameField(
                    model_name="instruction",
                    old_name="figure",
                    new_name="indicator",
                ),
                migrations.RenameField(
                    model_name="instruction",
                    old_name="n",
                    new_name="observations",
                ),
                migrations.RenameField(
                    model_name="instructionend",
                    old_name="how",
                    new_name="outcome",
                ),
                migrations.RenameField(
                    model_name="monthreport",
                    old_name="made_at",
                    new_name="created_at",
                ),
                migrations.RenameField(
                    model_name="mute",
                    old_name="reach",
                    new_name="body_count",
                ),
                migrations.RenameField(
                    model_name="mute",
                    old_name="figure",
                    new_name="indicator",
                ),
                migrations.RenameField(
                    model_name="planningdecision",
                    old_name="day",
                    new_name="effective_on",
                ),
                migrations.RenameField(
                    model_name="planningdecision",
                    old_name="words",
                    new_name="text",
                ),
                migrations.RenameField(
                    model_name="rollup",
                    old_name="spread",
                    new_name="histogram",
                ),
                migrations.AddIndex(
                    model_name="alert",
                    index=models.Index(models.F("ended_on"), name="alert_over"),
                ),
                migrations.AddIndex(
                    model_name="planningdecision",
                    index=models.Index(models.F("effective_on"), name="decision_by_day"),
                ),
                migrations.AddConstraint(
                    model_name="alert",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("ended_on__isnull", True)),
                        fields=("entity", "indicator"),
                        name="alert_once",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="instructionend",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["answered", "withdrawn"])),
                        name="instruction_end_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="mute",
                    constraint=models.UniqueConstraint(fields=("entity", "indicator"), name="muted_once"),
                ),
                migrations.AddConstraint(
                    model_name="appdownloads",
                    constraint=models.UniqueConstraint(fields=("month", "store"), name="download_once"),
                ),
                migrations.AddConstraint(
                    model_name="appdownloads",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("month__day", 1)), name="download_of_a_month"
                    ),
                ),
                migrations.AddIndex(
                    model_name="countedcase",
                    index=models.Index(
                        models.F("measure_group"),
                        models.OrderBy(models.F("day"), descending=True),
                        models.OrderBy(models.F("case_id"), descending=True),
                        models.OrderBy(models.F("seq"), descending=True),
                        name="counted_by_day",
                    ),
                ),
                migrations.AddIndex(
                    model_name="countedcase",
                    index=models.Index(
                        models.F("measure_group"),
                        models.F("entity"),
                        models.OrderBy(models.F("day"), descending=True),
                        models.OrderBy(models.F("case_id"), descending=True),
                        models.OrderBy(models.F("seq"), descending=True),
                        name="counted_of_body",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="prioritycell",
                    constraint=models.UniqueConstraint(
                        fields=("entity", "service", "governorate"), name="weighed_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="storedforecast",
                    constraint=models.UniqueConstraint(
                        fields=("scope", "key", "measure"), name="foreseen_once"
                    ),
                ),
                migrations.AddField(
                    model_name="wallscreen",
                    name="officer",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.DeleteModel(
                    name="Screen",
                ),
            ]
        )
    ]
