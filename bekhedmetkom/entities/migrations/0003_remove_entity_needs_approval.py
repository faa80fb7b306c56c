"""The flag has become a rule (routing 0003)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("entities", "0002_triggers"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="entity",
            name="needs_approval",
        ),
    ]
