"""Where cases were journalled before, this follower begins with what happens next: nobody is told of old events."""

from typing import Any

from django.db import migrations

from bekhedmetkom.cases.feed import skip_consumer_to_end


def begin_now(apps: Any, schema_editor: Any) -> None:
    skip_consumer_to_end("webhooks")


class Migration(migrations.Migration):
    dependencies = [("webhooks", "0001_initial"), ("cases", "0034_what_everybody_may_read")]
    operations = [migrations.RunPython(begin_now, migrations.RunPython.noop)]
