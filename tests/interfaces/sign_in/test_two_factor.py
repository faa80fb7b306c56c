"""The second factor: by app or by a recovery code, demanded outside the demonstration, and never skipped."""

import json
import time
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from pytest_django import Settings

from bekhedmetkom.entities.models import ChangeRecord
from bekhedmetkom.identity import commands
from bekhedmetkom.identity.models import Officer
from bekhedmetkom.identity.queries import get_actor
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.kernel.actor import CLOCK
from bekhedmetkom.kernel.clock import now
from tests.officer_factories import create_officer

from .conftest import Clock
from .sign_in_requests import EMAIL, is_signed_in, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("main_officer")]


def code_of(secret: str, steps: int = 0) -> str:
    """What the telephone shows now, or some half minutes from now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def add_app(client: Client) -> str:
    """Set up the app through its pages; returns its secret."""
    client.get("/account/app")
    secret: str = client.session["mfa.totp.secret"]
    answer = client.post("/account/app", {"code": code_of(secret)})
    assert answer["Location"] == "/account/recovery-codes"
    return secret


@pytest.fixture
def secret(client: Client) -> str:
    """The app's secret of an officer who has added one and signed out again."""
    sign_in(client)
    made = add_app(client)
    client.post("/sign-out")
    return made


@pytest.fixture
def demanded(settings: Settings) -> Iterator[None]:
    settings.OFFICERS_NEED_SECOND_FACTOR = True
    yield


def test_the_setup_page_shows_a_drawing_and_the_key_in_words(client: Client) -> None:
    sign_in(client)
    page = client.get("/account/app").content.decode()

    secret = client.session["mfa.totp.secret"]
    assert "<svg" in page and "<?xml" not in page
    assert " ".join(secret[i : i + 4] for i in range(0, len(secret), 4)) in page


def test_with_an_app_the_password_alone_opens_nothing(client: Client, secret: str) -> None:
    assert sign_in(client)["Location"] == "/sign-in/code"
    assert not is_signed_in(client)

    answer = client.post("/sign-in/code", {"code": code_of(secret)})

    assert answer["Location"] == "/desk"
    assert is_signed_in(client)


def test_a_wrong_code_opens_nothing(client: Client, secret: str) -> None:
    sign_in(client)
    wrong = f"{(int(code_of(secret)) + 500_000) % 1_000_000:06}"
    answer = client.post("/sign-in/code", {"code": wrong})

    assert "الرمز غير صحيح." in answer.content.decode()
    assert not is_signed_in(client)


def test_a_code_works_once(secret: str) -> None:
    code = code_of(secret)
    first, second = Client(), Client()
    for client in (first, second):
        sign_in(client)
        client.post("/sign-in/code", {"code": code})

    assert is_signed_in(first)
    assert not is_signed_in(second)


def test_codes_are_guessed_slowly(clock: Clock, client: Client, secret: str) -> None:
    sign_in(client)
    answers = [client.post("/sign-in/code", {"code": f"{n:06}"}) for n in range(8)]

    assert answers[-1].status_code == 429
    assert int(answers[-1]["Retry-After"]) >= 1


def test_a_recovery_code_stands_in_once(client: Client, secret: str) -> None:
    sign_in(client)
    client.post("/sign-in/code", {"code": code_of(secret)})
    page = client.get("/account/recovery-codes")
    recovery: str = page.context["unused_codes"][0]
    assert recovery in page.content.decode()

    for expected in (True, False):
        other = Client()
        sign_in(other)
        other.post("/sign-in/code", {"code": recovery})
        assert is_signed_in(other) is expected


def test_the_seed_is_not_readable_in_the_database(client: Client, secret: str) -> None:
    rows = json.dumps([row.data for row in Authenticator.objects.all()])
    assert secret not in rows


