"""`work`: the worker process; `work --once` does everything due and ends."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand

from bekhedmetkom.interfaces.jobs import worker
from bekhedmetkom.interfaces.jobs.due_jobs import DueJobs
from bekhedmetkom.kernel import clock
from bekhedmetkom.notifications.senders import close_gateways


class Command(BaseCommand):
    help = "Follow the journal and run jobs until told to stop; with --once do everything due, then end."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do everything due, then end")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        if once:
            self.stdout.write(f"{DueJobs().run_until_done(clock.now())} done")
            close_gateways()
        else:
            worker.run_worker()
