"""The permission table of the administration, and the parts of Wagtail that are not there."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from bekhedmetkom.cases.models import Event
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.interfaces.manage.page_access import OPEN_VIEWSETS
from bekhedmetkom.notifications.subscriber import NotificationSubscriber
from tests.commands.notifications.event_helpers import STREET_LAMP_TEXT, build_fed_event
from tests.interfaces.permission_table import ANYONE, Row
from tests.officer_factories import PASSWORD, create_body, create_officer, create_unit
from tests.personas import Jordan

from .permissions import ROWS

ARGUMENTS: dict[str, list[Any]] = {
    "manage-wording": ["received"],
    "manage-invite": [1],
    "manage-reform": [0],
    "manage-message-again": [1],
    "manage-program-keys": [1],
    "manage-webhook-again": [1],
    "manage-system-topics": [0],
    "manage-system-end": [1],
    "manage-forward-again": [1],
    "manage-poster": ["0"],
}
CLOSED_PAGES = (
    "users/", "users/new/", "groups/", "pages/", "images/", "documents/", "collections/", "sites/", "workflows/list/",
    "reports/site-history/", "login/", "password_reset/", "choose-page/", "api/main/pages/", "snippets/", "failwhale/",
    "anything-else/",
)  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("role", [ANYONE, *Role], ids=str)
def test_rows_of(role: str, language: str, client: Client) -> None:
    """All addresses of the administration as one role finds them."""
    if role != ANYONE:
        entity = create_body("PM")
        where = create_unit(entity) if role == Role.SUB_OFFICER else None
        who = create_officer(Role(role), entity, where, password=PASSWORD)
        client.post("/sign-in", {"login": who.email, "password": PASSWORD})
    rows = [row for row in ROWS if row.role == role]
    with override(language):
        answers = {row.route: client.get(build_path(row)) for row in rows}

    assert {route: answer.status_code for route, answer in answers.items()} == {
        r.route: r.status for r in rows
    }
    for route, answer in answers.items():
        if answer.status_code == 302 and role == ANYONE:
            assert answer["Location"].startswith(
                "/en/sign-in?next=" if language == "en" else "/sign-in?next="
            )
        if answer.status_code == 200 and not route.endswith("_results"):  # a piece of a page
            assert re.search(rf'<html[^>]*lang="{language}"', answer.content.decode())


def build_path(row: Row) -> str:
    nothing = [0] if row.route.endswith((":edit", ":inspect")) else None
    return reverse(row.route, args=ARGUMENTS.get(row.route, nothing))


def test_every_viewset_has_its_rows() -> None:
    assert {row.route.partition(":")[0] for row in ROWS if ":" in row.route} == OPEN_VIEWSETS


@pytest.mark.parametrize("path", CLOSED_PAGES)
def test_what_would_save_without_history_is_not_there(admin: Client, path: str) -> None:
    assert admin.get(f"/manage/{path}").status_code == 404


@pytest.mark.parametrize(("prefix", "says"), [("", "لا توجد صفحة بهذا العنوان"), ("/en", "There is no page")])
def test_what_is_not_there_is_said_in_our_words(admin: Client, prefix: str, says: str) -> None:
    page = admin.get(f"{prefix}/manage/systems/edit/0/").content.decode()
    assert says in page
    assert "Wagtail" not in page


@pytest.mark.parametrize(("prefix", "says"), [("", "لا شيء هنا بعد."), ("/en", "Nothing here yet.")])
def test_an_empty_list_says_so_in_our_words(admin: Client, prefix: str, says: str) -> None:
    page = admin.get(f"{prefix}/manage/programs/").content.decode()
    assert says in page
    assert "لا شيء يوافق" in admin.get("/manage/programs/?q=xyz").content.decode()


def test_labels_are_in_the_language_of_the_page(admin: Client) -> None:
    assert "صيغة التبادل" in admin.get("/manage/systems/new/").content.decode()
    assert "Formula" not in admin.get("/en/manage/systems/new/").content.decode()
    assert "اللغة" not in admin.get("/en/manage/officers/new/").content.decode()


@pytest.mark.parametrize(
    "path", ["entities/delete/1/", "officers/delete/1/", "entities/history/1/", "entities/usage/1/"]
)
def test_rows_are_never_deleted(admin: Client, path: str) -> None:
    assert admin.get(f"/manage/{path}").status_code == 404
    assert admin.post(f"/manage/{path}").status_code == 404


def test_every_link_of_the_menu_and_of_the_first_page_is_answered(admin: Client) -> None:
    page = admin.get("/manage/").content.decode()
    menu = page.split('id="wagtail-sidebar-props"')[1].split("</script>")[0]
    links = set(re.findall(r'"((?:/en)?/(?:manage|account)[^"]*)"', menu)) | set(
        re.findall(r'href="(/[^"]*)"', page)
    )
    links = {link for link in links if "/static/" not in link and "logout" not in link}
    assert len(links) > 12
    answers = {link: admin.get(link, follow=True).status_code for link in links}
    assert {link: status for link, status in answers.items() if status != 200} == {}


@pytest.mark.parametrize("viewset", sorted(OPEN_VIEWSETS))
def test_a_list_costs_no_query_a_row(
    admin: Client, jordan: Jordan, viewset: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    jordan.submit(STREET_LAMP_TEXT)
    NotificationSubscriber().handle_events([build_fed_event(event) for event in Event.objects.all()])
    path = reverse(f"{viewset}:index")
    admin.get(path)
    with django_assert_max_num_queries(14):
        assert admin.get(path).status_code == 200
