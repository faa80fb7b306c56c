"""`journal verify [--since DATE]`: replays every journal and names each event that something was changed at."""

from argparse import ArgumentParser
from datetime import date, datetime, time
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import connection

from bekhedmetkom.cases.queries import verify_journal
from bekhedmetkom.kernel.clock import AMMAN


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        verify = parser.add_subparsers(dest="action", required=True).add_parser("verify")
        verify.add_argument(
            "--since", type=date.fromisoformat, help="only cases received on this day or later"
        )

    def handle(self, *args: Any, since: date | None, **options: Any) -> None:
        start = datetime.combine(since, time(), AMMAN) if since else None
        faults = 0
        for fault in verify_journal(start):
            self.stdout.write(str(fault))
            faults += 1
        if faults:
            raise CommandError(f"Faults: {faults}, in {_checked(start):,} cases.")
        self.stdout.write(f"{_checked(start):,} cases: every journal holds.")


def _checked(start: datetime | None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT count(*) FROM "case" WHERE %s::timestamptz IS NULL OR received_at >= %s', [start, start]
        )
        return int(cursor.fetchone()[0])
