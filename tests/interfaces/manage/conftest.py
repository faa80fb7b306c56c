"""An administrator at the door, in the small Jordan of the personas."""

from collections.abc import Callable

import pytest
from django.test import Client

from bekhedmetkom.identity.models import Officer
from bekhedmetkom.kernel.actor import Actor
from tests.officer_factories import PASSWORD
from tests.personas import Jordan

Enter = Callable[[Actor], Client]


@pytest.fixture
def enter() -> Enter:
    """Sign somebody in by the officers' own page."""

    def entered(actor: Actor) -> Client:
        officer = Officer.objects.get(pk=int(actor.id))
        officer.set_password(PASSWORD)
        officer.save()
        client = Client()
        answer = client.post("/sign-in", {"login": officer.email, "password": PASSWORD})
        assert answer.status_code == 302
        return client

    return entered


@pytest.fixture
def admin(jordan: Jordan, enter: Enter) -> Client:
    return enter(jordan.administrator)
