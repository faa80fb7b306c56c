"""How many people reported a problem: each once, however many cases they brought."""

from collections.abc import Collection

from django.db import connection


def count_people(problems: Collection[int]) -> None:
    """Count anew, for these problems."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [sorted(problems)])


# Whoever left no telephone or address counts as somebody else in each case.
COUNT = """
UPDATE problems_problem SET reported = counted.people
FROM (SELECT p.id, count(DISTINCT coalesce(nullif(w.phone, ''), nullif(lower(w.email), ''), c.id::text)) AS people
      FROM problems_problem p
          LEFT JOIN "case" c ON c.problem_id = p.id AND c.state NOT IN ('withdrawn', 'merged')
          LEFT JOIN case_particulars w ON w.case_id = c.id
      WHERE p.id = ANY (%s) GROUP BY p.id) counted
WHERE counted.id = problems_problem.id AND reported <> counted.people
"""
