"""`messenger profile` sets up the page, `subscribe` its events, `resume` restarts sending after a stop."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from bekhedmetkom.messenger.commands import set_up_profile, subscribe_webhook
from bekhedmetkom.notifications.commands import resume_messenger
from bekhedmetkom.notifications.rules.messenger import ApiResult


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["profile", "subscribe", "resume"])

    def handle(self, *args: Any, **options: Any) -> None:
        if options["what"] == "resume":
            resume_messenger()
            self.stdout.write("What waits goes out with the worker's next look.")
            return
        if not settings.MESSENGER_PAGE_TOKEN:
            raise CommandError("MESSENGER_PAGE_TOKEN is not set.")
        response = set_up_profile() if options["what"] == "profile" else subscribe_webhook()
        if response.result is not ApiResult.SENT:
            raise CommandError(f"Messenger did not take it: code {response.code}.")
        self.stdout.write("Done.")
