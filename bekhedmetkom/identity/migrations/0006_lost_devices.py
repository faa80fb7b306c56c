import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0005_triggers"),
    ]

    operations = [
        migrations.CreateModel(
            name="LostDevice",
            fields=[
                (
                    "officer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="lost",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("asked_by", models.CharField(max_length=40)),
                ("asked_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "جهاز ضائع",
                "verbose_name_plural": "أجهزة ضائعة",
            },
        ),
    ]
