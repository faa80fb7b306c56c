"""What the web process hands out, so that a page is let in at the live process."""

from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.core import signing
from django.test import Client
from django.urls import reverse

from bekhedmetkom.identity.models import Officer
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import AMMAN
from bekhedmetkom.live import tokens
from bekhedmetkom.live.rules import Topic
from tests.interfaces.live.permissions import ROWS
from tests.interfaces.permission_table import ANYONE
from tests.personas import NOON, ROLES, Jordan

AT = datetime(2026, 12, 7, 14, 20, tzinfo=AMMAN)


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(Officer.objects.get(pk=actor.id))
    return client


@pytest.mark.django_db
def test_rows(jordan: Jordan) -> None:
    people = {role: jordan.people[name] for name, (role, _body, _unit) in reversed(ROLES.items())}
    address = reverse("live:token")
    for row in ROWS:
        client = Client() if row.role == ANYONE else signed_in(people[Role(row.role)])
        assert client.get(address, {"topics": "desk"}).status_code == row.status, row


@pytest.mark.django_db
def test_token_holds_officer_and_topics(jordan: Jordan) -> None:
    answer = signed_in(jordan.head).get(reverse("live:token"), {"topics": "feed,indicators"})
    assert "no-store" in answer.headers["Cache-Control"]
    address = urlsplit(answer.json()["address"])
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{settings.LIVE_URL}/events"
    query = parse_qs(address.query)
    assert query["topics"] == ["feed,indicators"]
    shown = tokens.parse_token(query["token"][0], NOON)
    assert shown
    assert shown.officer_id == jordan.head.officer_id
    assert shown.topics == {Topic.FEED, Topic.INDICATORS}


@pytest.mark.django_db
@pytest.mark.parametrize(("topics", "status"), [("feed", 403), ("desk,feed", 403), ("", 400), ("all", 400)])
def test_forbidden_topic_is_refused(jordan: Jordan, topics: str, status: int) -> None:
    client = signed_in(jordan.roads_officer)
    assert client.get(reverse("live:token"), {"topics": topics}).status_code == status


@pytest.mark.django_db
def test_only_officer_pages_may_connect_to_live(jordan: Jordan) -> None:
    policy = signed_in(jordan.head).get("/desk?queue=entity").headers["Content-Security-Policy"]
    assert f"connect-src 'self' {settings.LIVE_URL};" in f"{policy};"
    assert settings.LIVE_URL not in Client().get("/").headers["Content-Security-Policy"]


def test_token_expires() -> None:
    token = tokens.create_token(7, [Topic.DESK], AT)
    assert tokens.parse_token(token, AT + tokens.TOKEN_LIFETIME - timedelta(seconds=1))
    assert tokens.parse_token(token, AT + tokens.TOKEN_LIFETIME) is None


@pytest.mark.parametrize("salt", ["", "messages.unsubscribe"])
def test_token_with_other_purpose_is_rejected(salt: str) -> None:
    until = int((AT + tokens.TOKEN_LIFETIME).timestamp())
    assert tokens.parse_token(signing.dumps([7, ["desk"], until], salt=salt), AT) is None
