"""An administrator connects a body's own system, tries it, says what is called what, and looks after what got stuck."""

from django.test import Client

from bekhedmetkom.entities.models import ChangeRecord
from bekhedmetkom.kernel.clock import now
from bekhedmetkom.webhooks.models import Connection, Forwarding
from tests.commands.webhooks.external_system_helpers import MINUTE, TOPIC, run_due_work, submit_case, there
from tests.commands.webhooks.georeport_server import API_KEY, GeoReportServer
from tests.personas import Jordan

from .test_change_history import submit_form

__all__ = ["there"]


def create_connection(admin: Client, jordan: Jordan, there: GeoReportServer) -> Connection:
    answer = submit_form(
        admin, "/manage/systems/new/", entity=jordan.entities["GAM"], url=f"{there.url}/", jurisdiction="",
        form="json", api_key=API_KEY, kinds=["complaint"], tells="matter",
    )  # fmt: skip
    assert answer.status_code == 302, answer.context["form"].errors
    return Connection.objects.get()


def test_from_connecting_to_what_went_there(admin: Client, jordan: Jordan, there: GeoReportServer) -> None:
    made = create_connection(admin, jordan, there)
    assert (made.url, made.kinds) == (there.url, ["complaint"])
    change = ChangeRecord.objects.latest("id")
    assert change.before is None
    assert API_KEY not in repr(change.after)
    assert "محاولات لم تنجح" in admin.get("/manage/systems/").content.decode()
    topic = jordan.services[TOPIC]
    page = admin.get(f"/manage/systems/{made.pk}/topics/").content.decode()
    assert "Potholes" in page
    assert f'name="{topic}-code"' in page
    answer = admin.post(f"/manage/systems/{made.pk}/topics/", {f"{topic}-code": "001"}, follow=True)
    assert "SIZE" in answer.content.decode(), "what the system demands and is not said"
    refused = admin.post(
        f"/manage/systems/{made.pk}/topics/", {f"{topic}-code": "001", f"{topic}-attributes": "SIZE"}
    )
    assert "القيمة" in refused.content.decode()
    kept = {f"{topic}-code": "001", f"{topic}-attributes": "SIZE = big\r\nWARD = 7"}
    assert admin.post(f"/manage/systems/{made.pk}/topics/", kept).status_code == 302
    case = submit_case(jordan, at=now())
    run_due_work(now() + MINUTE)
    assert there.posts[0]["attribute[WARD]"] == "7"
    listed = admin.get("/manage/forwarded/").content.decode()
    assert case.reference in listed
    assert "1000" in listed
    assert admin.get(f"/manage/systems/edit/{made.pk}/").status_code == 200
    assert admin.post(f"/manage/systems/{made.pk}/end/").status_code == 302
    made.refresh_from_db()
    assert made.ended_at
    assert admin.get(f"/manage/systems/{made.pk}/topics/").status_code == 404


def test_what_got_stuck_is_seen_and_taken_up_again(
    admin: Client, jordan: Jordan, there: GeoReportServer
) -> None:
    made = create_connection(admin, jordan, there)
    admin.post(f"/manage/systems/{made.pk}/topics/", {f"{jordan.services[TOPIC]}-code": "001"})
    submit_case(jordan, at=now())
    there.shows, there.fails["POST"] = False, ["taken, then 500"]
    for minutes in (1, 5, 30, 60):
        run_due_work(now() + minutes * MINUTE)
    stuck = Forwarding.objects.get()
    page = admin.get(f"/manage/forwarded/inspect/{stuck.pk}/").content.decode()
    assert "هل وصلها" in page
    path = f"/manage/forwarded/{stuck.pk}/again/"
    admin.post(path, {"found": "1", "far_id": " "})
    assert Forwarding.objects.get().parked_at
    admin.post(path, {"found": "1", "far_id": "1000"})
    assert Forwarding.objects.get().far_id == "1000"
    assert "لا ينتظر" in admin.post(path, follow=True).content.decode(), "twice is once"


def test_a_system_that_does_not_answer_is_said_to_and_nothing_is_lost(
    admin: Client, jordan: Jordan, there: GeoReportServer
) -> None:
    made = create_connection(admin, jordan, there)
    there.fails["GET"] = ["500"]
    page = admin.get(f"/manage/systems/{made.pk}/topics/")
    assert page.status_code == 200
    assert "help-critical" in page.content.decode()


def test_an_address_in_our_own_house_is_refused_beside_its_field(admin: Client, jordan: Jordan) -> None:
    answer = submit_form(
        admin, "/manage/systems/new/", entity=jordan.entities["GAM"], url="https://169.254.169.254/open311", form="xml",
        kinds=["complaint"], tells="matter",
    )  # fmt: skip
    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == {"url"}
    assert not Connection.objects.exists()
