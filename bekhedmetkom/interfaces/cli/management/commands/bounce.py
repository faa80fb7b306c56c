"""`bounce --to ADDRESS`: takes in, on standard input, a mail that came back; the mail server calls it for each."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import DatabaseError

from bekhedmetkom.kernel.clock import now
from bekhedmetkom.notifications.commands import process_bounce

MAX_MAIL_BYTES = 4 * 1024 * 1024  # bytes; a report with the whole letter is far smaller
EX_TEMPFAIL = 75  # EX_TEMPFAIL: the mail server keeps the mail and calls again


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", required=True, metavar="ADDRESS", help="where the mail came back to")

    def handle(self, *args: Any, to: str, **options: Any) -> None:
        try:
            failed = process_bounce(raw=sys.stdin.buffer.read(MAX_MAIL_BYTES), came_to=to, at=now())
        except DatabaseError as problem:
            raise CommandError(
                "The database does not answer; try again.", returncode=EX_TEMPFAIL
            ) from problem
        self.stdout.write("A message has failed." if failed else "Nothing to write down.")
