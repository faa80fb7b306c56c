"""Whom notes mention is found without reading every note."""

from django.db import migrations

FOUND = """
CREATE INDEX event_mentions ON event USING gin ((data -> 'mentions') jsonb_path_ops)
    WHERE kind = 'case.noted' AND data -> 'mentions' IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0019_presence")]
    operations = [migrations.RunSQL(FOUND, "DROP INDEX event_mentions")]
