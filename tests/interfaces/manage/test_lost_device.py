"""An officer has lost the phone: out of every device at once, and in again when a second person agrees."""

import pytest
from django.test import Client
from django.urls import reverse

from bekhedmetkom.entities.models import ChangeRecord, Entity
from bekhedmetkom.identity.models import LostDevice, Membership, Officer
from bekhedmetkom.identity.queries import get_actor
from tests.interfaces.manage.conftest import Enter
from tests.personas import NOON, Jordan


def send_request(client: Client, officer: str, what: str) -> tuple[int, str]:
    answer = client.post(reverse("manage-invite", args=[officer]), {what: "1"}, follow=True)
    return answer.status_code, answer.content.decode()


@pytest.fixture
def second(jordan: Jordan, enter: Enter) -> Client:
    """Another administrator."""
    row = Officer.objects.create(email="second@example.jo", name_ar="مدير ثان")
    Membership.objects.create(
        officer=row, role="administrator", entity=Entity.objects.get(code="PM"), valid_from=NOON.date()
    )
    return enter(get_actor(row, NOON))


def test_whoever_holds_the_device_is_out_at_once(admin: Client, jordan: Jordan, enter: Enter) -> None:
    thief = enter(jordan.main)
    assert thief.get("/account").status_code == 200
    status, page = send_request(admin, jordan.main.id, "lost_device")
    assert status == 200
    assert "/invitation/" not in page
    assert thief.get("/account").status_code == 302


def test_one_person_alone_lets_nobody_in(admin: Client, jordan: Jordan) -> None:
    send_request(admin, jordan.main.id, "lost_device")
    assert send_request(admin, jordan.main.id, "confirm")[0] == 403
    for again in ("lost_device", "new_link"):
        assert "/invitation/" not in send_request(admin, jordan.main.id, again)[1]
    assert LostDevice.objects.filter(officer=int(jordan.main.id)).exists()


def test_the_second_gets_the_link(admin: Client, second: Client, jordan: Jordan) -> None:
    send_request(admin, jordan.main.id, "lost_device")
    assert reverse("officers:edit", args=[jordan.main.id]) in second.get("/manage/").content.decode()
    status, page = send_request(second, jordan.main.id, "confirm")
    assert status == 200
    assert "/invitation/" in page
    assert not LostDevice.objects.exists()
    assert ChangeRecord.objects.filter(model="identity.second_factor", key=jordan.main.id).exists()


def test_there_is_nothing_to_confirm_where_nobody_asked(second: Client, jordan: Jordan) -> None:
    assert "/invitation/" not in send_request(second, jordan.main.id, "confirm")[1]


def test_not_their_own(admin: Client, jordan: Jordan) -> None:
    for what in ("lost_device", "confirm"):
        assert send_request(admin, jordan.administrator.id, what)[0] == 403
    assert admin.get("/account").status_code == 200
