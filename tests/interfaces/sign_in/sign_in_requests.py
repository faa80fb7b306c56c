"""What tests do at the officers' door."""

from typing import Any

from django.test import Client

from tests.officer_factories import PASSWORD

EMAIL = "main@example.jo"


def sign_in(
    client: Client,
    email: str = EMAIL,
    password: str = PASSWORD,
    *,
    path: str = "/sign-in",
    address: str = "10.0.0.1",
) -> Any:
    return client.post(path, {"login": email, "password": password}, REMOTE_ADDR=address)


def is_signed_in(client: Client) -> bool:
    """Whether the session still opens the account page."""
    return client.get("/account").status_code == 200
