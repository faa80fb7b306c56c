"""`token create --officer EMAIL --scope SCOPE`: a token for an officer's own program; it is shown this once."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from bekhedmetkom.identity.commands import issue_token
from bekhedmetkom.identity.queries import find_officer_by_email
from bekhedmetkom.interfaces.cli.command_errors import convert_refusals
from bekhedmetkom.kernel.actor import CLOCK
from bekhedmetkom.kernel.clock import now


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        create = parser.add_subparsers(dest="action", required=True).add_parser("create")
        create.add_argument("--officer", required=True, metavar="EMAIL")
        create.add_argument("--scope", dest="scopes", action="append", default=[], help="may be given again")
        create.add_argument("--json", action="store_true", help="print only JSON")

    def handle(self, *args: Any, officer: str, scopes: list[str], **options: Any) -> None:
        if (found := find_officer_by_email(officer)) is None:
            raise CommandError(f"No officer has the address {officer}.")
        with convert_refusals():
            token = issue_token(officer=found, scopes=scopes, actor=CLOCK, at=now())
        self.stdout.write(json.dumps({"token": token}) if options["json"] else f"Shown this once: {token}")
