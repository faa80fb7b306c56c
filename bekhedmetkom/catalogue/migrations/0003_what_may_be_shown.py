"""About what cases may be shown to everybody. Nothing, until somebody says so of a topic."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0002_triggers")]
    operations = [
        migrations.AddField(
            "service",
            "public",
            models.BooleanField("يجوز عرض طلباته للعموم", default=False, db_default=False),
        ),
        migrations.AddConstraint(
            "service",
            models.CheckConstraint(
                name="service_with_care_is_not_public",
                condition=models.Q(("public", False), ("handling", "open"), _connector="OR"),
            ),
        ),
    ]
