"""Answers that everybody may read are found by the words in which the desk published them, and by no others."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import migrations
from django.db.models import Q

# Whatever is found is asked of `public_cases` anew; no words of the citizen's are looked into.
ANSWERS = """
CREATE FUNCTION public_answers(refs text[], wanted tsquery, states text[], most int)
    RETURNS TABLE (reference text, kind text, service_id bigint, entity_id bigint, answered_at timestamptz,
                   said text, answer text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ BEGIN
    RETURN QUERY
    SELECT p.reference, p.kind, p.service_id, p.entity_id, coalesce(c.answered_at, c.updated_at), p.said, t.body
    FROM public_cases(
            coalesce(refs, ARRAY(SELECT k.reference FROM case_search s JOIN "case" k ON k.id = s.case_id
                                 WHERE s.published @@ wanted ORDER BY s.received_at DESC LIMIT most)),
            NULL, states, NULL, NULL, NULL, most, 0) p
        JOIN "case" c ON c.reference = p.reference
        JOIN case_text t ON (t.case_id, t.seq, t.field) = (c.id, c.released, 'public_answer');
END $$;
REVOKE ALL ON FUNCTION public_answers FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0036_one_of_many")]
    operations = [
        migrations.AddField("casesearch", "published", SearchVectorField(null=True)),
        migrations.AddIndex(
            "casesearch",
            GinIndex(
                fields=["published"], name="case_search_published", condition=Q(published__isnull=False)
            ),
        ),
        migrations.RunSQL(ANSWERS, "DROP FUNCTION public_answers"),
    ]
