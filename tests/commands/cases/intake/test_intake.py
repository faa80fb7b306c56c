"""A submission is taken once, whole, or not at all; and what belongs elsewhere is never kept."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections

from bekhedmetkom.cases.commands import IdempotencyKeyReused, SubmissionResult, UseConfidentialChannel
from bekhedmetkom.cases.models import Case, CaseText, Event, Idempotency, Particulars
from bekhedmetkom.cases.queries import find_case_for_citizen, verify_journal
from bekhedmetkom.cases.receipts import verify_receipt
from bekhedmetkom.catalogue.rules import Handling, Kind
from bekhedmetkom.kernel.errors import InvalidInput
from tests.personas import NOON, Jordan

BRIBE = "طلب مني الموظف رشوة 200 دينار حتى يمشي المعاملة"
KEY = "one-key-of-a-form-0001"


def test_the_person_gets_a_reference_a_code_a_date_and_a_receipt(jordan: Jordan) -> None:
    sent = jordan.submit()
    assert sent.reference.startswith("BK-")
    assert len(sent.access_code) == 10
    assert sent.due_at > NOON
    first = Event.objects.get(case=sent.case, seq=1)
    assert verify_receipt(sent.receipt) == bytes(first.hash)
    assert verify_receipt(sent.receipt[:-8] + "AAAAAAA=") is None


def test_sending_again_gives_the_same_answer_and_no_second_case(jordan: Jordan) -> None:
    first, again = jordan.submit(key=KEY), jordan.submit(key=KEY)
    assert (again.reference, again.access_code, again.receipt) == (
        first.reference,
        first.access_code,
        first.receipt,
    )
    assert (first.replayed, again.replayed) == (False, True)
    assert Case.objects.count() == 1


def test_the_same_key_for_something_else_is_refused(jordan: Jordan) -> None:
    jordan.submit(key=KEY)
    with pytest.raises(IdempotencyKeyReused):
        jordan.submit("نص آخر تمامًا", key=KEY)
    assert Case.objects.count() == 1


def test_eight_clicks_at_once_make_one_case(committed_jordan: Jordan) -> None:
    jordan = committed_jordan

    def click(_: int) -> SubmissionResult:
        try:
            return jordan.submit(key=KEY)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as people:
        sent = list(people.map(click, range(8)))
    assert len({(one.reference, one.access_code) for one in sent}) == 1
    assert sorted(one.replayed for one in sent) == [False] + [True] * 7
    assert Case.objects.count() == 1


def test_no_secret_stands_in_the_database(jordan: Jordan) -> None:
    sent = jordan.submit(key=KEY)
    with connection.cursor() as cursor:
        for table in ("case", "event", "case_text", "case_particulars", "idempotency"):
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM \"{table}\" t")
            (everything,) = cursor.fetchone()
            assert sent.access_code not in everything
            assert KEY not in everything


def test_an_event_holds_no_personal_word(jordan: Jordan) -> None:
    sent = jordan.submit(title="حفرة", address="شارع الجامعة")
    data = str(Event.objects.get(case=sent.case).data)
    for personal in ("حفرة", "الجامعة", "سامر", "962791234567"):
        assert personal not in data


def test_a_wrong_code_and_an_unknown_reference_answer_alike(jordan: Jordan) -> None:
    sent = jordan.submit()
    assert find_case_for_citizen(sent.reference, "0000000000", NOON) is None
    assert find_case_for_citizen("BK-0000-0000", sent.access_code, NOON) is None
    assert find_case_for_citizen(sent.reference, sent.access_code, NOON) is not None


def test_corruption_is_not_kept_until_the_person_decides(jordan: Jordan) -> None:
    with pytest.raises(UseConfidentialChannel):
        jordan.submit(BRIBE)
    for table in (Case, CaseText, Event, Particulars, Idempotency):
        assert table.objects.count() == 0
    assert jordan.create_case(BRIBE, gate_declined=True).care == Handling.OPEN


def test_a_violation_is_need_to_know_and_its_identity_withheld(jordan: Jordan) -> None:
    case = jordan.create_case("مطعم بلا رخصة في شارع الجامعة", kind=Kind.VIOLATION)
    assert (case.care, case.withheld) == (Handling.INSPECTION, True)


@pytest.mark.parametrize(
    ("topic", "care", "body"),
    [("PSD-001", Handling.HUMAN_RIGHTS, "GHR"), ("FJPD-002", Handling.PROTECTED, "FJPD")],
)
def test_topics_of_care_never_go_to_the_body_complained_of(
    jordan: Jordan, topic: str, care: Handling, body: str
) -> None:
    case = jordan.create_case("ضربني في المركز", entity=None, service=jordan.services[topic])
    assert (case.care, case.entity_id, case.withheld) == (care, jordan.entities[body], True)


def test_a_sealed_topic_leads_to_the_confidential_channel(jordan: Jordan) -> None:
    with pytest.raises(UseConfidentialChannel):
        jordan.submit("شيء رأيته", entity=None, service=jordan.services["IACC-001"])
    assert Case.objects.count() == 0


def test_danger_to_life_still_goes_and_goes_urgent(jordan: Jordan) -> None:
    case = jordan.create_case("سلك كهربا مكشوف وواقع على الأرض جنب مدرسة والأطفال بلعبوا حواليه")
    assert case.urgent
    assert (case.due_at - case.received_at).total_seconds() == 24 * 3600


def test_unsure_goes_to_triage_and_is_never_lost(jordan: Jordan) -> None:
    case = jordan.create_case("عندي موضوع", entity=None)
    assert case.triage
    assert case.entity_id == jordan.entities["PM"]


@pytest.mark.parametrize(
    "given",
    [
        {"text": " \n "}, {"text": "\x00\ud800"}, {"text": "ا" * 4001}, {"title": "ا" * 201}, {"entity": 999_999},
        {"service": 999_999},
    ],
)  # fmt: skip
def test_bad_input_is_refused_with_a_sentence_and_stores_nothing(
    jordan: Jordan, given: dict[str, Any]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        jordan.submit(**({"text": "نص"} | given))
    assert all(refused.value.message)
    assert Case.objects.count() == Idempotency.objects.count() == 0


def test_control_characters_and_overrides_are_dropped_and_the_words_stay(jordan: Jordan) -> None:
    case = jordan.create_case("حفرة\x00 في\u202e الشارع\r\nأمام البيت")
    assert CaseText.objects.get(case=case, field="text").body == "حفرة في الشارع\nأمام البيت"


def test_everything_taken_in_verifies(jordan: Jordan) -> None:
    for kind in Kind:
        jordan.create_case("موضوع عام للتجربة", kind=kind)
    assert list(verify_journal()) == []
