"""Searching for a person, and who looked at whom: allowed by role, limited, written down, and read by the person."""

from datetime import datetime
from typing import Any

import pytest

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.commands.contact import identity_disclosure
from bekhedmetkom.cases.commands.contact.identity_disclosure import (
    MAX_SEARCHES_PER_DAY,
    TooManySearches,
    search_people,
)
from bekhedmetkom.cases.models import Case, CaseSearch, Event
from bekhedmetkom.cases.projection import SearchProjection
from bekhedmetkom.cases.queries import get_case_for_citizen, verify_journal
from bekhedmetkom.cases.queries.routing.appeal_reviewers import list_officers_who_acted
from bekhedmetkom.cases.rules.access_reasons import REASON_TEXTS, SEARCH_REASONS, AccessReason
from bekhedmetkom.cases.rules.applicant import Applicant
from bekhedmetkom.cases.rules.transitions import NotPossibleNow
from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.entities.models import ChangeRecord
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import InvalidInput, NotAllowed
from tests.commands.notifications.event_helpers import build_fed_event
from tests.personas import DAY, HOUR, NOON, Jordan

SAMER, PHONE = "سامر عواد", "0791234567"  # as the personas' cases are brought


def indexed() -> None:
    SearchProjection().handle_events([build_fed_event(event) for event in Event.objects.order_by("pk")])


def find(
    actor: Actor, who: str = PHONE, why: AccessReason | None = AccessReason.PRESENT, at: datetime = NOON
) -> list[str]:
    return [found.standing.reference for found in search_people(who=who, why=why, actor=actor, at=at)]


def brought(jordan: Jordan, name: str, **given: Any) -> Case:
    return jordan.create_case(applicant=Applicant(name=name, phone="+962795550000"), **given)


def test_by_telephone_however_it_is_typed(jordan: Jordan) -> None:
    case = jordan.create_case()
    brought(jordan, "ليلى حداد")
    for typed in (PHONE, "+962 79 123 4567", "٠٧٩١٢٣٤٥٦٧", "00962791234567"):
        assert find(jordan.main, typed) == [case.reference]


def test_by_name_however_it_is_spelt_and_all_words_must_be_there(jordan: Jordan) -> None:
    case = brought(jordan, "أحمد عبدالله الخطيب")
    brought(jordan, "أحمد سالم")
    indexed()
    assert find(jordan.main, "احمد الخطيب") == [case.reference]
    assert find(jordan.main, "الخَطيب أحمد") == [case.reference]
    assert find(jordan.main, "أحمد الكردي") == []


@pytest.mark.parametrize("typed", ["", "أحمد", "07912", "؟ ؟", "a b", "\x00", "' OR 1=1"])
def test_what_would_find_half_the_country_is_refused(jordan: Jordan, typed: str) -> None:
    jordan.create_case()
    with pytest.raises(InvalidInput) as refused:
        find(jordan.main, typed)
    assert [error.field for error in refused.value.errors] == ["who"]
    assert not ChangeRecord.objects.filter(model=identity_disclosure.SEARCH_MODEL).exists()


@pytest.mark.parametrize("why", [None, AccessReason.PRINTED])
def test_no_search_without_a_reason(jordan: Jordan, why: AccessReason | None) -> None:
    with pytest.raises(InvalidInput):
        find(jordan.main, why=why)


@pytest.mark.parametrize("name", ["roads_officer", "manager", "head", "minister", "agent", "reviewer", "inspector",
                                  "coordinator", "duty", "approver", "administrator", "office"])  # fmt: skip
def test_who_may_not_search(jordan: Jordan, name: str) -> None:
    jordan.create_case()
    with pytest.raises(NotAllowed):
        find(jordan.people[name])
    assert not ChangeRecord.objects.filter(model=identity_disclosure.SEARCH_MODEL).exists()


def test_nobody_finds_what_is_not_theirs(jordan: Jordan) -> None:
    ours, theirs = jordan.create_case(), jordan.create_case(entity=jordan.entities["MOH"])
    indexed()
    assert find(jordan.main) == find(jordan.main, SAMER) == [ours.reference]
    assert find(jordan.rival) == [theirs.reference]
    assert set(find(jordan.pm)) == {ours.reference, theirs.reference}


def test_a_withheld_or_need_to_know_identity_is_never_found(jordan: Jordan) -> None:
    jordan.create_case(withhold_identity=True)
    jordan.create_case(kind=Kind.VIOLATION)
    indexed()
    assert not any(CaseSearch.objects.values_list("names", flat=True))
    for who in (PHONE, SAMER):
        assert find(jordan.main, who) == find(jordan.pm, who) == []
    assert not Event.objects.filter(kind="identity.looked").exists()


