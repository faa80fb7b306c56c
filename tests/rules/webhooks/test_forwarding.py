"""Which cases go to a body's system, and what is said of them there: the least, and never what must not."""

from dataclasses import replace

import pytest

from bekhedmetkom.cases.rules.states import State
from bekhedmetkom.catalogue.rules import Handling, Kind
from bekhedmetkom.kernel.text import BilingualText
from bekhedmetkom.webhooks.rules.forwarding import (
    CaseContent,
    DetailLevel,
    build_request_fields,
    can_forward,
    get_detail_level,
    is_news,
)
from tests.rules.cases.test_deadlines import standing

ALL = frozenset(Kind)
CASE = CaseContent(
    reference="BK-1234-5678", topic=BilingualText("حفرة", "Pothole"), text="حفرة أمام بيتنا", name="سامر عبد الله عواد",
    phone="+962791234567", email="s@example.com", lat="31.95", long="35.91", address="شارع الجامعة",
)  # fmt: skip
PERSONAL = (CASE.text, "سامر", "عواد", CASE.phone, CASE.email)


def said(case: CaseContent, tells: DetailLevel) -> str:
    return "\n".join(build_request_fields(case, tells, "001", {}).values())


def test_lowest_detail_level_sends_topic_place_and_reference() -> None:
    assert build_request_fields(CASE, DetailLevel.TOPIC, "001", {"SIZE": "big"}) == {
        "service_code": "001", "lat": "31.95", "long": "35.91", "address_string": "شارع الجامعة",
        "description": "حفرة\n[BK-1234-5678]", "attribute[BEKHEDMETKOM_REFERENCE]": "BK-1234-5678",
        "attribute[SIZE]": "big",
    }  # fmt: skip
    assert not any(word in said(CASE, DetailLevel.TOPIC) for word in PERSONAL)


def test_contact_details_need_the_contact_level() -> None:
    assert CASE.text in said(CASE, DetailLevel.TEXT)
    assert not any(word in said(CASE, DetailLevel.TEXT) for word in PERSONAL[1:])
    sent = build_request_fields(CASE, DetailLevel.CONTACT, "001", {})
    assert (sent["first_name"], sent["last_name"]) == ("سامر", "عبد الله عواد")
    assert (sent["phone"], sent["email"]) == (CASE.phone, CASE.email)


@pytest.mark.parametrize("tells", DetailLevel)
def test_withheld_identity_is_not_sent(tells: DetailLevel) -> None:
    case = replace(CASE, withheld=True)
    assert get_detail_level(case, tells) is not DetailLevel.CONTACT
    assert not any(word in said(case, tells) for word in PERSONAL[1:])


def test_place_is_always_sent_and_text_is_limited() -> None:
    nowhere = replace(CASE, lat="", long="", address="", area="عمّان", text="س" * 4000)
    sent = build_request_fields(nowhere, DetailLevel.TEXT, "001", {})
    assert sent["address_string"] == "عمّان"
    assert len(sent["description"]) == 4000
    assert sent["description"].endswith("[BK-1234-5678]")


def test_only_open_cases_without_accused_are_forwarded() -> None:
    case = standing()
    assert can_forward(case, ALL, complains=False)
    assert not can_forward(case, ALL, complains=True)
    assert not can_forward(case, ALL - {case.kind}, complains=False)
    assert not can_forward(replace(case, about_officer_id=1), ALL, complains=False)
    assert not can_forward(replace(case, about_unit_id=1), ALL, complains=False)
    assert not can_forward(replace(case, kind=Kind.VIOLATION), ALL, complains=False)
    for care in set(Handling) - {Handling.OPEN}:
        assert not can_forward(replace(case, care=care), ALL, complains=False)
    going = {state for state in State if can_forward(replace(case, state=state), ALL, complains=False)}
    assert going == {
        State.RECEIVED, State.CLASSIFIED, State.ASSIGNED, State.AWAITING_CITIZEN, State.AWAITING_APPROVAL,
    }  # fmt: skip


def test_open_status_of_new_request_is_no_news() -> None:
    assert not is_news(closed=False, notes="", heard="")
    assert is_news(closed=False, notes="in hand", heard="")
    assert is_news(closed=True, notes="", heard="")
    assert is_news(closed=False, notes="", heard="a hash"), "opened again, or its note taken back"
