"""What everybody may read of a case, outside the wall; and pictures that the worker fetches for one."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

# The one way to it: asked anew each time of the case, its topic and whom it complains of. No exact place leaves.
PUBLIC = """
CREATE FUNCTION public_cases(refs text[], topics bigint[], wanted text[], since timestamptz, until timestamptz,
                             moved timestamptz, most int, past int)
    RETURNS TABLE (reference text, state text, kind text, service_id bigint, entity_id bigint, governorate_id bigint,
                   received_at timestamptz, updated_at timestamptz, due_at timestamptz, said text,
                   lat double precision, lng double precision)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    SET plan_cache_mode = force_custom_plan AS
$$ BEGIN
    RETURN QUERY
    SELECT c.reference::text, c.state::text, c.kind::text, c.service_id, c.entity_id, c.governorate_id,
           c.received_at, c.updated_at, c.due_at, t.body,
           round(nullif(p.lat, '')::numeric, 3)::double precision,
           round(nullif(p.lng, '')::numeric, 3)::double precision
    FROM "case" c
        JOIN catalogue_service s ON s.id = c.service_id AND s.public AND s.handling = 'open'
        JOIN case_text t ON (t.case_id, t.seq, t.field) = (c.id, c.released, 'public')
        JOIN case_particulars p ON p.case_id = c.id AND p.about_employee = '' AND p.about_unit = ''
    WHERE c.released > 0 AND c.agreed AND c.care = 'open' AND c.kind <> 'violation'
        AND c.about_officer_id IS NULL AND c.about_unit_id IS NULL AND c.state NOT IN ('withdrawn', 'merged')
        AND (refs IS NULL OR c.reference = ANY (refs)) AND (topics IS NULL OR c.service_id = ANY (topics))
        AND (wanted IS NULL OR c.state = ANY (wanted))
        AND (since IS NULL OR c.received_at >= since) AND (until IS NULL OR c.received_at <= until)
        AND (moved IS NULL OR c.updated_at >= moved)
    ORDER BY c.received_at DESC, c.id DESC LIMIT most OFFSET past;
END $$;
REVOKE ALL ON FUNCTION public_cases FROM PUBLIC;
"""

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
    DELETE FROM case_picture WHERE case_id = erased;
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
    dependencies = [("cases", "0033_answered_last"), ("catalogue", "0003_what_may_be_shown")]
    operations = [
        migrations.AddField("case", "agreed", models.BooleanField(default=False, db_default=False)),
        migrations.AddField("case", "released", models.IntegerField(default=0, db_default=0)),
        migrations.AddIndex(
            "case",
            models.Index(
                F("received_at").desc(), F("id").desc(), name="case_public", condition=Q(released__gt=0)
            ),
        ),
        migrations.CreateModel(
            "PictureToFetch",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey("cases.case", django.db.models.deletion.PROTECT, related_name="+"),
                ),
                ("url", models.CharField(max_length=500)),
                ("next_at", models.DateTimeField()),
                ("tries", models.SmallIntegerField(default=0)),
                ("given_up_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "case_picture",
                "indexes": [models.Index("next_at", name="case_picture_due", condition=Q(given_up_at=None))],
            },
        ),
        migrations.RunSQL(PUBLIC, "DROP FUNCTION public_cases"),
        migrations.RunSQL(ERASE, migrations.RunSQL.noop),
    ]