def test_what_became_need_to_know_is_not_found_though_the_index_has_not_heard_of_it(jordan: Jordan) -> None:
    case = jordan.create_case()
    indexed()
    commands.reclassify_case(
        case=case.pk, seen=1, kind=Kind.VIOLATION, reason="إبلاغ عن مخالفة", actor=jordan.main, at=NOON
    )  # fmt: skip
    assert find(jordan.pm, SAMER) == find(jordan.pm) == []


def test_the_citizen_reads_by_what_role_and_body_when_and_why(jordan: Jordan) -> None:
    case = jordan.create_case()
    for why in SEARCH_REASONS:
        find(jordan.main, why=why, at=NOON + HOUR)
    told = get_case_for_citizen(case.pk, NOON + DAY).timeline[: len(SEARCH_REASONS)]
    assert [entry.at for entry in told] == [NOON + HOUR] * len(SEARCH_REASONS)
    for entry, why in zip(told, reversed(SEARCH_REASONS), strict=True):
        assert "ضابط ارتباط رئيسي من أمانة عمان الكبرى" in entry.words.ar
        assert REASON_TEXTS[why].ar in entry.words.ar
        assert "موظف main" not in entry.words.ar
    assert list(verify_journal()) == []


def test_a_search_is_written_down_without_whom_it_was_for(jordan: Jordan) -> None:
    case = jordan.create_case()
    find(jordan.main)
    find(jordan.main, "٠٧٩ ١٢٣ ٤٥٦٧")
    rows = list(ChangeRecord.objects.filter(model=identity_disclosure.SEARCH_MODEL).order_by("id"))
    assert [row.actor for row in rows] == [str(jordan.main)] * 2
    kept = rows[0].after
    assert kept
    assert (kept["by"], kept["why"], kept["cases"]) == ("phone", "present", [case.reference])
    assert rows[1].after == kept  # the same person, for whoever looks through the searches
    assert "791234567" not in str(kept) + str(Event.objects.values_list("data", flat=True))
    identity_disclosure.record_opened_case(reference=case.reference, actor=jordan.main, at=NOON)
    assert ChangeRecord.objects.get(model=identity_disclosure.OPENED_MODEL).after == {"case": case.reference}


def test_an_officer_searches_so_often_a_day(jordan: Jordan) -> None:
    for _ in range(MAX_SEARCHES_PER_DAY):
        find(jordan.main, "0770000000")
    with pytest.raises(TooManySearches):
        find(jordan.main)
    assert find(jordan.rival) == []  # each officer's own
    assert find(jordan.main, at=NOON + DAY) == []


def test_a_look_stops_nobody_at_work_and_makes_nobody_a_handler(jordan: Jordan) -> None:
    case = jordan.create_case()
    find(jordan.pm)
    commands.assign_case(case=case.pk, seen=1, unit=jordan.roads, actor=jordan.main, at=NOON + HOUR)
    row = Case.objects.get(pk=case.pk)
    assert row.handlers == []
    assert list_officers_who_acted(case.pk) == {jordan.main.officer_id}


def test_a_case_on_paper_with_its_name_is_a_look_and_a_withheld_one_is_never_printed_so(
    jordan: Jordan,
) -> None:
    case, hidden = jordan.create_case(), jordan.create_case(withhold_identity=True)
    commands.record_printed_case(case=case.pk, actor=jordan.main, at=NOON + HOUR)
    assert "طُبع طلبك على ورق" in get_case_for_citizen(case.pk, NOON + DAY).timeline[0].words.ar
    with pytest.raises(NotPossibleNow):
        commands.record_printed_case(case=hidden.pk, actor=jordan.main, at=NOON + HOUR)
    with pytest.raises(NotAllowed):
        commands.record_printed_case(case=case.pk, actor=jordan.rival, at=NOON + HOUR)


def test_a_revealed_identity_says_to_whom(jordan: Jordan) -> None:
    case = jordan.create_case(withhold_identity=True)
    commands.assign_case(case=case.pk, seen=1, officer=jordan.pm.officer_id, actor=jordan.pm, at=NOON)
    commands.reveal_identity(case=case.pk, seen=2, reason="للاتصال به", actor=jordan.pm, at=NOON + HOUR)
    told = get_case_for_citizen(case.pk, NOON + DAY).timeline[0].words
    assert "وحدة المتابعة في رئاسة الوزراء" in told.ar
    assert "looked at your name and number" in told.en
