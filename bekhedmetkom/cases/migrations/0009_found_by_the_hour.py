"""The newest cases that hold the words, whether these are common, rare or in between, in a body or in the country.

The index over words knows when a case came, in four lengths of time: an hour, 8, 64 and 512. A search looks at the
newest two of each length in turn and stops when it has found enough, so it never fetches many more cases than it shows;
only what is rarer than that is looked up at all times. A million cases are indexed anew in about half a minute.
"""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations
from django.db.models import F, Func

HOURS = """
CREATE FUNCTION hours_of(at timestamptz) RETURNS int[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (SELECT ARRAY[hour << 2, hour >> 3 << 2 | 1, hour >> 6 << 2 | 2, hour >> 9 << 2 | 3]
        FROM (SELECT floor(extract(epoch FROM at AT TIME ZONE 'UTC') / 3600)::int AS hour));
"""

FIND = """
CREATE OR REPLACE FUNCTION find_cases(bodies bigint[], knows text[], wanted tsquery, most int) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    SET plan_cache_mode = force_custom_plan AS
$$
DECLARE
    newest int := (SELECT (hours_of(received_at))[1] >> 2 FROM case_search ORDER BY received_at DESC LIMIT 1);
    length int := 0;
    spans int[];
    found uuid[];
BEGIN
    LOOP
        spans := CASE WHEN length < 4 THEN
            ARRAY[newest >> 3 * length << 2 | length, (newest >> 3 * length) - 1 << 2 | length] END;
        -- Planned each time, so that a NULL is no condition. The sum: few enough to sort, and no reading in order.
        found := ARRAY(SELECT s.case_id FROM case_search s
            WHERE s.words @@ wanted AND s.care = ANY (knows)
                AND (bodies IS NULL OR s.entity_id = ANY (bodies))
                AND (spans IS NULL OR hours_of(s.received_at) && spans)
            ORDER BY s.received_at + interval '0' DESC LIMIT most);
        EXIT WHEN cardinality(found) = most OR length = 4;
        -- What is as rare as this would not be found often enough in 512 hours either.
        length := CASE WHEN length = 2 AND cardinality(found) < most / 8 THEN 4 ELSE length + 1 END;
    END LOOP;
    RETURN QUERY SELECT unnest(found);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0008_newest_found_first")]
    operations = [
        migrations.RunSQL(HOURS),
        migrations.RemoveIndex("casesearch", "case_search_words"),
        migrations.AddIndex(
            "casesearch",
            GinIndex(
                F("entity"),
                Func(F("received_at"), function="hours_of"),
                F("words"),
                name="case_search_words",
                gin_pending_list_limit=128,
            ),
        ),
        migrations.RunSQL(FIND),
        migrations.RemoveIndex("casesearch", "case_search_of_entity"),
    ]
