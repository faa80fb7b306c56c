"""What is gathered into one e-mail while others hold or write lines of the same bell."""

from datetime import timedelta

import psycopg
from django.db import connection

from bekhedmetkom.notifications.commands import send_grouped_emails
from bekhedmetkom.notifications.models import Notice
from bekhedmetkom.notifications.rules.inbox import MAX_EMAILS_PER_HOUR
from tests.commands.notifications.event_helpers import STREET_LAMP_TEXT, run_subscriber
from tests.commands.notifications.test_inbox import mails_to
from tests.personas import HOUR, NOON, Jordan


def test_locked_line_is_left_for_the_next_grouped_email(committed_jordan: Jordan) -> None:
    """As an officer does who opens the bell just then, or a second worker."""
    jordan, server = committed_jordan, connection.settings_dict
    for number in range(MAX_EMAILS_PER_HOUR + 3):
        jordan.create_assigned_case(STREET_LAMP_TEXT, at=NOON + timedelta(seconds=number))
    run_subscriber()
    held = Notice.objects.exclude(mail_at=None).latest("pk")
    with (
        psycopg.connect(
            host=server["HOST"],
            user=server["USER"],
            dbname=server["NAME"],
            password=server["PASSWORD"] or None,
        ) as other,
        connection.cursor() as cursor,
    ):
        cursor.execute("SET lock_timeout = '1s'")
        other.execute("SELECT FROM notifications_notice WHERE id = %s FOR UPDATE", [held.pk])
        assert send_grouped_emails(NOON + 2 * HOUR) == 1
        assert list(Notice.objects.exclude(mail_at=None)) == [held]
        other.rollback()
        assert send_grouped_emails(NOON + 2 * HOUR) == 1
    told = [
        mail.body.split("طلب صار عندك: ")[1].split(" (")[0]
        for mail in mails_to(jordan.roads_officer)[MAX_EMAILS_PER_HOUR:]
    ]
    assert told == ["طلبان", "طلب واحد"]
