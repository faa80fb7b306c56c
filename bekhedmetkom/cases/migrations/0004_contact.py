"""What of a citizen's contact is confirmed and preferred, and who finds cases by it before the wall is up."""

import django.db.models.functions.text
from django.db import migrations, models

# E-mails in small letters, by the index. Protected cases open with their own code alone (queries/mine.py).
DOORS = """
CREATE FUNCTION cases_of_contact(
    phones text[], emails text[], numbers text[], moment timestamptz, key uuid, most int,
    OUT case_id uuid, OUT received_at timestamptz) RETURNS SETOF record
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT c.id, c.received_at
   FROM (SELECT p.case_id FROM case_particulars p WHERE p.phone_confirmed AND p.phone = ANY (phones)
         UNION SELECT p.case_id FROM case_particulars p WHERE p.email_confirmed AND lower(p.email) = ANY (emails)
         UNION SELECT p.case_id FROM case_particulars p
               WHERE p.national_number_confirmed AND p.national_number = ANY (numbers)) AS theirs
   JOIN "case" c ON c.id = theirs.case_id
   WHERE moment IS NULL OR (c.received_at, c.id) < (moment, key)
   ORDER BY c.received_at DESC, c.id DESC LIMIT most $$;

CREATE FUNCTION case_of_contact(wanted text, phones text[], emails text[], numbers text[]) RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT c.id FROM "case" c JOIN case_particulars p ON p.case_id = c.id
   WHERE c.reference = wanted AND c.care = 'open'
     AND (p.phone_confirmed AND p.phone = ANY (phones) OR p.email_confirmed AND lower(p.email) = ANY (emails)
          OR p.national_number_confirmed AND p.national_number = ANY (numbers)) $$;

REVOKE ALL ON FUNCTION cases_of_contact, case_of_contact FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0003_the_wall"),
    ]

    operations = [
        migrations.AddField(
            model_name="particulars",
            name="email_confirmed",
            field=models.BooleanField(db_default=False),
        ),
        migrations.AddField(
            model_name="particulars",
            name="full_by_sms",
            field=models.BooleanField(db_default=False),
        ),
        migrations.AddField(
            model_name="particulars",
            name="national_number_confirmed",
            field=models.BooleanField(db_default=False),
        ),
        migrations.AddField(
            model_name="particulars",
            name="phone_confirmed",
            field=models.BooleanField(db_default=False),
        ),
        migrations.AddField(
            model_name="particulars",
            name="tell_by",
            field=models.CharField(blank=True, db_default="", max_length=10),
        ),
        migrations.AddIndex(
            model_name="particulars",
            index=models.Index(
                models.F("phone"), condition=models.Q(("phone_confirmed", True)), name="confirmed_phone"
            ),
        ),
        migrations.AddIndex(
            model_name="particulars",
            index=models.Index(
                django.db.models.functions.text.Lower("email"),
                condition=models.Q(("email_confirmed", True)),
                name="confirmed_email",
            ),
        ),
        migrations.AddIndex(
            model_name="particulars",
            index=models.Index(
                models.F("national_number"),
                condition=models.Q(("national_number_confirmed", True)),
                name="confirmed_national",
            ),
        ),
        migrations.AddConstraint(
            model_name="particulars",
            constraint=models.CheckConstraint(
                condition=models.Q(("tell_by__in", ["", "email", "sms", "none"])), name="tell_by_is_known"
            ),
        ),
        migrations.RunSQL(DOORS),
    ]
