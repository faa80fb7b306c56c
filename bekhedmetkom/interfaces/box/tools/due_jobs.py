"""`box work`: run all due jobs once. The box process does so by itself every minute."""

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from bekhedmetkom.disclosures.commands import run_due_jobs
from bekhedmetkom.kernel.clock import now

HELP = "run due jobs: emails, deadlines, erasure, row shuffling, counts"


def add_arguments(parser: ArgumentParser) -> None:
    """There are none."""


def handle(options: Mapping[str, Any]) -> None:
    """Run the jobs and print their names."""
    for job in run_due_jobs(now()):
        print(job)
