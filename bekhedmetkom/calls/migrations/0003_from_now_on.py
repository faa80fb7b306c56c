"""Where cases were journalled before, this follower begins with what happens next: nobody is called about old ones."""

from typing import Any

from django.db import migrations

from bekhedmetkom.cases.feed import skip_consumer_to_end


def begin_now(apps: Any, schema_editor: Any) -> None:
    skip_consumer_to_end("calls")


class Migration(migrations.Migration):
    dependencies = [("calls", "0002_before_a_proof"), ("cases", "0034_what_everybody_may_read")]
    operations = [migrations.RunPython(begin_now, migrations.RunPython.noop)]
