"""What everybody may read: only what its citizen agreed to, in the desk's own words, and until either ends it."""

from typing import Any

import pytest

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Case, CaseText
from bekhedmetkom.cases.queries import find_desk_case, get_case_for_citizen, list_public_cases, verify_journal
from bekhedmetkom.cases.rules.applicant import Applicant
from bekhedmetkom.cases.rules.publication import contains_personal_data
from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.cases.rules.transitions import NotPossibleNow
from bekhedmetkom.catalogue.models import Service
from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.entities.table_cache import refresh_versions
from bekhedmetkom.kernel.errors import InvalidInput, NotAllowed
from tests.personas import NOON, Jordan

TOPIC = "GAM-001"
WORDS = "حاوية مكسورة عند المدرسة"


@pytest.fixture(autouse=True)
def _public(jordan: Jordan) -> None:
    Service.objects.filter(code=TOPIC).update(public=True)
    refresh_versions()


def brought(jordan: Jordan, **given: Any) -> Case:
    usual: dict[str, Any] = {"service": jordan.services[TOPIC], "agreed": True}
    return jordan.create_case(**usual | given)


def release(jordan: Jordan, case: Case, text: str = WORDS, **given: Any) -> None:
    case.refresh_from_db()
    commands.publish_case(case=case.pk, seen=case.seq, actor=jordan.main, at=NOON, text=text, **given)
    case.refresh_from_db()


def shown() -> dict[str, str]:
    return {one.reference: one.text for one in list_public_cases(most=100)}


def test_it_is_shown_in_the_words_of_the_desk_and_its_citizen_reads_which(jordan: Jordan) -> None:
    case = brought(jordan)
    assert shown() == {}
    release(jordan, case)
    assert shown() == {case.reference: WORDS}
    entry = get_case_for_citizen(case.pk, NOON).timeline[0]
    assert (entry.happened, entry.texts[0].body) == (EventType.RELEASED, WORDS)
    release(jordan, case, "حاوية مكسورة، واستُبدلت")
    assert shown() == {case.reference: "حاوية مكسورة، واستُبدلت"}
    assert list(verify_journal()) == []


def test_either_side_ends_it(jordan: Jordan) -> None:
    one, other = brought(jordan), brought(jordan)
    for case in (one, other):
        release(jordan, case)
    release(jordan, one, "", shown=False)
    commands.keep_case_private(case=other.pk, seen=None, actor=jordan.get_citizen(other), at=NOON)
    assert shown() == {}
    release(jordan, one)
    with pytest.raises(NotPossibleNow):
        release(jordan, other)
    assert shown() == {one.reference: WORDS}
    assert list(verify_journal()) == []


@pytest.mark.parametrize(
    "given",
    [
        {"agreed": False}, {"service": None}, {"kind": Kind.VIOLATION}, {"about_employee": "سليم"},
        {"about_unit": "ROADS"}, {"about_unit": "قسم لا نعرفه"},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_not_for_everybody_is_not_released(jordan: Jordan, given: dict[str, Any]) -> None:
    case = brought(jordan, **given)
    with pytest.raises((NotPossibleNow, NotAllowed)):
        release(jordan, case)
    assert shown() == {}


def test_agreeing_means_nothing_where_the_topic_does_not_allow_it(jordan: Jordan) -> None:
    assert not brought(jordan, service=jordan.services["GAM-002"]).agreed


@pytest.mark.parametrize(
    "text",
    [
        "يسكن سامر عواد هنا", "اتصلوا على 0791234567", "٠٧٩ ١٢٣ ٤٥٦٧", "079-123-4567", "رقمه 9851234567", "a@b.jo",
        "طلب مني رشوة",
    ],
)  # fmt: skip
def test_what_names_somebody_is_refused(jordan: Jordan, text: str) -> None:
    case = brought(jordan, applicant=Applicant(name="سامر عواد"))
    with pytest.raises((InvalidInput, commands.UseConfidentialChannel)):
        release(jordan, case, text)
    assert shown() == {}


@pytest.mark.parametrize("text", ["حفرة عمقها 40 سم منذ 12/10/2026", "شارع 15، عمارة 7", WORDS])
def test_an_ordinary_sentence_names_nobody(text: str) -> None:
    assert not contains_personal_data(text, "", "سامر عواد")


def test_it_is_for_who_distributes(jordan: Jordan) -> None:
    case = brought(jordan)
    seen = find_desk_case(jordan.main, case.reference, NOON)
    assert seen and "release" in seen.can
    for officer in (jordan.manager, jordan.rival, jordan.head):
        with pytest.raises(NotAllowed):
            commands.publish_case(case=case.pk, seen=1, actor=officer, at=NOON, text=WORDS)
    other = find_desk_case(jordan.main, brought(jordan, agreed=False).reference, NOON)
    assert other and "release" not in other.can


def test_only_its_citizen_keeps_it_private(jordan: Jordan) -> None:
    case, other = brought(jordan), brought(jordan)
    with pytest.raises(NotAllowed):
        commands.keep_case_private(case=case.pk, seen=None, actor=jordan.get_citizen(other), at=NOON)


def test_a_part_of_a_case_is_agreed_to_by_nobody(jordan: Jordan) -> None:
    case = brought(jordan)
    release(jordan, case)
    commands.split_case(case=case.pk, seen=case.seq, actor=jordan.main, at=NOON, text="والرصيف أيضًا")
    part = Case.objects.exclude(pk=case.pk).get()
    assert (part.agreed, part.released) == (False, 0)


def test_erased_words_are_nobodys(jordan: Jordan) -> None:
    case = brought(jordan)
    release(jordan, case)
    commands.erase_case(case=case.pk, seen=None, actor=jordan.get_citizen(case), at=NOON)
    assert shown() == {}
    assert not CaseText.objects.filter(case=case).exists()
    assert list(verify_journal()) == []
