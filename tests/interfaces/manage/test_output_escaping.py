"""What lies in the tables may have come past every form: the administration shows it and never runs it."""

import re
from typing import Any
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup
from django.apps import apps
from django.db import connection, models
from django.test import Client

from bekhedmetkom.cases.models import Event
from bekhedmetkom.catalogue.models import Policy
from bekhedmetkom.entities.models import ChangeRecord
from bekhedmetkom.notifications.subscriber import NotificationSubscriber
from tests.commands.notifications.event_helpers import STREET_LAMP_TEXT, build_fed_event
from tests.personas import Jordan

INJECTION = "\"'></textarea><script>alert(1)</script>{{ 7*7 }}"
EXECUTED_MARKUP = "<script>alert"
PAGES = 60
ROWS = ("entities", "catalogue", "messages", "identity")


def inject_everywhere() -> int:
    """Into every column of free words of what the administration shows; how many columns."""
    spoilt = 0
    for label in ROWS:
        for model in apps.get_app_config(label).get_models():
            if model is Policy or model is ChangeRecord:  # PostgreSQL refuses: these never change
                continue
            for column in model._meta.concrete_fields:
                if _is_free_text(column):
                    most = getattr(column, "max_length", None) or 200
                    if most >= len(INJECTION) + 20:
                        _write_column(model._meta.db_table, str(column.column))
                        spoilt += 1
    return spoilt


def _is_free_text(column: models.Field[Any, Any]) -> bool:
    words = column.name.startswith(("name", "title", "subject", "body", "about", "words", "description"))
    return (
        words
        and isinstance(column, models.CharField | models.TextField)
        and not column.choices
        and not column.unique
    )


def _write_column(table: str, column: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'UPDATE "{table}" SET "{column}" = %s || ctid::text', [INJECTION])  # no two alike


def fetch_pages(client: Client) -> dict[str, str]:
    """The administration as far as links lead, one page of each kind."""
    seen: dict[str, str] = {}
    waiting, kinds = ["/manage/"], set[str]()
    while waiting and len(seen) < PAGES:
        path = waiting.pop(0)
        kind = re.sub(r"\d+", "N", path)
        if kind in kinds:
            continue
        kinds.add(kind)
        answer = client.get(path)
        assert answer.status_code < 500, path
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        seen[path] = answer.content.decode()
        for link in BeautifulSoup(seen[path], "html.parser").select("a[href]"):
            to = urlsplit(urljoin(path, str(link["href"])))
            if to.path.startswith("/manage/") and not to.netloc:
                waiting.append(to.path)
    return seen


def test_scripts_in_names_and_letters_are_words(admin: Client, jordan: Jordan) -> None:
    jordan.submit(STREET_LAMP_TEXT)
    NotificationSubscriber().handle_events([build_fed_event(event) for event in Event.objects.order_by("pk")])
    assert inject_everywhere() >= 6

    found = fetch_pages(admin)

    assert sum("&lt;script&gt;alert(1)" in page for page in found.values()) >= 5
    assert {path for path, page in found.items() if EXECUTED_MARKUP in page} == set()
    assert any(path.startswith("/manage/messages/inspect/") for path in found)
