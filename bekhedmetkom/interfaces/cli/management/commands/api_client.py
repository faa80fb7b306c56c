"""`api-client create NAME --scope SCOPE`, `rotate ID`, `revoke ID`: programs and their keys, each shown once."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand

from bekhedmetkom.identity.commands import CreatedClient, create_client, revoke_client, rotate_key
from bekhedmetkom.identity.rules import DEFAULT_HOURLY_QUOTA
from bekhedmetkom.interfaces.cli.command_errors import convert_refusals
from bekhedmetkom.kernel.actor import CLOCK
from bekhedmetkom.kernel.clock import now


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        create = actions.add_parser("create", help="register a program; prints its id and its key")
        create.add_argument("name")
        create.add_argument("--scope", dest="scopes", action="append", default=[], help="may be given again")
        create.add_argument(
            "--per-hour", type=int, default=DEFAULT_HOURLY_QUOTA, help="how often it may call in an hour"
        )
        rotate = actions.add_parser("rotate", help="a new key; the one before counts for some days more")
        revoke = actions.add_parser("revoke", help="no key of it counts any more")
        for one in (rotate, revoke):
            one.add_argument("client", type=int, metavar="ID")
        for one in (create, rotate):
            one.add_argument("--json", action="store_true", help="print only JSON")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        given: dict[str, Any] = {"actor": CLOCK, "at": now()}
        with convert_refusals():
            match action:
                case "create":
                    made = create_client(
                        name=options["name"], scopes=options["scopes"], per_hour=options["per_hour"], **given
                    )
                case "rotate":
                    made = CreatedClient(options["client"], rotate_key(client=options["client"], **given))
                case _:
                    revoke_client(client=options["client"], **given)
                    self.stdout.write(f"Client {options['client']} is revoked.")
                    return
        said = f"Client {made.id}. Its key, shown this once: {made.key}"
        self.stdout.write(json.dumps(made._asdict()) if options["json"] else said)
