"""PostgreSQL holds the journal's line itself: what goes round `cases.journal.record` is refused."""

from django.db import migrations

COLUMNS = """
-- Who reads the journal reads it in the order (epoch, xid, id): see cases/feed.py.
ALTER TABLE event ADD COLUMN epoch int NOT NULL DEFAULT 1;
ALTER TABLE event ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX event_feed ON event (epoch, xid, id);
"""

LINE = """
ALTER TABLE "case" ADD CONSTRAINT case_is_where_its_journal_says
    FOREIGN KEY (id, seq, state) REFERENCES event (case_id, seq, state) DEFERRABLE INITIALLY DEFERRED;

CREATE FUNCTION event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'events are append-only'; END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON event FOR EACH ROW EXECUTE FUNCTION event_is_append_only();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON event EXECUTE FUNCTION event_is_append_only();

CREATE FUNCTION case_moves_by_one() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
    IF NEW.seq <> OLD.seq + 1 OR NEW.id <> OLD.id OR NEW.reference <> OLD.reference THEN
        RAISE EXCEPTION 'case % changed outside its journal', OLD.id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER by_one BEFORE UPDATE ON "case" FOR EACH ROW EXECUTE FUNCTION case_moves_by_one();

CREATE FUNCTION event_moved_its_case() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
    IF NOT EXISTS (SELECT FROM "case" WHERE id = NEW.case_id AND seq >= NEW.seq) THEN
        RAISE EXCEPTION 'event % of case % moved nothing', NEW.seq, NEW.case_id;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER moved_its_case AFTER INSERT ON event DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION event_moved_its_case();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [migrations.RunSQL(COLUMNS), migrations.RunSQL(LINE)]
