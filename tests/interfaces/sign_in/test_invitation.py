"""An invited officer chooses a password by a link that works once."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from bekhedmetkom.identity import commands
from bekhedmetkom.identity.models import Officer
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.kernel.actor import CLOCK
from tests.officer_factories import PASSWORD, create_body, create_officer

from .conftest import SINCE
from .sign_in_requests import is_signed_in, sign_in

pytestmark = pytest.mark.django_db
NEW = "a passphrase of my own"


@pytest.fixture
def invited() -> Officer:
    return create_officer(Role.MAIN_OFFICER, create_body("PM"), since=SINCE, email="main@example.jo")


def invite(who: Officer, at: datetime | None = None) -> str:
    return "/invitation/" + commands.invite_officer(officer=who.pk, actor=CLOCK, at=at or datetime.now(UTC))


def test_the_link_lets_the_officer_in_once(client: Client, invited: Officer) -> None:
    link = invite(invited)
    assert "ليلى حداد" in client.get(link).content.decode()
    assert "Layla Haddad" in client.get(f"/en{link}").content.decode()

    answer = client.post(link, {"password": NEW})
    assert answer["Location"] == "/sign-in"
    assert "كلمة السر جاهزة" in client.get("/sign-in").content.decode()
    sign_in(client, password=NEW)
    assert is_signed_in(client)

    assert Client().get(link).status_code == 410
    assert Client().post(link, {"password": PASSWORD}).status_code == 410
    invited.refresh_from_db()
    assert invited.check_password(NEW)


def test_a_weak_password_does_not_use_the_link_up(client: Client, invited: Officer) -> None:
    link = invite(invited)
    assert "قصيرة" in client.post(link, {"password": "short"}).content.decode()
    assert client.post(link, {"password": NEW}).status_code == 302


def test_an_old_a_replaced_and_an_invented_link_look_alike(client: Client, invited: Officer) -> None:
    old = invite(invited, datetime.now(UTC) - timedelta(days=8))
    replaced = invite(invited)
    good = invite(invited)
    invented = f"{good.partition('.')[0]}.{'x' * 43}"

    for link in (old, replaced, invented, "/invitation/x", "/invitation/..", f"/invitation/{'x' * 500}"):
        answer = client.get(link)
        assert answer.status_code == 410
        assert "هذا الرابط لم يعد صالحًا" in answer.content.decode()
    assert client.get(good).status_code == 200


def test_a_new_invitation_ends_sessions_once_it_is_used(client: Client, invited: Officer) -> None:
    client.post(invite(invited), {"password": NEW})
    sign_in(client, password=NEW)
    assert is_signed_in(client)

    Client().post(invite(invited), {"password": PASSWORD})

    assert not is_signed_in(client)
