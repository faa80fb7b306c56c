"""Officers sign in with e-mail and password: where it leads, and what a wrong try gives away."""

import re
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.hashers import get_hasher
from django.test import Client

from bekhedmetkom.identity.models import Membership, Officer
from bekhedmetkom.identity.rules import Role
from tests.officer_factories import PASSWORD, create_body, create_officer

from .conftest import SINCE
from .sign_in_requests import EMAIL, is_signed_in, sign_in

pytestmark = pytest.mark.django_db


def test_an_officer_is_led_to_the_desk_and_an_administrator_to_the_administration(
    main_officer: Officer,
) -> None:
    create_officer(Role.ADMINISTRATOR, since=SINCE, email="admin@example.jo", password=PASSWORD)

    assert sign_in(Client())["Location"] == "/desk"
    assert sign_in(Client(), path="/en/sign-in")["Location"] == "/en/desk"
    assert sign_in(Client(), "admin@example.jo")["Location"] == "/manage/"


def test_capitals_and_spaces_in_the_address_do_not_matter(client: Client, main_officer: Officer) -> None:
    sign_in(client, " Main@Example.JO ")
    assert is_signed_in(client)


@pytest.mark.parametrize(
    ("target", "lands"),
    [
        ("/desk/cases/BK-7F3K-92MD", "/desk/cases/BK-7F3K-92MD"),
        ("https://evil.example/", "/desk"),
        ("//evil.example/", "/desk"),
        ("/\\evil.example", "/desk"),
        ("http://testserver/desk/cases/1", "/desk"),
        ("javascript:alert(1)", "/desk"),
    ],
)
def test_next_leads_to_our_own_paths_only(
    client: Client, main_officer: Officer, target: str, lands: str
) -> None:
    answer = client.post("/sign-in", {"login": EMAIL, "password": PASSWORD, "next": target})
    assert answer["Location"] == lands


WRONG = [
    ("nobody@example.jo", "not the passphrase"),
    ("gone@example.jo", PASSWORD),
    ("invited@example.jo", "not the passphrase"),
]


@pytest.fixture
def all_sorts(main_officer: Officer) -> None:
    """Beside the one who can sign in: one who was deactivated, and one who never chose a password."""
    gone = create_officer(
        Role.MAIN_OFFICER, create_body("MOH"), since=SINCE, email="gone@example.jo", password=PASSWORD
    )
    Officer.objects.filter(pk=gone.pk).update(is_active=False)
    create_officer(Role.MAIN_OFFICER, create_body("MOE"), since=SINCE, email="invited@example.jo")


@pytest.mark.usefixtures("all_sorts")
@pytest.mark.parametrize(("email", "password"), WRONG)
def test_the_page_does_not_tell_whether_an_address_is_known(email: str, password: str) -> None:
    def page(email: str, password: str) -> str:
        answer = sign_in(Client(), email, password)
        assert answer.status_code == 200
        return re.sub(
            r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode().replace(email, "")
        )

    assert page(email, password) == page(EMAIL, "not the passphrase")


@pytest.mark.usefixtures("all_sorts")
@pytest.mark.parametrize(("email", "password"), [*WRONG, (EMAIL, "not the passphrase")])
def test_every_wrong_try_costs_one_round_of_hashing(
    monkeypatch: pytest.MonkeyPatch, email: str, password: str
) -> None:
    """So the time does not tell either: hashing is what takes time here."""
    rounds = []
    hasher = type(get_hasher())
    hashed = hasher.encode

    def counted(self: Any, password: str, salt: str, *args: object) -> str:
        rounds.append(password)
        return hashed(self, password, salt, *args)

    monkeypatch.setattr(hasher, "encode", counted)

    sign_in(Client(), email, password)

    assert len(rounds) == 1


def test_who_holds_no_role_today_is_told_so_and_is_not_in(client: Client, main_officer: Officer) -> None:
    Membership.objects.update(valid_until=date(2021, 1, 1))

    answer = client.post("/sign-in", {"login": EMAIL, "password": PASSWORD}, follow=True)

    assert "ليس لك دور قائم اليوم" in answer.content.decode()
    assert not is_signed_in(client)


def test_a_session_ends_with_the_last_role(client: Client, main_officer: Officer) -> None:
    sign_in(client)
    assert is_signed_in(client)

    Membership.objects.update(valid_until=date(2021, 1, 1))

    assert not is_signed_in(client)


def test_a_session_ends_when_the_account_is_deactivated(client: Client, main_officer: Officer) -> None:
    sign_in(client)
    Officer.objects.update(is_active=False)

    assert not is_signed_in(client)


def test_signing_out_takes_a_post(client: Client, main_officer: Officer) -> None:
    sign_in(client)
    assert client.get("/sign-out").status_code == 405
    assert is_signed_in(client)

    assert client.post("/sign-out")["Location"] == "/sign-in"
    assert not is_signed_in(client)


def test_a_new_password_ends_every_other_session(main_officer: Officer) -> None:
    here, elsewhere = Client(), Client()
    sign_in(here)
    sign_in(elsewhere)

    new = {"current": PASSWORD, "password": "another long passphrase"}
    assert here.post("/account/password", new)["Location"] == "/account"

    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)
    sign_in(elsewhere, password="another long passphrase")
    assert is_signed_in(elsewhere)


@pytest.mark.parametrize(
    ("current", "password", "says"),
    [
        ("wrong", "another long passphrase", "كلمة السر الحالية غير صحيحة."),
        (PASSWORD, "short", "كلمة السر قصيرة: 12 حرفًا أو أكثر."),
        (PASSWORD, "main@example.jo", "كلمة السر هذه تشبه اسمك أو بريدك."),
        (PASSWORD, "password12345", "كلمة السر هذه شائعة يسهل تخمينها."),
    ],
)
def test_a_password_that_will_not_do_is_refused_with_its_reason(
    client: Client, main_officer: Officer, current: str, password: str, says: str
) -> None:
    sign_in(client)
    answer = client.post("/account/password", {"current": current, "password": password})

    assert says in answer.content.decode()
    main_officer.refresh_from_db()
    assert main_officer.check_password(PASSWORD)


@pytest.mark.parametrize("path", ["/account", "/account/password", "/account/app", "/account/recovery-codes"])
def test_without_signing_in_own_pages_lead_to_the_door_and_back(client: Client, path: str) -> None:
    assert client.get(path)["Location"] == f"/sign-in?next={path}"
    assert client.get(f"/en{path}")["Location"] == f"/en/sign-in?next=/en{path}"


def test_nothing_that_officers_do_not_need_is_there(client: Client) -> None:
    for path in (
        "/signup",
        "/sign-up",
        "/account/email",
        "/accounts/login/",
        "/accounts/signup/",
        "/password/reset",
    ):
        assert client.get(path).status_code == 404
