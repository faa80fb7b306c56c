"""An officer has lost the phone: out of every device at once, and in again by a new link."""

from django.test import Client
from django.urls import reverse

from bekhedmetkom.entities.models import Change
from tests.interfaces.manage.conftest import Enter
from tests.personas import Jordan


def test_an_administrator_puts_a_lost_device_out_and_gets_a_link(
    admin: Client, jordan: Jordan, enter: Enter
) -> None:
    thief = enter(jordan.main)
    assert thief.get("/account").status_code == 200

    page = admin.post(reverse("manage-invite", args=[jordan.main.id]), {"lost_device": "1"})

    assert page.status_code == 200
    assert "/invitation/" in page.content.decode()
    assert thief.get("/account").status_code == 302
    assert Change.objects.filter(model="identity.second_factor", key=jordan.main.id).exists()


def test_not_their_own(admin: Client, jordan: Jordan) -> None:
    answer = admin.post(reverse("manage-invite", args=[jordan.administrator.id]), {"lost_device": "1"})
    assert answer.status_code == 403
    assert admin.get("/account").status_code == 200
