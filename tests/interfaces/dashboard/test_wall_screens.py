"""A wall that stays on: opened once, read-only, its officer's own figures and never wider ones, ended at any moment."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from bekhedmetkom.analytics.storage import WallScreen as Row
from bekhedmetkom.entities.table_cache import refresh_versions
from bekhedmetkom.identity.models import Membership
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.interfaces.dashboard import wall_screens
from bekhedmetkom.kernel.actor import Actor
from tests.interfaces.dashboard.conftest import DashboardBrowser
from tests.personas import DAY, HOUR, NOON, Jordan

pytestmark = pytest.mark.django_db

SignIn = Callable[[Actor], DashboardBrowser]


@pytest.fixture(autouse=True)
def stands(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    def stand(at: datetime) -> None:
        monkeypatch.setattr(wall_screens, "moment", lambda: at)

    stand(NOON + 2 * HOUR)
    return stand


def create_wall_screen(
    screen: DashboardBrowser, query: str = "entity=GAM", name: str = "قاعة الاجتماعات"
) -> str:
    """The address that opens it."""
    answer = screen.client.post(f"/dashboard/screens?{query}", {"name": name})
    page = BeautifulSoup(answer.content, "html.parser")
    return str(page.select(".screen__address")[0].get_text(strip=True)).removeprefix("http://testserver")


def open_wall_screen(address: str) -> Client:
    wall = Client()
    assert wall.post(address).status_code == 302
    return wall


def test_who_may_have_one_finds_them_on_their_own_page(jordan: Jordan, sits: SignIn) -> None:
    for actor, finds in ((jordan.pm, True), (jordan.roads_officer, False)):
        page = sits(actor).client.get("/account").content.decode()
        assert ("/dashboard/screens" in page) is finds


def test_opened_once_it_shows_figures_and_leads_nowhere(jordan: Jordan, sits: SignIn) -> None:
    pm = sits(jordan.pm)
    address = create_wall_screen(pm)
    wall = Client()
    assert (wall.get("/wall").status_code, wall.get("/wall/now").status_code) == (403, 403)
    assert wall.get(address).status_code == 200  # whoever only looks opens nothing
    assert wall.post(address).status_code == 302
    cookie = wall.cookies["wall"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Strict")
    page = BeautifulSoup(wall.get("/wall").content, "html.parser")
    assert page.select(".kpi")
    assert "أمانة عمان" in page.text
    assert page.select("main a, form, details, .tile--needs") == []
    assert all(str(link["href"]).startswith("?show=") for link in page.select(".wall__turns a"))
    assert wall.get("/wall/now").status_code == 200
    assert "token=" in wall.get("/wall/token").json()["address"]
    assert wall.get("/dashboard").status_code == 302  # to sign in
    again: Any = Client().post(address)
    assert (again.status_code, "wall" in again.cookies) == (404, False)
    assert "فُتحت" in pm.page("screens").text


def test_it_ends_by_its_officer_by_time_and_with_their_role(
    jordan: Jordan, sits: SignIn, stands: Callable[[datetime], None]
) -> None:
    pm = sits(jordan.pm)
    wall = open_wall_screen(create_wall_screen(pm))
    assert (
        sits(jordan.manager).client.post("/dashboard/screens", {"end": Row.objects.get().pk}).status_code
        == 404
    )
    assert pm.client.post("/dashboard/screens", {"end": Row.objects.get().pk}).status_code == 302
    assert {wall.get(f"/wall{page}").status_code for page in ("", "/now", "/token")} == {403}
    wall, late = open_wall_screen(create_wall_screen(pm)), create_wall_screen(pm)
    stands(NOON + 3 * HOUR)
    assert Client().post(late).status_code == 404
    stands(NOON + 31 * DAY)
    assert wall.get("/wall").status_code == 403
    stands(NOON + DAY)
    assert wall.get("/wall").status_code == 200
    Membership.objects.filter(role=Role.PM_UNIT).update(valid_until=NOON.date() - timedelta(1))
    refresh_versions()
    assert wall.get("/wall").status_code == 403


def test_what_is_its_officers_no_longer_makes_it_no_wider(jordan: Jordan, sits: SignIn) -> None:
    wall = open_wall_screen(create_wall_screen(sits(jordan.pm)))
    Membership.objects.filter(role=Role.PM_UNIT).update(role=Role.HEAD_OF_BODY, entity=jordan.entities["MOH"])
    refresh_versions()
    assert wall.get("/wall").status_code == 403


def test_a_few_at_once_each_with_a_name(jordan: Jordan, sits: SignIn) -> None:
    pm = sits(jordan.pm)
    for name in (" ", "ط" * 61):
        assert pm.client.post("/dashboard/screens", {"name": name}).status_code == 422
    for _ in range(5):
        create_wall_screen(pm)
    sixth = pm.client.post("/dashboard/screens", {"name": "سادسة"})
    assert (sixth.status_code, Row.objects.count()) == (422, 5)
    assert Client().get("/wall", headers={"cookie": "wall=x"}).status_code == 403
