"""The disclosure box is not part of the platform: no app, table or URL of it is available here."""

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import get_resolver

BOX_PATHS = (
    "/send", "/words", "/words/again", "/talk", "/left", "/carried", "/sealed", "/manifest", "/commission",
    "/commission/reports", "/commission/requests", "/commission/journal", "/en/commission", "/en/talk",
)  # fmt: skip


def test_platform_does_not_install_the_box() -> None:
    assert not [
        config.name
        for config in apps.get_app_configs()
        if "disclosures" in config.name or config.label == "box"
    ]
    assert "disclosures" not in repr(settings.INSTALLED_APPS)
    assert not [name for name in get_resolver().namespace_dict if name in ("box", "box_api")]


@pytest.mark.django_db
def test_platform_has_no_table_of_the_box() -> None:
    assert [name for name in connection.introspection.table_names() if "disclos" in name] == []


@pytest.mark.django_db
@pytest.mark.parametrize("path", BOX_PATHS)
def test_platform_does_not_serve_the_boxs_paths(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404
    assert client.post(path, {"text": "x"}).status_code in (403, 404)
