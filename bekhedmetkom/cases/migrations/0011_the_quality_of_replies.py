"""Why a draft should go out as it is; and the replies of an officer in the order in which they were written."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_the_wall_in_one_piece")]
    operations = [
        migrations.AddField("draft", "quality_reason", models.TextField(blank=True, db_default="")),
        migrations.AddIndex(
            "event",
            models.Index(
                models.F("actor"),
                models.F("id").desc(),
                name="event_reply_of",
                condition=models.Q(kind__in=["case.answered", "reply.submitted"]),
            ),
        ),
    ]
