"""`projections rebuild [--check]`: the roll-ups anew from the journal, or whether those in use are what it says."""

from argparse import ArgumentParser
from time import monotonic
from typing import Any

from django.core.management import BaseCommand, CommandError

from bekhedmetkom.analytics.commands import RebuildRunning, find_differences, rebuild_rollups
from bekhedmetkom.interfaces.cli.process_pool import map_in_processes


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        action = parser.add_subparsers(dest="action", required=True).add_parser("rebuild")
        action.add_argument("--check", action="store_true", help="compare them with those in use, which stay")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        try:
            self._rebuild_or_check(check)
        except RebuildRunning as busy:
            raise CommandError("The roll-ups are being made anew already; wait until that is over.") from busy

    def _rebuild_or_check(self, check: bool) -> None:
        if check:
            if found := find_differences(map_in_processes):
                raise CommandError("The roll-ups differ from the journal:\n" + "\n".join(found))
            self.stdout.write("The roll-ups are what the journal says.")
            return
        began = monotonic()
        events = rebuild_rollups(map_in_processes)
        self.stdout.write(f"{events:,} events in {monotonic() - began:.1f} s")
