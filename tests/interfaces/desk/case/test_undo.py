"""For ten seconds the page offers to take back what was just done; afterwards it says, calmly, that it is too late."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bs4 import BeautifulSoup
from django.urls import reverse

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Case
from bekhedmetkom.kernel.actor import Actor
from tests.commands.cases.case_stages import ANSWER
from tests.interfaces.desk.conftest import Desk
from tests.personas import HOUR, NOON, Jordan

Sits = Callable[[Actor], Desk]
Now = Callable[[object], None]
TWO_HOURS_LATER = NOON + 2 * HOUR


def find_undo_button(desk: Desk, answer: Any) -> tuple[str, dict[str, str]] | None:
    """Follow the answer to its page: where the button there leads, and what it sends."""
    page = BeautifulSoup(desk.client.get(answer.headers["Location"]).content, "html.parser")
    form = page.select_one("form.undo")
    if form is None:
        return None
    return str(form["action"]), {"seen": str(form.select("input[name=seen]")[0]["value"])}


def press_button(desk: Desk, button: tuple[str, dict[str, str]] | None) -> str:
    assert button
    page = desk.client.post(*button, follow=True)
    assert page.status_code == 200
    return BeautifulSoup(page.content, "html.parser").select(".notices")[0].get_text()


def test_an_answer_is_taken_back_and_its_words_wait_in_the_form(jordan: Jordan, sits: Sits) -> None:
    case, desk = jordan.create_case(), sits(jordan.main)
    button = find_undo_button(desk, desk.submit(case, "answer", text=ANSWER, disposition="upheld"))
    assert "تراجعت" in press_button(desk, button)
    case.refresh_from_db()
    assert case.state == "received"
    page = BeautifulSoup(desk.open_form(case, "answer").content, "html.parser")
    assert page.select("textarea[name=text]")[0].get_text().strip() == ANSWER
    assert page.select(".log .is-undone s")[0].get_text().startswith("أُرسل الرد")


def test_what_left_ones_sight_comes_back(jordan: Jordan, sits: Sits) -> None:
    case, desk = jordan.create_case(), sits(jordan.main)
    button = find_undo_button(
        desk, desk.submit(case, "refer", entity=str(jordan.entities["MOH"]), reason="للصحة")
    )
    assert desk.open_case(case).status_code == 404
    assert "تراجعت" in press_button(desk, button)
    assert desk.open_case(case).status_code == 200


def test_too_late_and_the_page_says_so(jordan: Jordan, sits: Sits, now: Now) -> None:
    case, desk = jordan.create_case(), sits(jordan.main)
    button = find_undo_button(desk, desk.submit(case, "note", text="اتصلت بالقسم"))
    now(TWO_HOURS_LATER + timedelta(seconds=11))
    assert "مضت الثواني العشر" in press_button(desk, button)


def test_a_page_opened_later_offers_nothing(jordan: Jordan, sits: Sits, now: Now) -> None:
    case, desk = jordan.create_case(), sits(jordan.main)
    answer = desk.submit(case, "note", text="اتصلت بالقسم")
    now(TWO_HOURS_LATER + timedelta(seconds=11))
    assert find_undo_button(desk, answer) is None


def test_what_cannot_be_taken_back_is_not_offered(jordan: Jordan, sits: Sits) -> None:
    case, desk = jordan.create_case(), sits(jordan.main)
    assert find_undo_button(desk, desk.submit(case, "draft", text="نبدأ هكذا")) is None
    assert find_undo_button(desk, desk.submit(case, "split", text="جزء آخر")) is None


def test_nobody_takes_back_what_another_did(jordan: Jordan, sits: Sits) -> None:
    case = jordan.create_case()
    commands.add_note(case=case.pk, seen=1, actor=jordan.main, at=TWO_HOURS_LATER, text="ملاحظة")
    address = reverse("desk:undo", args=[case.reference])
    page = sits(jordan.manager).client.post(address, {"seen": "2"}, follow=True)
    assert "من قام بها وحده" in page.content.decode()
    assert sits(jordan.rival).client.post(address, {"seen": "2"}).status_code == 404
    assert Case.objects.get(pk=case.pk).seq == 2


def test_a_number_that_is_none_takes_nothing_back(jordan: Jordan, sits: Sits) -> None:
    case, desk = jordan.create_case(), sits(jordan.main)
    desk.submit(case, "note", text="ملاحظة")
    for seen in ("", "x", "-1", "²", "9" * 30):
        desk.client.post(reverse("desk:undo", args=[case.reference]), {"seen": seen})
    assert Case.objects.get(pk=case.pk).seq == 2
