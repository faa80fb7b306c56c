"""`letter --to ADDRESS`: takes in, on standard input, a letter that answers ours; the mail server calls it for each."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import DatabaseError

from bekhedmetkom.attachments.rules import TemporaryFailure
from bekhedmetkom.kernel.clock import now
from bekhedmetkom.notifications.commands import process_email_reply
from bekhedmetkom.notifications.commands.email_replies import MAX_EMAIL_BYTES

EX_TEMPFAIL = 75  # EX_TEMPFAIL: the mail server keeps the mail and calls again


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--to", required=True, metavar="ADDRESS", help="the reply address that it came to"
        )

    def handle(self, *args: Any, to: str, **options: Any) -> None:
        try:
            end = process_email_reply(raw=sys.stdin.buffer.read(MAX_EMAIL_BYTES + 1), came_to=to, at=now())
        except DatabaseError as problem:
            raise CommandError(
                "The database does not answer; try again.", returncode=EX_TEMPFAIL
            ) from problem
        except TemporaryFailure as problem:
            raise CommandError(
                "Its files cannot be looked at now; try again.", returncode=EX_TEMPFAIL
            ) from problem
        self.stdout.write(str(end))
