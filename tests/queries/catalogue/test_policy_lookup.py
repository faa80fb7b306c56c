"""Under which promise a case comes in."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from bekhedmetkom.catalogue.commands import add_policy_version, find_latest_policy
from bekhedmetkom.catalogue.queries import (
    PolicyNotFound,
    PolicyVersion,
    Topic,
    find_service_by_code,
    get_appeal_policy,
    get_policy,
    list_services,
)
from bekhedmetkom.catalogue.rules import Duration, Handling, Kind, PolicyTerms
from bekhedmetkom.entities import queries as entities
from bekhedmetkom.kernel.actor import CLOCK
from bekhedmetkom.kernel.clock import AMMAN
from bekhedmetkom.kernel.text import BilingualText
from tests.directory_sheets import IMPORT_TIME

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


def topic(name_en: str) -> Topic:
    return next(topic for topic in list_services() if topic.name_en == name_en)


def promise(kind: Kind, about: Topic | None = None, *, urgent: bool = False) -> PolicyVersion:
    entity = about.entity if about else entities.get_prime_ministry()
    return get_policy(
        kind=kind, service=about.id if about else None, entity=entity, at=IMPORT_TIME, urgent=urgent
    )


def override(code: str, days: int, *, entity: int | None = None, service: int | None = None) -> None:
    country = find_latest_policy(code)
    assert country
    terms = replace(PolicyTerms.from_json(country.terms), due=Duration(working_days=days))
    add_policy_version(
        code=code, kind=country.kind, terms=terms, names=BilingualText("خاص", "Special"), basis="قرار",
        valid_from=IMPORT_TIME - timedelta(days=1), actor=CLOCK, at=IMPORT_TIME, entity=entity, service=service,
    )  # fmt: skip


def test_the_code_follows_from_kind_topic_and_danger() -> None:
    assert promise(Kind.QUESTION).code == "question"
    assert promise(Kind.SUGGESTION).code == "suggestion"
    assert promise(Kind.PRAISE).code == "praise"
    assert promise(Kind.COMPLAINT).code == "complaint_simple"  # unknown is simple
    assert promise(Kind.COMPLAINT, topic("Street lighting")).code == "complaint_field"
    assert promise(Kind.COMPLAINT, topic("Complaint against a bank")).code == "complaint_complex"
    assert promise(Kind.QUESTION, topic("Street lighting")).code == "question"
    assert promise(Kind.VIOLATION, topic("Unhygienic restaurant")).code == "violation_inspection"
    assert promise(Kind.COMPLAINT, topic("Street lighting"), urgent=True).code == "complaint_urgent"


def test_care_has_terms_of_its_own_whatever_the_kind() -> None:
    for about in list_services():
        if about.handling in (Handling.HUMAN_RIGHTS, Handling.PROTECTED):
            assert {promise(kind, about).code for kind in Kind} == {"human_rights"}
    assert promise(Kind.COMPLAINT, topic("Child abuse"), urgent=True).code == "complaint_urgent"


def test_a_request_for_information_has_the_laws_own_terms_and_a_complaint_about_it_has_not() -> None:
    about = topic("Access-to-information secretariat")
    assert promise(Kind.QUESTION, about).code == "information_request"
    assert promise(Kind.COMPLAINT, about).code == "complaint_simple"


def test_the_most_specific_terms_hold() -> None:
    about, tree = topic("Complaint against a bank"), entities.get_tree()
    assert promise(Kind.COMPLAINT, about).terms.due.working_days == 10
    override("complaint_complex", 9, entity=about.entity)
    assert promise(Kind.COMPLAINT, about).terms.due.working_days == 9
    override("complaint_complex", 8, service=about.id)
    assert promise(Kind.COMPLAINT, about).terms.due.working_days == 8

    override("complaint_simple", 4, entity=tree.by_code["MWI"].id)
    assert get_policy(
        kind=Kind.COMPLAINT, service=None, entity=tree.by_code["MIYAH"].id, at=IMPORT_TIME
    ).terms.due == Duration(working_days=4)  # the nearest parent's
    assert promise(Kind.COMPLAINT).terms.due == Duration(working_days=5)


def test_appeals_have_terms_too() -> None:
    assert get_appeal_policy(entity=entities.get_prime_ministry(), at=IMPORT_TIME).terms.due == Duration(
        working_days=10
    )


def test_without_a_policy_nothing_is_promised() -> None:
    before_any = datetime(2024, 12, 31, tzinfo=AMMAN)
    with pytest.raises(PolicyNotFound):
        get_policy(kind=Kind.QUESTION, service=None, entity=entities.get_prime_ministry(), at=before_any)


def test_it_costs_no_query_once_the_catalogue_is_in_memory(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    promise(Kind.COMPLAINT, topic("Street lighting"))
    with django_assert_num_queries(0):
        promise(Kind.COMPLAINT, find_service_by_code("GAM-003"))
