"""The wall: what a case holds is there only for whom the request was let in (cases/wall.py), whatever a query forgot.

The roles belong to the server, not to this database: another database of it may have made them already.
"""

from django.db import migrations

ROLES = """
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['bekhedmetkom_web', 'bekhedmetkom_worker'] LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
                EXECUTE format('CREATE ROLE %I LOGIN', name);
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END;
        IF NOT pg_has_role(current_user, name, 'SET') THEN
            EXECUTE format('GRANT %I TO current_user', name);
        END IF;
    END LOOP;
END $$;
"""

# What the request was let in for. Nothing set: nothing seen. Read in a scalar subquery, so once for each statement.
LET_IN = """
CREATE FUNCTION let_in_ids(name text) RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(nullif(current_setting('bk.' || name, true), ''), '{}')::bigint[] $$;
CREATE FUNCTION let_in_words(name text) RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(nullif(current_setting('bk.' || name, true), ''), '{}')::text[] $$;
CREATE FUNCTION let_in_locked() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(nullif(current_setting('bk.locked', true), ''), '{}')::uuid[] $$;
CREATE FUNCTION let_in_cases() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(nullif(current_setting('bk.cases', true), ''), '{}')::uuid[] || let_in_locked() $$;
"""

WALL = """
ALTER TABLE "case" ENABLE ROW LEVEL SECURITY;
CREATE POLICY work ON "case" TO bekhedmetkom_worker USING (true) WITH CHECK (true);
CREATE POLICY take_in ON "case" FOR INSERT TO bekhedmetkom_web WITH CHECK (true);
CREATE POLICY see ON "case" FOR SELECT TO bekhedmetkom_web USING (
    id = ANY ((SELECT let_in_cases())::uuid[])
    OR officer_id = (SELECT (let_in_ids('officer'))[1])
    OR reviewer_id = (SELECT (let_in_ids('officer'))[1])
    OR ((entity_id = ANY ((SELECT let_in_ids('bodies'))::bigint[])
         OR (SELECT current_setting('bk.everywhere', true)) = 'yes')
        AND care = ANY ((SELECT let_in_words('knows'))::text[])));
-- Where a case goes is the journal's matter: what may be locked may be moved, also out of sight.
CREATE POLICY move ON "case" FOR UPDATE TO bekhedmetkom_web USING (true) WITH CHECK (true);

ALTER TABLE case_text ENABLE ROW LEVEL SECURITY;
CREATE POLICY work ON case_text TO bekhedmetkom_worker USING (true) WITH CHECK (true);
CREATE POLICY write ON case_text FOR INSERT TO bekhedmetkom_web WITH CHECK (true);
CREATE POLICY see ON case_text FOR SELECT TO bekhedmetkom_web
    USING (EXISTS (SELECT FROM "case" WHERE "case".id = case_id));

ALTER TABLE case_particulars ENABLE ROW LEVEL SECURITY;
CREATE POLICY work ON case_particulars TO bekhedmetkom_worker USING (true) WITH CHECK (true);
CREATE POLICY write ON case_particulars FOR INSERT TO bekhedmetkom_web WITH CHECK (true);
CREATE POLICY see ON case_particulars FOR SELECT TO bekhedmetkom_web
    USING (EXISTS (SELECT FROM "case" WHERE "case".id = case_id));
CREATE POLICY correct ON case_particulars FOR UPDATE TO bekhedmetkom_web
    USING (EXISTS (SELECT FROM "case" WHERE "case".id = case_id));

ALTER TABLE case_draft ENABLE ROW LEVEL SECURITY;
CREATE POLICY work ON case_draft TO bekhedmetkom_worker USING (true) WITH CHECK (true);
CREATE POLICY own ON case_draft TO bekhedmetkom_web
    USING (officer_id = (SELECT (let_in_ids('officer'))[1])
           AND EXISTS (SELECT FROM "case" WHERE "case".id = case_id));

ALTER TABLE case_search ENABLE ROW LEVEL SECURITY;
CREATE POLICY work ON case_search TO bekhedmetkom_worker USING (true) WITH CHECK (true);
"""

# What has to be known before anybody is let in, or about cases that nobody here may read: each answers one question.
DOORS = """
CREATE FUNCTION case_lock(wanted text, OUT case_id uuid, OUT access_hash bytea) RETURNS SETOF record
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp ROWS 1 AS
$$ SELECT c.id, p.access_hash FROM "case" c JOIN case_particulars p ON p.case_id = c.id WHERE c.reference = wanted $$;

CREATE FUNCTION case_reference(wanted uuid) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT c.reference FROM "case" c WHERE c.id = wanted $$;

CREATE FUNCTION appeals_in_hand(OUT reviewer bigint, OUT appeals bigint) RETURNS SETOF record
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT c.reviewer_id, count(*) FROM "case" c
   WHERE c.state = 'appealed' AND c.reviewer_id IS NOT NULL GROUP BY c.reviewer_id $$;

-- `@@` is not leakproof: behind the wall an index on words would become a filter over every row. This function
-- stands outside and asks for what the wall asks: bodies (NULL: all), care levels. What it finds passes the wall.
CREATE FUNCTION find_cases(bodies bigint[], knows text[], wanted tsquery, most int) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ BEGIN
    IF bodies IS NULL THEN
        RETURN QUERY SELECT s.case_id FROM case_search s
            WHERE s.words @@ wanted AND s.care = ANY (knows) ORDER BY s.received_at DESC LIMIT most;
    ELSE
        RETURN QUERY SELECT s.case_id FROM case_search s
            WHERE s.entity_id = ANY (bodies) AND s.words @@ wanted AND s.care = ANY (knows)
            ORDER BY s.received_at DESC LIMIT most;
    END IF;
END $$;

REVOKE ALL ON FUNCTION case_lock, case_reference, appeals_in_hand, find_cases FROM PUBLIC;
"""

# The triggers that hold the journal's line look at rows that whoever moved them may no longer see.
TRIGGERS = """
ALTER FUNCTION event_moved_its_case() SECURITY DEFINER;
ALTER FUNCTION event_moved_its_case() SET search_path = public, pg_temp;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_the_journal_holds")]
    operations = [migrations.RunSQL(part) for part in (ROLES, LET_IN, WALL, DOORS, TRIGGERS)]
