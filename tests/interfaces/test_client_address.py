"""Whose address a request comes from: nobody can make one up, and our own proxies do not stand for everyone."""

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from bekhedmetkom.interfaces.request_headers import get_client_address


@pytest.mark.parametrize(
    ("proxies", "remote", "forwarded", "address"),
    [
        ([], "198.51.100.7", "", "198.51.100.7"),
        ([], "198.51.100.7", "10.1.1.1", "198.51.100.7"),
        (["10.0.0.0/8"], "10.0.0.2", "198.51.100.7", "198.51.100.7"),
        (["10.0.0.0/8"], "10.0.0.2", "1.2.3.4, 198.51.100.7", "198.51.100.7"),
        (["10.0.0.0/8"], "10.0.0.2", "1.2.3.4, 198.51.100.7, 10.0.0.9", "198.51.100.7"),
        (["10.0.0.0/8"], "198.51.100.7", "1.2.3.4", "198.51.100.7"),
        (["10.0.0.2"], "10.0.0.2", "", ""),
        ([], "", "1.2.3.4", ""),
        ([], "2001:db8:1:2:aaaa::1", "", "2001:db8:1:2::/64"),
        ([], "::ffff:198.51.100.7", "", "198.51.100.7"),
        (["10.0.0.0/8"], "10.0.0.2", "what is this", "what is this"),
    ],
)
def test_address(
    rf: RequestFactory, settings: Settings, proxies: list[str], remote: str, forwarded: str, address: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=forwarded)
    assert get_client_address(request) == address
