"""`api-client create NAME --scope SCOPE`: register a program; its key is shown this once."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand

from bekhedmetkom.identity.commands import create_client
from bekhedmetkom.interfaces.cli.asked import in_one_sentence
from bekhedmetkom.kernel.actor import CLOCK
from bekhedmetkom.kernel.clock import now


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        create = parser.add_subparsers(dest="action", required=True).add_parser("create")
        create.add_argument("name")
        create.add_argument("--scope", dest="scopes", action="append", default=[], help="may be given again")
        create.add_argument("--json", action="store_true", help="print only JSON")

    def handle(self, *args: Any, name: str, scopes: list[str], **options: Any) -> None:
        with in_one_sentence():
            client, key = create_client(name=name, scopes=scopes, actor=CLOCK, at=now())
        made = json.dumps({"id": client, "key": key})
        self.stdout.write(made if options["json"] else f"Client {client}. Its key, shown this once: {key}")
