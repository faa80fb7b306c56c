"""A sender that is killed outright while the mail server has a letter of its: nobody gets it twice, the rest go out."""

import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

from psycopg.conninfo import make_conninfo

from bekhedmetkom.notifications.commands import send_due_messages
from bekhedmetkom.notifications.models import Message
from tests.commands.notifications.event_helpers import create_email
from tests.commands.notifications.smtp_server import SmtpServer
from tests.personas import NOON

SENDER = f"""
import django; django.setup()
from datetime import datetime
from bekhedmetkom.notifications.commands import send_due_messages
send_due_messages(datetime.fromisoformat({NOON.isoformat()!r}))
"""


def test_killed_sender_leaves_message_in_doubt(
    server: tuple[str, str], committed_db: str, mail: SmtpServer, tmp_path: Path
) -> None:
    for number in range(4):
        create_email(address=f"sama{number}@example.jo")
    mail.silent_after = 2
    environment = os.environ | {
        "DATABASE_URL": make_conninfo(server[0], dbname=committed_db), "SMTP_URL": mail.url, "BK_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "bekhedmetkom.config.settings",
    }  # fmt: skip
    with subprocess.Popen([sys.executable, "-c", SENDER], env=environment) as sender:
        until = time.monotonic() + 60
        while len(mail.letters) < 2 and time.monotonic() < until:
            time.sleep(0.05)
        sender.kill()
    mail.silent_after = None
    assert states() == ["sent", "sending", "queued", "queued"]

    assert send_due_messages(NOON) == 2
    assert send_due_messages(NOON + timedelta(minutes=5)) == 1
    assert states() == ["sent", "parked", "sent", "sent"]
    assert [to for _, to, _ in mail.letters] == [f"TO:<sama{number}@example.jo>" for number in range(4)]


def states() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("state", flat=True))
