"""Which problem a case is one of many of."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("cases", "0035_sent_back_to_its_writer")]
    operations = [
        migrations.AddField("case", "problem_id", models.BigIntegerField(null=True)),
        migrations.AddIndex(
            "case",
            models.Index("problem_id", "id", name="case_of_problem", condition=Q(problem_id__isnull=False)),
        ),
    ]
