"""The finest grain is the facts themselves: a row each, never summed. `projections rebuild` fills them (`prepare`)."""

from django.db import migrations

FACTS = """
CREATE TABLE analytics_fact AS SELECT
    day, entity, service, unit, governorate, kind, channel, language, received, answered, first_answers,
    first_right, kept, missed, appeal_kept, appeal_missed, yes, no, silent, stars_sum, stars_n, appealed,
    upheld, partly, rejected, referred, returned, extended, withdrawn, merged, asked, wrote, raised_head,
    raised_minister, raised_pm, committed, fulfilled, adopted, entered, gone, late_in, late_out, spread
FROM analytics_rollup WITH NO DATA;
CREATE INDEX analytics_fact_by_day ON analytics_fact USING brin (day) WITH (pages_per_range = 16);
CREATE INDEX analytics_fact_by_topic ON analytics_fact (entity, service, day);
DROP AGGREGATE spreads_strung (bigint[]);
"""


class Migration(migrations.Migration):
    dependencies = [("analytics", "0005_reports")]
    operations = [migrations.RunSQL(FACTS)]
