"""An answer that everybody may read comes to whoever asks the same, at each door, with its source; no other does."""

from typing import Any

import pytest
from django.test import Client

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.commands import keep_private
from bekhedmetkom.cases.feed import advance
from bekhedmetkom.cases.follower import SearchFollower
from bekhedmetkom.cases.models import Case
from bekhedmetkom.cases.queries import answers_like, published_answer
from bekhedmetkom.cases.rules.applicant import Applicant
from bekhedmetkom.catalogue.models import Service
from bekhedmetkom.catalogue.rules import Disposition
from bekhedmetkom.entities.table_cache import refresh_versions
from bekhedmetkom.identity.models import Officer
from bekhedmetkom.kernel.errors import InvalidInput
from tests.personas import HOUR, NOON, Jordan

from ..browser import Browser

TOPIC = "GAM-001"
OWN = "جارتنا أم سليم تسأل متى تجمعون النفايات من حاويات طبربور"
QUESTION = "متى تُجمع النفايات من الحاويات في الأحياء السكنية؟"
ANSWER = "تُجمع النفايات من حاويات الأحياء السكنية كل ليلة بعد العاشرة، ما عدا الجمعة."
ASKED = "متى بتجمعوا النفايات من الحاويات بالأحياء السكنية"
OTHER = "متى يفتح مكتب ترخيص السواقين في إربد بشهر رمضان"


@pytest.fixture
def public(jordan: Jordan) -> None:
    Service.objects.filter(code=TOPIC).update(public=True)
    refresh_versions()


def answered(jordan: Jordan, *, question: str = QUESTION, answer: str = ANSWER, **given: Any) -> Case:
    """A case with its answer, published."""
    usual: dict[str, Any] = {
        "kind": "question", "service": jordan.services[TOPIC], "agreed": True,
        "applicant": Applicant(name="أم سليم", phone="+962791234567"),
    }  # fmt: skip
    case = jordan.in_hand(OWN, **usual | given)
    commands.answer(
        case=case.pk, seen=case.seq, actor=jordan.roads_officer, at=NOON, disposition=Disposition.ANSWERED,
        text="حضرة السيدة أم سليم: تُجمع كل ليلة بعد العاشرة ما عدا يوم الجمعة.",
        quality_reason="يكفي",
    )  # fmt: skip
    case.refresh_from_db()
    commands.release(case=case.pk, seen=case.seq, actor=jordan.main, at=NOON, text=question, answer=answer)
    return followed(case)


def followed(case: Case) -> Case:
    advance(SearchFollower(), horizon=2**62)
    case.refresh_from_db()
    return case


@pytest.mark.usefixtures("public")
def test_it_comes_with_its_source_at_each_door(jordan: Jordan, client: Client, browser: Browser) -> None:
    case = answered(jordan)
    said = client.post("/api/v1/suggest", {"text": ASKED}, "application/json").json()
    (similar,) = said["similar"]
    assert (similar["question"], similar["answer"], similar["reference"]) == (
        QUESTION,
        ANSWER,
        case.reference,
    )
    assert (similar["entity"], similar["answered_at"][:10]) == ("GAM", "2026-11-24")
    assert 0.35 <= similar["score"] <= 1
    page = browser.open("/new").send(kind="question").send(text=ASKED)
    assert page.title == "إلى أي جهة؟"
    assert ANSWER in page.text
    assert page.page.select_one(f'a[href="/answers/{case.reference}"]')
    assert browser.send(to="GAM/-").title == "كيف نصل إليك؟", "whoever wants to goes on"
    client.post("/chat", {"choice": "kind:question"})
    talk = client.post("/chat", {"text": ASKED}, follow=True).content.decode()
    assert ANSWER in talk
    assert case.reference in talk
    assert "يكفيني الجواب" in talk
    assert "محونا" in client.post("/chat", {"choice": "enough"}, follow=True).content.decode()
    assert Case.objects.count() == 1


@pytest.mark.usefixtures("public")
def test_its_page_says_who_answered_when(jordan: Jordan, browser: Browser) -> None:
    case = answered(jordan)
    page = browser.open(f"/answers/{case.reference}")
    assert page.title == QUESTION
    assert ANSWER in page.text
    assert "أمانة عمان" in page.text
    assert "24 تشرين الثاني 2026" in page.text
    for own in ("أم سليم", "طبربور", "079"):
        assert own not in page.answer.content.decode()
    assert browser.open("/answers/BK-2222-3333").answer.status_code == 404


@pytest.mark.usefixtures("public")
def test_it_is_found_by_what_was_published_and_by_nothing_else(jordan: Jordan) -> None:
    """Whoever asks with somebody's own words must not learn that they wrote."""
    answered(jordan)
    assert answers_like(ASKED, 3)
    assert answers_like(OTHER, 3) == []
    assert answers_like("أم سليم جارتنا في طبربور", 3) == []
    assert answers_like("النفايات", 3) == [], "a word is no question"


@pytest.mark.usefixtures("public")
@pytest.mark.parametrize("end", ["taken down", "kept private", "appealed", "topic"])
def test_what_is_public_no_longer_is_no_answer(jordan: Jordan, end: str) -> None:
    case = answered(jordan)
    match end:
        case "taken down":
            commands.release(case=case.pk, seen=case.seq, actor=jordan.main, at=NOON, shown=False)
        case "kept private":
            keep_private(case=case.pk, seen=None, actor=jordan.citizen(case), at=NOON)
        case "appealed":
            commands.appeal(
                case=case.pk, seen=None, actor=jordan.citizen(case), at=NOON + HOUR, reason="لم يُجمع شيء"
            )
        case "topic":
            Service.objects.filter(code=TOPIC).update(public=False)
    followed(case)
    assert answers_like(ASKED, 3) == []
    assert published_answer(case.reference) is None


@pytest.mark.usefixtures("public")
@pytest.mark.parametrize("answer", ["راجع السيدة أم سليم", "اتصل بالرقم 0791234567", "اكتب إلى a@b.jo"])
def test_an_answer_that_names_somebody_is_not_published(jordan: Jordan, answer: str) -> None:
    with pytest.raises(InvalidInput):
        answered(jordan, answer=answer)


@pytest.mark.usefixtures("public")
def test_one_question_of_the_database(jordan: Jordan, django_assert_num_queries: Any) -> None:
    answered(jordan)
    with django_assert_num_queries(1):
        assert answers_like(ASKED, 3)
    with django_assert_num_queries(0):
        answers_like("؟", 3)


@pytest.mark.usefixtures("public")
def test_the_desk_publishes_it_in_a_form_that_keeps_what_stands(jordan: Jordan) -> None:
    case = answered(jordan)
    desk = Client()
    desk.force_login(Officer.objects.get(pk=jordan.main.id))
    address = f"/desk/cases/{case.reference}/release"
    page = desk.get(address).content.decode()
    assert QUESTION in page
    assert ANSWER in page
    sent = desk.post(address, {"seen": case.seq, "text": QUESTION, "answer": f"{ANSWER} شكرًا."})
    assert sent.status_code == 302
    found = published_answer(case.reference)
    assert found
    assert found.answer == f"{ANSWER} شكرًا."
