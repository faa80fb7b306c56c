"""Columns named as the models name them."""

from django.db import migrations

COLUMNS = {
    "analytics_rollup": {"spread": "histogram"},
    "analytics_fact": {"spread": "histogram"},
    "analytics_counted": {"what": "measure_group", "which": "measure_bits"},
    "analytics_forecast": {
        "what": "measure",
        "first": "first_day",
        "middle": "expected",
        "usual_error": "baseline_error",
        "tested": "tested_days",
        "made_at": "created_at",
    },
    "analytics_alert": {
        "figure": "indicator",
        "began": "started_on",
        '"on"': "value_on",
        "n": "observations",
        "weeks": "baseline_values",
        "over": "ended_on",
        "because": "end_reason",
        "told": "is_emailed",
    },
    "analytics_mute": {"figure": "indicator", "reach": "body_count"},
    "analytics_gap": {
        "no": "unsolved",
        "again": "recurring",
        "age": "total_age_days",
        "made_at": "created_at",
    },
    "analytics_decision": {"day": "effective_on", "words": "text"},
    "analytics_instruction": {"figure": "indicator", "n": "observations"},
    "analytics_instruction_end": {"how": "outcome"},
    "analytics_screen": {"pairing": "pairing_hash", "secret": "secret_hash", "made_at": "created_at"},
    "analytics_visits": {"n": "count"},
    "analytics_download": {"n": "count"},
    "analytics_report": {"made_at": "created_at"},
}
STATEMENTS = [
    f"ALTER TABLE {table} RENAME COLUMN {old} TO {new}"
    for table, names in COLUMNS.items()
    for old, new in names.items()
]


class Migration(migrations.Migration):
    dependencies = [("analytics", "0011_by_weeks")]
    operations = [migrations.RunSQL(statement) for statement in STATEMENTS]
