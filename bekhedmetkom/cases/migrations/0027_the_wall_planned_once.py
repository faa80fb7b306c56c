"""The wall before what lies beside a case, in a form that is planned once.

PostgreSQL plans an `EXISTS` in two ways and chooses while it runs. A case's row has many indexes to weigh, so a page of
a list was planned in 1.82 ms instead of 1.65, a case page in 2.81 instead of 2.40.
"""

from django.db import migrations

SEEN = '(SELECT true FROM "case" WHERE "case".id = case_id)'
BEFORE = 'EXISTS (SELECT FROM "case" WHERE "case".id = case_id)'
MINE = "officer_id = (SELECT (let_in_ids('officer'))[1])"


def policies(seen: str) -> str:
    """Each that asks whether the case beside which a row lies may be seen."""
    by_case = [
        ("see", "case_text"), ("see", "case_particulars"), ("correct", "case_particulars"),
        ("see", "case_attachment"), ("mark", "case_attachment"), ("see", "case_presence"),
    ]  # fmt: skip
    return "".join(
        [
            *(f"ALTER POLICY {name} ON {table} USING ({seen});" for name, table in by_case),
            *(
                f"ALTER POLICY own ON {table} USING ({MINE} AND {seen});"
                for table in ("case_draft", "case_follow")
            ),
        ]
    )


class Migration(migrations.Migration):
    dependencies = [("cases", "0026_asked_of_others")]
    operations = [migrations.RunSQL(policies(SEEN), policies(BEFORE))]
