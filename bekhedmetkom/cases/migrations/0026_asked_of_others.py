"""What is asked of another unit or body by a day; and the wall lets in whose body was asked, if it is not need-to-know.

A unit that is asked belongs to the case's own body or to one that was asked: to the wall a body is enough.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models import Index, Q

SEE = """
ALTER POLICY see ON "case" USING (CASE
    WHEN about_officer_id = ANY ((SELECT let_in_ids('above'))::bigint[])
        OR about_unit_id = ANY ((SELECT let_in_ids('within'))::bigint[]) THEN id = ANY (let_in_cases())
    WHEN care = ANY ((SELECT let_in_words('knows'))::text[])
        AND (entity_id = ANY ((SELECT let_in_ids('bodies'))::bigint[])
             OR current_setting('bk.everywhere', true) = 'yes') THEN true
    WHEN (let_in_ids('officer'))[1] IN (officer_id, reviewer_id) THEN true
    {asked}ELSE id = ANY (let_in_cases()) END);
"""
ASKED = "WHEN care = 'open' AND bodies_asked && (SELECT let_in_ids('bodies'))::bigint[] THEN true\n    "


def ids(of: type[models.Field] = models.BigIntegerField) -> ArrayField:
    return ArrayField(of(), default=list, db_default=[])


class Migration(migrations.Migration):
    dependencies = [("cases", "0025_erased_by_their_citizen")]
    operations = [
        migrations.AddField("case", "tasks", ids(models.IntegerField)),
        migrations.AddField("case", "tasks_due", ids(models.DateTimeField)),
        migrations.AddField("case", "units_asked", ids()),
        migrations.AddField("case", "bodies_asked", ids()),
        migrations.RemoveIndex("case", "case_instructed"),
        migrations.AddIndex(
            "case",
            Index("entity", "id", name="case_asked_by_day", condition=~Q(instructions=[]) | ~Q(tasks=[])),
        ),
        migrations.RunSQL(SEE.format(asked=ASKED), SEE.format(asked="")),
    ]
