"""What Django and Wagtail are told when they ask for permissions: the role of administrator, and nothing else."""

import pytest
from django.contrib.auth import get_user
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import Permission
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpResponse
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries

from bekhedmetkom.identity.models import Officer
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.interfaces.access_control import get_request_actor
from tests.officer_factories import PASSWORD, create_officer

from .conftest import SINCE
from .sign_in_requests import EMAIL, sign_in

pytestmark = pytest.mark.django_db


def signed_in_user(rf: RequestFactory, who: Officer) -> Officer:
    client = Client()
    sign_in(client, who.email)
    request = rf.get("/")
    request.session = client.session
    user = get_user(request)
    assert user.is_authenticated
    return user


def test_administrators_reach_the_administration_and_no_case(rf: RequestFactory) -> None:
    user = signed_in_user(rf, create_officer(Role.ADMINISTRATOR, since=SINCE, password=PASSWORD))

    assert user.has_perm("wagtailadmin.access_admin")
    assert user.has_perm("entities.change_entity")
    assert user.has_module_perms("identity")
    assert not user.has_perm("cases.view_case")
    assert not user.has_module_perms("cases")
    assert not user.is_superuser and not user.is_staff


def test_officers_have_no_permission_even_where_djangos_tables_say_so(
    rf: RequestFactory, main_officer: Officer
) -> None:
    main_officer.user_permissions.set(
        Permission.objects.filter(codename__in=["access_admin", "change_entity"])
    )
    user = signed_in_user(rf, main_officer)

    assert not user.has_perm("wagtailadmin.access_admin")
    assert not user.has_perm("entities.change_entity")
    assert user.get_all_permissions() == set()


def test_who_somebody_is_costs_a_page_three_queries(
    rf: RequestFactory,
    client: Client,
    main_officer: Officer,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    sign_in(client, EMAIL)
    client.get("/account")
    request = rf.get("/desk")
    request.session = SessionStore(client.session.session_key)
    AuthenticationMiddleware(lambda _: HttpResponse())(request)

    with django_assert_num_queries(3):  # the session, the officer with their roles, the wall
        actor = get_request_actor(request)
        assert actor and actor.officer_id == main_officer.pk
        assert not request.user.has_perm("wagtailadmin.access_admin")
        assert get_request_actor(request) is actor
