"""The desk's pages for people who come: a case registered for them, found by their name, and on paper."""

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from bekhedmetkom.cases.models import Case, Event
from bekhedmetkom.cases.queries import find_case_by_code
from bekhedmetkom.kernel.actor import Actor
from tests.interfaces.desk.conftest import Desk
from tests.personas import POTHOLE, Jordan

Sits = Callable[[Actor], Desk]
BRIBERY_TEXT = "الموظف طلب مني رشوة 50 دينار حتى يمشي المعاملة"


def parse_page(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.content, "html.parser")


def fill_form(desk: Desk, **given: str) -> dict[str, str]:
    """The form of the counter as an officer fills it in."""
    key = parse_page(desk.client.get(reverse("desk:register"))).select_one('[name="key"]')
    assert key
    return {"key": str(key["value"]), "paper": "counter", "kind": "complaint", "text": POTHOLE, "language": "ar",
            "name": "أم خالد", "phone": "0791234567"} | given  # fmt: skip


def submit_form(desk: Desk, form: dict[str, str]) -> Any:
    return desk.client.post(reverse("desk:register"), form)


def test_the_receipt_has_the_code_and_nothing_else_ever_has(jordan: Jordan, sits: Sits) -> None:
    desk = sits(jordan.main)
    answer = submit_form(desk, fill_form(desk, to=f"entity:{jordan.entities['GAM']}"))
    case = Case.objects.get()
    receipt = parse_page(answer).get_text(" ")
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert case.reference in receipt
    code = parse_page(answer).select(".receipt dd")[1].get_text(strip=True).replace("-", "")
    assert find_case_by_code(case.reference, code) == case.pk
    assert code not in desk.open_case(case).content.decode().replace("-", "")
    assert "شباك المراجعين" in desk.open_case(case).content.decode()


def test_a_page_sent_twice_is_one_case(jordan: Jordan, sits: Sits) -> None:
    desk = sits(jordan.main)
    form = fill_form(desk)
    first, second = submit_form(desk, form), submit_form(desk, form)
    assert Case.objects.count() == 1
    assert [dd.get_text() for dd in parse_page(first).select(".receipt dd")] == [
        dd.get_text() for dd in parse_page(second).select(".receipt dd")
    ]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"paper": ""}, "paper"),
        ({"paper": "letter"}, "came_on"),
        ({"paper": "letter", "came_on": "2026-11-25"}, "came_on"),
        ({"paper": "letter", "came_on": "yesterday"}, "came_on"),
        ({"text": ""}, "text"),
        ({"phone": "12"}, "phone"),
        ({"to": "entity:999999"}, "to"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    jordan: Jordan, sits: Sits, given: dict[str, str], field: str
) -> None:
    desk = sits(jordan.main)
    form = fill_form(desk, **given)
    answer = submit_form(desk, form)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "أم خالد" in answer.content.decode()
    assert parse_page(answer).select_one(f'[name="key"][value="{form["key"]}"]')
    assert not Case.objects.exists()


def test_at_the_gate_a_visitor_may_choose_and_a_letter_goes_elsewhere(jordan: Jordan, sits: Sits) -> None:
    desk = sits(jordan.main)
    stopped = submit_form(desk, fill_form(desk, text=BRIBERY_TEXT))
    assert stopped.status_code == 422
    assert parse_page(stopped).select_one('[name="gate_declined"]')
    letter = submit_form(desk, fill_form(desk, text=BRIBERY_TEXT, paper="letter", came_on="2026-11-23"))
    assert not parse_page(letter).select_one('[name="gate_declined"]')
    assert "هيئة النزاهة" in letter.content.decode()
    assert not Case.objects.exists()
    assert submit_form(desk, fill_form(desk, text=BRIBERY_TEXT, gate_declined="on")).status_code == 200
    assert Case.objects.count() == 1


def test_a_person_is_found_without_their_number_in_any_address(jordan: Jordan, sits: Sits) -> None:
    case, desk = jordan.create_case(), sits(jordan.main)
    answer = desk.client.post(reverse("desk:people"), {"who": "0791234567", "why": "present"})
    assert answer.status_code == 200
    assert case.reference in answer.content.decode()
    assert "079 ••• ••67" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    opened = desk.client.post(reverse("desk:people-open"), {"reference": case.reference})
    assert opened["Location"] == reverse("desk:case", args=[case.reference])
    hidden = jordan.create_case(entity=jordan.entities["MOH"])
    assert desk.client.post(reverse("desk:people-open"), {"reference": hidden.reference}).status_code == 404


def test_a_search_without_a_reason_is_none(jordan: Jordan, sits: Sits) -> None:
    jordan.create_case()
    answer = sits(jordan.main).client.post(reverse("desk:people"), {"who": "0791234567", "why": ""})
    assert answer.status_code == 422
    assert "0791234567" in answer.content.decode()  # what was typed stays


def test_paper_has_a_name_only_where_that_is_written_down(jordan: Jordan, sits: Sits) -> None:
    case, desk = jordan.create_case(), sits(jordan.main)
    address = reverse("desk:print", args=[case.reference])
    plain = desk.client.get(address).content.decode()
    assert POTHOLE in plain
    assert "سامر عواد" not in plain
    assert not Event.objects.filter(kind="identity.looked").exists()
    assert "سامر عواد" in desk.client.post(address).content.decode()
    assert Event.objects.filter(case=case, kind="identity.looked").count() == 1


def test_a_withheld_name_is_on_no_paper(jordan: Jordan, sits: Sits) -> None:
    case = jordan.create_case(withhold_identity=True)
    answer = sits(jordan.main).client.post(reverse("desk:print", args=[case.reference]))
    assert answer.status_code == 409
    assert "سامر عواد" not in answer.content.decode()


def test_the_side_bar_offers_what_an_officer_may(jordan: Jordan, sits: Sits) -> None:
    def offered(who: Actor) -> set[str]:
        links = {str(link["href"]) for link in parse_page(sits(who).open_list()).select(".side a")}
        return links & {reverse("desk:register"), reverse("desk:people")}

    assert offered(jordan.main) == {"/desk/register", "/desk/people"}
    assert offered(jordan.roads_officer) == {"/desk/register"}
    assert offered(jordan.head) == set()
