"""`box work`: everything that is due, once. The box's process does it by itself each minute."""

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from bekhedmetkom.disclosures.commands import run_due_jobs
from bekhedmetkom.kernel.clock import now

HELP = "do what is due: letters, dates, erasure, mixing, counts"


def add_arguments(parser: ArgumentParser) -> None:
    """None."""


def handle(options: Mapping[str, Any]) -> None:
    """Says what was done."""
    for what in run_due_jobs(now()):
        print(what)
