"""Published answers on every interface."""

from typing import Any

import pytest
from django.test import Client

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.commands import keep_case_private
from bekhedmetkom.cases.feed import advance_consumer
from bekhedmetkom.cases.models import Case
from bekhedmetkom.cases.projection import SearchProjection
from bekhedmetkom.cases.queries import find_published_answer, search_published_answers
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


def answer_case(jordan: Jordan, *, question: str = QUESTION, answer: str = ANSWER, **given: Any) -> Case:
    """A case with a published answer."""
    usual: dict[str, Any] = {
        "kind": "question", "service": jordan.services[TOPIC], "agreed": True,
        "applicant": Applicant(name="أم سليم", phone="+962791234567"),
    }  # fmt: skip
    case = jordan.create_assigned_case(OWN, **usual | given)
    commands.answer_case(
        case=case.pk, seen=case.seq, actor=jordan.roads_officer, at=NOON, disposition=Disposition.ANSWERED,
        text="حضرة السيدة أم سليم: تُجمع كل ليلة بعد العاشرة ما عدا يوم الجمعة.",
        quality_reason="يكفي",
    )  # fmt: skip
    case.refresh_from_db()
    commands.publish_case(
        case=case.pk, seen=case.seq, actor=jordan.main, at=NOON, text=question, answer=answer
    )
    return followed(case)


def followed(case: Case) -> Case:
    advance_consumer(SearchProjection(), horizon=2**62)
    case.refresh_from_db()
    return case


@pytest.mark.usefixtures("public")
def test_similar_answer_appears_with_its_source_on_every_interface(
    jordan: Jordan, client: Client, browser: Browser
) -> None:
    case = answer_case(jordan)
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
def test_page_shows_who_answered_and_when(jordan: Jordan, browser: Browser) -> None:
    case = answer_case(jordan)
    page = browser.open(f"/answers/{case.reference}")
    assert page.title == QUESTION
    assert ANSWER in page.text
    assert "أمانة عمان" in page.text
    assert "24 تشرين الثاني 2026" in page.text
    for own in ("أم سليم", "طبربور", "079"):
        assert own not in page.answer.content.decode()
    assert browser.open("/answers/BK-2222-3333").answer.status_code == 404


@pytest.mark.usefixtures("public")
def test_search_uses_only_the_published_text(jordan: Jordan) -> None:
    """Searching with a citizen's own words must not reveal that they wrote."""
    answer_case(jordan)
    assert search_published_answers(ASKED, 3)
    assert search_published_answers(OTHER, 3) == []
    assert search_published_answers("أم سليم جارتنا في طبربور", 3) == []
    assert search_published_answers("النفايات", 3) == [], "a word is no question"


@pytest.mark.usefixtures("public")
@pytest.mark.parametrize("end", ["taken down", "kept private", "appealed", "topic"])
def test_withdrawn_answer_is_not_found(jordan: Jordan, end: str) -> None:
    case = answer_case(jordan)
    match end:
        case "taken down":
            commands.publish_case(case=case.pk, seen=case.seq, actor=jordan.main, at=NOON, shown=False)
        case "kept private":
            keep_case_private(case=case.pk, seen=None, actor=jordan.get_citizen(case), at=NOON)
        case "appealed":
            commands.appeal_case(
                case=case.pk, seen=None, actor=jordan.get_citizen(case), at=NOON + HOUR, reason="لم يُجمع شيء"
            )
        case "topic":
            Service.objects.filter(code=TOPIC).update(public=False)
    followed(case)
    assert search_published_answers(ASKED, 3) == []
    assert find_published_answer(case.reference) is None


@pytest.mark.usefixtures("public")
@pytest.mark.parametrize("answer", ["راجع السيدة أم سليم", "اتصل بالرقم 0791234567", "اكتب إلى a@b.jo"])
def test_answer_that_names_a_person_is_not_published(jordan: Jordan, answer: str) -> None:
    with pytest.raises(InvalidInput):
        answer_case(jordan, answer=answer)


@pytest.mark.usefixtures("public")
def test_search_needs_one_query(jordan: Jordan, django_assert_num_queries: Any) -> None:
    answer_case(jordan)
    with django_assert_num_queries(1):
        assert search_published_answers(ASKED, 3)
    with django_assert_num_queries(0):
        search_published_answers("؟", 3)


@pytest.mark.usefixtures("public")
def test_desk_form_publishes_the_edited_answer(jordan: Jordan) -> None:
    case = answer_case(jordan)
    desk = Client()
    desk.force_login(Officer.objects.get(pk=jordan.main.id))
    address = f"/desk/cases/{case.reference}/release"
    page = desk.get(address).content.decode()
    assert QUESTION in page
    assert ANSWER in page
    sent = desk.post(address, {"seen": case.seq, "text": QUESTION, "answer": f"{ANSWER} شكرًا."})
    assert sent.status_code == 302
    found = find_published_answer(case.reference)
    assert found
    assert found.answer == f"{ANSWER} شكرًا."
