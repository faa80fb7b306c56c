"""The newest cases that hold the words, at once however common these are.

A common word is found often enough among the country's newest cases, which are read in order and matched one by one; a
rare one is looked up. Which it is shows by itself: whoever finds too few among the newest looks up. PostgreSQL plans
each time, for it knows from its statistics how many cases hold a word and how many a body has.
"""

from django.db import migrations, models

FIND = """
CREATE OR REPLACE FUNCTION find_cases(bodies bigint[], knows text[], wanted tsquery, most int) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    SET plan_cache_mode = force_custom_plan AS
$$
DECLARE
    newest timestamptz := (SELECT received_at FROM case_search ORDER BY received_at DESC OFFSET 15000 LIMIT 1);
    found uuid[];
BEGIN
    IF newest IS NOT NULL THEN
        -- The function behind `@@`, which no index answers.
        IF bodies IS NULL THEN
            found := ARRAY(SELECT s.case_id FROM case_search s
                WHERE s.received_at >= newest AND ts_match_vq(s.words, wanted) AND s.care = ANY (knows)
                ORDER BY s.received_at DESC LIMIT most);
        ELSE
            found := ARRAY(SELECT s.case_id FROM case_search s
                WHERE s.received_at >= newest AND s.entity_id = ANY (bodies) AND ts_match_vq(s.words, wanted)
                AND s.care = ANY (knows) ORDER BY s.received_at DESC LIMIT most);
        END IF;
        IF cardinality(found) = most THEN
            RETURN QUERY SELECT unnest(found);
            RETURN;
        END IF;
    END IF;
    -- Few enough to sort: the sum keeps the planner from reading all cases in order to find them.
    IF bodies IS NULL THEN
        RETURN QUERY SELECT s.case_id FROM case_search s
            WHERE s.words @@ wanted AND s.care = ANY (knows) ORDER BY s.received_at + interval '0' DESC LIMIT most;
    ELSE
        RETURN QUERY SELECT s.case_id FROM case_search s
            WHERE s.entity_id = ANY (bodies) AND s.words @@ wanted AND s.care = ANY (knows)
            ORDER BY s.received_at + interval '0' DESC LIMIT most;
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_queues_in_order")]
    operations = [
        migrations.AddIndex(
            "casesearch", models.Index(models.F("received_at").desc(), name="case_search_newest")
        ),
        migrations.AddIndex(
            "casesearch",
            models.Index("entity", models.F("received_at").desc(), name="case_search_of_entity"),
        ),
        migrations.RunSQL(FIND),
    ]
