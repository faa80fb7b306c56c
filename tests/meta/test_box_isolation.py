"""The sealed box is no part of the platform: no table, no address, no app; its pages are not to be had from here."""

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import get_resolver

ADDRESSES = (
    "/send", "/words", "/words/again", "/talk", "/left", "/carried", "/sealed", "/manifest", "/commission",
    "/commission/reports", "/commission/requests", "/commission/journal", "/en/commission", "/en/talk",
)  # fmt: skip


def test_the_platform_does_not_have_it() -> None:
    assert not [
        config.name
        for config in apps.get_app_configs()
        if "disclosures" in config.name or config.label == "box"
    ]
    assert "disclosures" not in repr(settings.INSTALLED_APPS)
    assert not [name for name in get_resolver().namespace_dict if name in ("box", "box_api")]


@pytest.mark.django_db
def test_no_table_of_the_platform_is_the_boxs() -> None:
    assert [name for name in connection.introspection.table_names() if "disclos" in name] == []


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_none_of_its_addresses_answers_here(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404
    assert client.post(address, {"text": "x"}).status_code in (403, 404)
