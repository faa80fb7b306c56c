"""`bekhedmetkom box SUB …`: administration of the disclosure box from a terminal."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand

from bekhedmetkom.interfaces.box.tools import due_jobs, escrow, key_rings, manifest, prepare

TOOLS: dict[str, Any] = {
    "work": due_jobs,
    "prepare": prepare,
    "manifest": manifest,
    "escrow": escrow,
    "rings": key_rings,
}


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        subparsers = parser.add_subparsers(dest="word", required=True, metavar="SUB")
        for word, tool in TOOLS.items():
            tool.add_arguments(subparsers.add_parser(word, help=tool.HELP))

    def handle(self, *args: Any, word: str, **options: Any) -> None:
        TOOLS[word].handle(options)
