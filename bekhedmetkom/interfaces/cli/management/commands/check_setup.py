"""`check-setup`: what a production installation still lacks, one line each; exit code 1 when there is anything."""

import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import DatabaseError, connection

from bekhedmetkom.identity.queries import list_role_holders
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.kernel.clock import now
from bekhedmetkom.notifications.queries import find_messenger_stop

ALLOWED_LOG_SETTINGS = {
    "log_min_messages": {"log", "fatal", "panic"},
    "log_min_error_statement": {"panic"},
    "log_parameter_max_length": {"0"},
    "log_parameter_max_length_on_error": {"0"},
    "log_error_verbosity": {"terse"},
    "log_statement": {"none", "ddl"},
}


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        lacking = [*_check_environment(), *_check_database()]
        for line in lacking:
            self.stdout.write(f"- {line}")
        if lacking:
            raise CommandError(f"{len(lacking)} to mend before people's cases are safe here.")
        self.stdout.write("Nothing is lacking.")


def _check_environment() -> Iterator[str]:
    if not settings.DATABASE_URL:
        yield "DATABASE_URL is not set: the embedded PostgreSQL is for a first look and has no backups."
    elif not (os.environ.get("WEB_DATABASE_URL") and os.environ.get("WORKER_DATABASE_URL")):
        yield (
            "WEB_DATABASE_URL or WORKER_DATABASE_URL is not set: that process signs in as the owner of the tables and "
            "only steps down, so whoever got into it could step up again."
        )
    if settings.DEMO:
        yield "DEMO is on: officers sign in without a second factor, and invented cases stand among real ones."
    if not settings.HTTPS:
        yield "PUBLIC_URL is not https: what people write could be read on the way."
    elif not settings.LIVE_URL.startswith("https:"):
        yield "LIVE_URL is not https: no browser lets a page of ours listen there, and pages ask instead."
    if not settings.TRUSTED_PROXIES:
        yield "TRUSTED_PROXIES is empty: behind a proxy everybody would share one address, and its limits."
    if urlsplit(settings.PUBLIC_URL).hostname not in settings.ALLOWED_HOSTS:
        yield "ALLOWED_HOSTS lacks the host of PUBLIC_URL: nobody would be answered."
    if not settings.METRICS_TOKEN:
        yield "METRICS_TOKEN is not set: no monitor can see how it goes."
    yield from _check_messaging()
    if (settings.BK_HOME / "secrets").exists() and (settings.BK_HOME / "secrets").stat().st_mode & 0o077:
        yield f"{settings.BK_HOME / 'secrets'} can be read by others: its mode should be 0700."


def _check_messaging() -> Iterator[str]:
    if not settings.SMTP_URL:
        yield "SMTP_URL is not set: e-mail is kept and never sent."
    elif not settings.MAIL_RETURN:
        yield "MAIL_RETURN is not set: mail that comes back tells us nothing, and nobody is called."
    if settings.SMTP_URL and not settings.MAIL_REPLY:
        yield "MAIL_REPLY is not set: whoever answers our letters answers nobody."
    if settings.SMS_REPLIES and not settings.SMS_SENDER.lstrip("+").isdigit():
        yield "SMS_REPLIES is on, but SMS_SENDER is a name: people cannot answer it."
    if not settings.SMS_URL:
        yield "SMS_URL is not set: SMS are kept and never sent, and nobody without e-mail can confirm who they are."
    elif urlsplit(settings.SMS_URL).scheme not in ("https", "smpps"):
        yield "SMS_URL is not encrypted: codes could be read on the way, unless the line to the gateway is private."
    if settings.SMS_URL.startswith("http") and not settings.SMS_RECEIPT_TOKEN:
        yield "SMS_RECEIPT_TOKEN is not set: an SMS that does not arrive stays unknown."
    messenger = (
        settings.MESSENGER_APP_SECRET,
        settings.MESSENGER_VERIFY_TOKEN,
        settings.MESSENGER_PAGE_TOKEN,
    )
    if any(messenger) and not all(messenger):
        yield "Messenger needs MESSENGER_APP_SECRET, MESSENGER_VERIFY_TOKEN and MESSENGER_PAGE_TOKEN: one is not set."


def _check_database() -> Iterator[str]:
    try:
        with connection.cursor() as cursor:
            for name, wanted in ALLOWED_LOG_SETTINGS.items():
                cursor.execute("SELECT current_setting(%s)", [name])
                (found,) = cursor.fetchone()
                if found not in wanted:
                    yield f"PostgreSQL has {name} = {found}: people's words could end in its log."
            cursor.execute("SHOW fsync")
            (fsync,) = cursor.fetchone()
            if fsync != "on":
                yield "PostgreSQL has fsync off: a power cut would lose cases."
        if stop := find_messenger_stop(now()):
            yield f"Messenger has stopped with code {stop.code}: what waits goes out once MESSENGER_PAGE_TOKEN counts."
        if not list_role_holders(Role.ADMINISTRATOR, None, at=now()):
            yield "There is no administrator: officer create EMAIL --role administrator makes the first."
        if not list_role_holders(Role.PM_UNIT, None, at=now()):
            yield "Nobody holds the role pm_unit: cases whose body is unsure would wait for nobody."
    except DatabaseError as problem:
        yield f"The database does not answer: {str(problem).strip().splitlines()[0]}"
