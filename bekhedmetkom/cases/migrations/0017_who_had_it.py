"""The cases that an officer ever had in hand, for who comes back from leave. Those that nobody had are not in it."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("cases", "0016_counted_for_administrators")]
    operations = [
        migrations.AddIndex(
            "case", GinIndex(fields=["handlers"], name="case_handled_by", condition=~Q(handlers=[]))
        ),
    ]
