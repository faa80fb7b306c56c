"""Where cases were journalled before, this follower begins with what happens next: what is over is not live."""

from typing import Any

from django.db import migrations

from bekhedmetkom.cases.feed import skip_consumer_to_end


def begin_now(apps: Any, schema_editor: Any) -> None:
    skip_consumer_to_end("live")


class Migration(migrations.Migration):
    dependencies = [("live", "0001_initial"), ("cases", "0034_what_everybody_may_read")]
    operations = [migrations.RunPython(begin_now, migrations.RunPython.noop)]
