"""Readiness names what is missing; figures are for who holds the token."""

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.interfaces.health.permissions import ROWS
from tests.interfaces.permission_table import Row


@pytest.mark.django_db
@pytest.mark.parametrize("row", ROWS, ids=str)
def test_row(row: Row, client: Client) -> None:
    assert client.get(reverse(row.route)).status_code == row.status


@pytest.mark.django_db
def test_not_ready_without_worker(client: Client) -> None:
    assert client.get("/readyz").json() == {"ready": False, "missing": ["worker"]}


@pytest.mark.django_db
def test_ready_with_live_worker(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    assert client.get("/readyz").json() == {"ready": True, "missing": []}


@pytest.mark.django_db
def test_silent_worker_is_reported(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '2 minutes')"
        )
    assert client.get("/readyz").status_code == 503


@pytest.mark.django_db
def test_metrics_require_the_token(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = "figures please"
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
    shown = client.get("/metrics", headers={"Authorization": "Bearer figures please"}).content.decode()
    assert 'bekhedmetkom_messages{state="parked"} 0.0' in shown
    assert "bekhedmetkom_worker_heartbeat_age_seconds 0" in shown
