"""What was answered in the last days, the newest first, whoever answered it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0032_word_by_telephone")]

    operations = [
        migrations.AddIndex(
            "case",
            models.Index(
                models.F("answered_at").desc(),
                models.F("id").desc(),
                condition=models.Q(("answered_at__isnull", False)),
                name="case_answered_last",
            ),
        ),
    ]
