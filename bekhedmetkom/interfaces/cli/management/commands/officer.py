"""`officer create EMAIL --role ROLE [--entity CODE]`: an officer with a role, and the link to choose a password.

`officer import FILE` does it for every row of a sheet, and prints a sheet of the links."""

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse

from bekhedmetkom.identity.commands import create_officer, grant_role, import_officers, invite_officer
from bekhedmetkom.identity.commands.officer_import import COLUMNS, find_body_and_unit
from bekhedmetkom.identity.queries import find_officer_by_email
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.interfaces.cli.command_errors import convert_refusals
from bekhedmetkom.kernel.actor import CLOCK
from bekhedmetkom.kernel.clock import now


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        sheet = actions.add_parser("import", help=f"CSV in UTF-8 with the columns {', '.join(COLUMNS)}")
        sheet.add_argument("file", type=Path)
        create = actions.add_parser("create")
        create.add_argument("email")
        create.add_argument("--role", required=True, choices=[str(role) for role in Role])
        create.add_argument("--entity", default="", metavar="CODE")
        create.add_argument("--unit", default="", metavar="CODE")
        create.add_argument(
            "--name", default="", help="as it is written in Arabic; else the address stands for it"
        )

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        if action == "import":
            self._import(options["file"])
        else:
            self._create(**options)

    def _import(self, file: Path) -> None:
        """The links, once: nobody keeps them."""
        try:
            sheet = file.read_bytes()
        except OSError as trouble:
            raise CommandError(f"{file}: {trouble.strerror}") from trouble
        with convert_refusals():
            joined = import_officers(sheet=sheet, actor=CLOCK, at=now())
        out = csv.writer(self.stdout, lineterminator="\n")
        out.writerow(["email", "name", "link, valid for seven days, once"])
        out.writerows([one.email, one.name_ar, _build_invitation_url(one.invitation)] for one in joined)

    def _create(self, email: str, role: str, name: str, **options: Any) -> None:
        """One who is there already gets the role beside those held, and a fresh link."""
        at = now()
        with convert_refusals(), transaction.atomic():
            entity, unit = find_body_and_unit(options["entity"], options["unit"], at)
            officer = find_officer_by_email(email) or create_officer(
                email=email, name_ar=name or email.partition("@")[0], actor=CLOCK, at=at
            )
            grant_role(officer=officer, role=role, entity=entity, unit=unit, actor=CLOCK, at=at)
            link = invite_officer(officer=officer, actor=CLOCK, at=at)
        self.stdout.write(f"Valid for seven days, once: {_build_invitation_url(link)}")


def _build_invitation_url(invitation: str) -> str:
    return f"{settings.PUBLIC_URL}{reverse('invitation', args=[invitation])}" if invitation else ""
