"""`bekhedmetkom box SUB …`: what is done with the sealed box from a terminal. One module of `tools` a word."""

from argparse import ArgumentParser
from importlib import import_module
from typing import Any

from django.core.management import BaseCommand

TOOLS = ("work", "prepare", "manifest", "escrow", "rings")


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        words = parser.add_subparsers(dest="word", required=True, metavar="SUB")
        for word in TOOLS:
            tool = _load_tool(word)
            tool.add_arguments(words.add_parser(word, help=tool.HELP))

    def handle(self, *args: Any, word: str, **options: Any) -> None:
        _load_tool(word).handle(options)


def _load_tool(word: str) -> Any:
    return import_module(f"bekhedmetkom.interfaces.box.tools.{word}")
