"""Browser tests: a database, a server, Chromium, and users with passwords."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import current_thread, main_thread

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, BrowserContext, Page

from bekhedmetkom.config.database.roles import WEB_ROLE
from bekhedmetkom.identity.models import Officer
from tests.officer_factories import PASSWORD
from tests.personas import Jordan

DESKTOP_SIZE: tuple[int, int] = (1280, 900)
PHONE_SIZE: tuple[int, int] = (390, 844)


@dataclass
class Site:
    """The running platform with its URL and its data."""

    address: str
    jordan: Jordan


@pytest.fixture
def site(committed_jordan: Jordan) -> Iterator[Site]:
    for officer in Officer.objects.all():
        officer.set_password(PASSWORD)
        officer.save()
    connection_created.connect(_set_web_role)
    server = LiveServerThread("localhost", StaticFilesHandler)
    server.start()
    server.is_ready.wait(20)
    assert server.error is None
    yield Site(f"http://localhost:{server.port}", committed_jordan)
    server.terminate()
    connection_created.disconnect(_set_web_role)
    connections.close_all()


def _set_web_role(connection: BaseDatabaseWrapper, **_: object) -> None:
    """Requests run in other threads with the web role; the test itself is the database owner."""
    if current_thread() is not main_thread():
        with connection.cursor() as cursor:
            cursor.execute(f"SET ROLE {WEB_ROLE}")


OpenPage = Callable[..., Page]


@pytest.fixture
def visit(chromium: Browser, site: Site) -> Iterator[OpenPage]:
    """Open a clean browser: `visit(script=False, size=PHONE)`."""
    contexts = []

    def come(*, script: bool = True, size: tuple[int, int] = DESKTOP_SIZE) -> Page:
        context = chromium.new_context(
            base_url=site.address,
            java_script_enabled=script,
            viewport={"width": size[0], "height": size[1]},
            service_workers="block",  # allowed in `telephone` only
        )
        contexts.append(context)
        return context.new_page()

    yield come
    for context in contexts:
        context.close()


@pytest.fixture
def telephone(chromium: Browser, site: Site) -> Iterator[BrowserContext]:
    """A browser with the service worker installed."""
    width, height = PHONE_SIZE
    context = chromium.new_context(
        base_url=site.address,
        viewport={"width": width, "height": height},
        service_workers="allow",
        permissions=["notifications"],
    )
    open_page(context, "/")
    yield context
    context.close()


def open_page(context: BrowserContext, path: str) -> Page:
    """Open a page that the service worker controls."""
    page = context.new_page()
    page.goto(path)
    page.evaluate(
        "new Promise((done) => navigator.serviceWorker.controller ? done()"
        " : navigator.serviceWorker.addEventListener('controllerchange', () => done()))"
    )
    return page
