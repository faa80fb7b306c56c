"""The hash by which a repeated submission is known goes too: a text that somebody guesses could be told by it."""

from django.db import migrations

ERASE = """
CREATE OR REPLACE FUNCTION erase_words(erased uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS
$$ BEGIN
    IF NOT EXISTS (SELECT FROM "case" c JOIN event e ON (e.case_id, e.seq) = (c.id, c.seq)
                   WHERE c.id = erased AND e.kind = 'citizen.erased') THEN
        RAISE EXCEPTION 'nobody has erased case %', erased;
    END IF;
    DELETE FROM case_text WHERE case_id = erased;
    DELETE FROM case_draft WHERE case_id = erased;
    DELETE FROM case_search WHERE case_id = erased;
    UPDATE idempotency SET body_hash = '' WHERE "case" = erased;
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
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0030_answered_by_body")]
    operations = [migrations.RunSQL(ERASE, migrations.RunSQL.noop)]
