"""A search finds the newest cases of the searcher's own units, not those units' share of the body's newest."""

from django.db import migrations

FIND = """
DROP FUNCTION find_cases(bigint[], text[], tsquery, int);
CREATE FUNCTION find_cases(bodies bigint[], units bigint[], knows text[], wanted tsquery, most int)
    RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
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
                AND (units IS NULL OR EXISTS (SELECT FROM "case" c WHERE c.id = s.case_id AND c.unit_id = ANY (units)))
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
    dependencies = [("cases", "0011_the_quality_of_replies")]
    operations = [migrations.RunSQL(FIND)]
