"""What was written in a case goes for good when its citizen says so; the rows of facts are nobody's to delete."""

from django.db import migrations

ERASE = """
CREATE FUNCTION erase_words(erased uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS
$$ BEGIN
    IF NOT EXISTS (SELECT FROM "case" c JOIN event e ON (e.case_id, e.seq) = (c.id, c.seq)
                   WHERE c.id = erased AND e.kind = 'citizen.erased') THEN
        RAISE EXCEPTION 'nobody has erased case %', erased;
    END IF;
    DELETE FROM case_text WHERE case_id = erased;
    DELETE FROM case_draft WHERE case_id = erased;
    DELETE FROM case_search WHERE case_id = erased;
    UPDATE case_particulars SET name = '', phone = '', email = '', national_number = '', passport = '', for_name = '',
        for_relation = '', about_employee = '', about_unit = '', address = '', lat = '', lng = '', salt = '',
        phone_confirmed = false, email_confirmed = false, national_number_confirmed = false, tell_by = '',
        full_by_sms = false
    WHERE case_id = erased;
    -- The bytes go with the uploads that nobody took in time.
    WITH gone AS (DELETE FROM case_attachment WHERE case_id = erased
                  RETURNING id, media_type, size, sha256, received_at)
    INSERT INTO upload (id, name, media_type, size, sha256, received_at, expires_at)
    SELECT id, '', media_type, size, sha256, received_at, received_at - interval '1 day' FROM gone;
END $$;
REVOKE ALL ON FUNCTION erase_words FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0024_found_behind_the_wall"), ("attachments", "0001_initial")]
    operations = [migrations.RunSQL(ERASE, "DROP FUNCTION erase_words")]