def test_removing_the_app_takes_a_recent_password(
    client: Client, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client)
    client.post("/sign-in/code", {"code": code_of(secret)})
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 3600
    session.save()

    assert client.get("/account/app/remove")["Location"] == "/sign-in/again?next=%2Faccount%2Fapp%2Fremove"
    client.post("/sign-in/again", {"password": "guess"})
    assert client.get("/account/app/remove").status_code == 302

    again = client.post(
        "/sign-in/again?next=/account/app/remove", {"password": "a long and honest passphrase"}
    )
    assert again["Location"] == "/account/app/remove"
    client.post("/account/app/remove")
    assert not Authenticator.objects.exists()


def test_in_the_demonstration_the_second_factor_is_a_choice(client: Client, settings: Settings) -> None:
    settings.OFFICERS_NEED_SECOND_FACTOR = False
    sign_in(client)
    assert is_signed_in(client)
    assert client.get("/desk").status_code == 200


@pytest.mark.usefixtures("demanded")
@pytest.mark.parametrize("path", ["/desk", "/en/desk", "/manage/"])
def test_without_a_second_factor_an_officer_is_led_to_set_one_up(client: Client, path: str) -> None:
    sign_in(client)

    assert client.get(path)["Location"] == ("/en/account" if path.startswith("/en") else "/account")
    assert client.post(path)["Location"].endswith("/account")
    assert "أضف خطوة ثانية" in client.get("/account").content.decode()


@pytest.mark.usefixtures("demanded")
def test_who_sets_it_up_goes_on_to_work(client: Client) -> None:
    sign_in(client)
    add_app(client)
    assert client.get("/desk").status_code == 200


@pytest.mark.usefixtures("demanded")
def test_public_pages_and_the_way_out_stay_open(client: Client) -> None:
    sign_in(client)
    assert client.get("/help").status_code == 200
    assert client.post("/sign-out")["Location"] == "/sign-in"


def test_a_session_from_another_door_does_not_get_around_the_second_factor(
    client: Client, secret: str
) -> None:
    """As Wagtail's own sign-in page would make one: password right, code never shown."""
    client.force_login(Officer.objects.get(email=EMAIL))

    assert client.get("/desk")["Location"] == "/sign-in"
    assert not is_signed_in(client)


def test_whoever_holds_a_lost_device_is_out_and_a_link_lets_the_officer_in(
    client: Client, secret: str
) -> None:
    sign_in(client)
    client.post("/sign-in/code", {"code": code_of(secret)})
    who = Officer.objects.get(email=EMAIL)

    administrator = get_actor(create_officer(Role.ADMINISTRATOR), now())

    commands.report_lost_device(officer=who.pk, actor=administrator, at=now())

    assert not is_signed_in(client)
    assert who.authenticator_set.exists()
    token = commands.approve_device_reset(officer=who.pk, actor=CLOCK, at=now())
    assert ChangeRecord.objects.get(model="identity.second_factor").before == {
        "kinds": ["recovery_codes", "totp"]
    }
    client.post(f"/invitation/{token}", {"password": "a passphrase of my own"})
    assert sign_in(client, password="a passphrase of my own")["Location"] == "/desk"


@pytest.mark.parametrize(
    "credential",
    ["", "{}", "[]", "null", "1", '"x"', '{"id": 1}', '{"response": {"userHandle": "Zm9v"}}', '{"response": null}',
     '{"id": "a", "rawId": "a", "type": "public-key", "response": {"clientDataJSON": "e30", "userHandle": "MQ",'
     ' "authenticatorData": "AA", "signature": "AA"}}', "not json", "\u0000", "1" * 5000, "[" * 5000],
)  # fmt: skip
def test_whatever_comes_instead_of_a_passkey_is_refused_without_a_crash(
    client: Client, credential: str
) -> None:
    client.get("/sign-in/passkey", headers={"accept": "application/json"})
    alone = client.post("/sign-in/passkey", {"credential": credential})
    assert alone["Location"] == "/sign-in"
    assert not is_signed_in(client)

    sign_in(client)
    client.get("/account/passkeys/new")
    added = client.post(
        "/account/passkeys/new", {"credential": credential, "passwordless": "on", "name": "x"}
    )
    assert added.status_code == 200
    assert not Authenticator.objects.exists()
