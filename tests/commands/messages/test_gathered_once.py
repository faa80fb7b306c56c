"""What is gathered into one e-mail while others hold or write lines of the same bell."""

from datetime import timedelta

import psycopg
from django.db import connection

from bekhedmetkom.messages.commands import gather
from bekhedmetkom.messages.models import Notice
from bekhedmetkom.messages.rules.news import MOST
from tests.commands.messages.feeding import LAMP, follow
from tests.commands.messages.test_bell import mails_to
from tests.personas import HOUR, NOON, Jordan


def test_a_line_that_somebody_holds_stops_no_e_mail_and_is_in_the_next(committed_jordan: Jordan) -> None:
    """As an officer does who opens the bell just then, or a second worker."""
    jordan, server = committed_jordan, connection.settings_dict
    for number in range(MOST + 3):
        jordan.in_hand(LAMP, at=NOON + timedelta(seconds=number))
    follow()
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
        other.execute("SELECT FROM messages_notice WHERE id = %s FOR UPDATE", [held.pk])
        assert gather(NOON + 2 * HOUR) == 1
        assert list(Notice.objects.exclude(mail_at=None)) == [held]
        other.rollback()
        assert gather(NOON + 2 * HOUR) == 1
    told = [
        mail.body.split("طلب صار عندك: ")[1].split(" (")[0] for mail in mails_to(jordan.roads_officer)[MOST:]
    ]
    assert told == ["طلبان", "طلب واحد"]
