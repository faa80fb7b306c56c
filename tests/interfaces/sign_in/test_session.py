"""The session of who signs in: another one from that moment on, gone at the end, and over https alone."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from bekhedmetkom.identity.models import Officer

from .sign_in_requests import is_signed_in, sign_in

OVER_HTTPS = """
import django, json
django.setup()
from django.conf import settings
from django.test import Client
answer = Client().get("/healthz", secure=True, headers={"Host": "bekhedmetkom.example.jo"})
flags = ("NAME", "SECURE", "HTTPONLY", "SAMESITE", "PATH", "DOMAIN")
cookies = [[getattr(settings, f"{sort}_COOKIE_{flag}") for flag in flags] for sort in ("SESSION", "CSRF")]
print(json.dumps([answer.status_code, answer["Strict-Transport-Security"], cookies]))
"""


@pytest.mark.django_db
def test_a_session_from_before_opens_nothing_after_signing_in(main_officer: Officer) -> None:
    planted = SessionStore()
    planted["of"] = "somebody else"
    planted.save()
    victim, attacker = Client(), Client()
    victim.cookies["session"] = attacker.cookies["session"] = str(planted.session_key)

    sign_in(victim)

    assert is_signed_in(victim)
    assert victim.cookies["session"].value != planted.session_key
    assert not is_signed_in(attacker)
    assert not SessionStore().exists(str(planted.session_key))


@pytest.mark.django_db
def test_a_key_that_we_never_gave_becomes_no_session(main_officer: Officer) -> None:
    client = Client()
    client.cookies["session"] = "chosenbysomebodyelsechosenbysome"
    sign_in(client)
    assert client.cookies["session"].value != "chosenbysomebodyelsechosenbysome"
    assert not SessionStore().exists("chosenbysomebodyelsechosenbysome")


@pytest.mark.django_db
def test_signing_out_ends_the_session_for_whoever_kept_its_key(main_officer: Officer) -> None:
    officer, thief = Client(), Client()
    sign_in(officer)
    thief.cookies["session"] = officer.cookies["session"].value
    assert is_signed_in(thief)
    officer.post("/sign-out")
    assert not is_signed_in(thief)


@pytest.mark.django_db
def test_no_script_reads_the_cookie_and_no_other_site_sends_it(main_officer: Officer) -> None:
    client = Client()
    sign_in(client)
    cookie = client.cookies["session"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (
        True,
        "Lax",
        "/",
        "",
    )


def test_at_an_https_address_cookies_stay_on_https_and_so_do_browsers(tmp_path: Path) -> None:
    environment = os.environ | {
        "PUBLIC_URL": "https://bekhedmetkom.example.jo", "BK_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "bekhedmetkom.config.settings",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", OVER_HTTPS], env=environment, capture_output=True, text=True, check=True
    )
    status, stays, cookies = json.loads(done.stdout.splitlines()[-1])
    assert status == 200
    assert stays == "max-age=31536000; includeSubDomains"
    assert cookies == [[f"__Host-{name}", True, True, "Lax", "/", None] for name in ("session", "csrf")]
