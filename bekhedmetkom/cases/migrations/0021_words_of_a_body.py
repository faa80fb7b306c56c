"""What a body has sent, by day: which templates its replies began from, what went out though it says too little.

And the parts of a reply that is being written.
"""

from django.db import migrations, models
from django.db.models.fields.json import KT


class Migration(migrations.Migration):
    dependencies = [("cases", "0020_mentions")]
    operations = [
        migrations.AddIndex(
            "event",
            models.Index(
                KT("data__body"), "at", name="event_word_of_body", condition=models.Q(data__has_key="body")
            ),
        ),
        migrations.AddField("draft", "parts", models.JSONField(default=dict, db_default={})),
    ]
