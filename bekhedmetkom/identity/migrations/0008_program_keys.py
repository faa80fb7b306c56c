"""A program has keys of its own rows, so that one can take another's place; a quota; and perhaps a body."""

import django.db.models.deletion
from django.db import migrations, models

TAKEN_OVER = """
INSERT INTO identity_clientkey (client_id, prefix, hash, created_at)
SELECT id, prefix, hash, created_at FROM identity_apiclient
"""


class Migration(migrations.Migration):
    dependencies = [("entities", "0004_bodies_change"), ("identity", "0007_leave")]

    operations = [
        migrations.AddField(
            "apiclient",
            "entity",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="entities.entity",
                verbose_name="الجهة",
            ),
        ),
        migrations.AddField(
            "apiclient", "per_hour", models.PositiveIntegerField(default=3600, verbose_name="الحد في الساعة")
        ),
        migrations.CreateModel(
            "ClientKey",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("prefix", models.CharField(editable=False, max_length=16, unique=True)),
                ("hash", models.BinaryField(max_length=32)),
                ("created_at", models.DateTimeField(verbose_name="صدر في")),
                ("ends_at", models.DateTimeField(null=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="keys",
                        to="identity.apiclient",
                    ),
                ),
            ],
            options={"verbose_name": "مفتاح نظام", "verbose_name_plural": "مفاتيح الأنظمة"},
        ),
        migrations.RunSQL(TAKEN_OVER, migrations.RunSQL.noop),
        migrations.RemoveField("apiclient", "hash"),
        migrations.RemoveField("apiclient", "prefix"),
    ]
