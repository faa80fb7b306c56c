"""`journal verify [--since DATE]`: replays every journal and names each event that something was changed at."""

import sys
from argparse import ArgumentParser
from datetime import date, datetime, time
from time import monotonic
from typing import Any

from django.core.management import BaseCommand, CommandError

from bekhedmetkom.cases.queries import find_faults, list_case_ranges
from bekhedmetkom.interfaces.cli.process_pool import map_in_processes
from bekhedmetkom.kernel.clock import AMMAN

PROGRESS_STEP = 50_000  # cases, after each of which it says how far it is


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        verify = parser.add_subparsers(dest="action", required=True).add_parser("verify")
        verify.add_argument(
            "--since", type=date.fromisoformat, help="only cases received on this day or later"
        )

    def handle(self, *args: Any, since: date | None, **options: Any) -> None:
        start = datetime.combine(since, time(), AMMAN) if since else None
        checked, faults, began = 0, 0, monotonic()
        parts = list(list_case_ranges(start))
        total = sum(part.cases for part in parts)
        with map_in_processes(find_faults, parts) as found:
            for part, wrong in zip(parts, found, strict=True):
                for fault in wrong:
                    self.stdout.write(str(fault))
                checked, faults = checked + part.cases, faults + len(wrong)
                if checked // PROGRESS_STEP > (checked - part.cases) // PROGRESS_STEP:
                    print(f"{checked:,} of {total:,} cases, {monotonic() - began:.0f} s", file=sys.stderr)
        if faults:
            raise CommandError(f"Faults: {faults}, in {total:,} cases.")
        self.stdout.write(f"{total:,} cases: every journal holds.")
