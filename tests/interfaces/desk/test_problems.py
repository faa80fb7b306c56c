"""Problems at the desk and for everybody: who sees what, what is typed stays, one answer goes to all."""

from collections.abc import Callable
from typing import Any

from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from bekhedmetkom.cases.models import Case
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.problems import commands
from bekhedmetkom.problems.models import Problem, SimilarCase
from tests.hostile_values import HOSTILE_TEXTS
from tests.interfaces.api.case_stages import create_problem
from tests.interfaces.desk.conftest import Desk
from tests.personas import DAY, NOON, Jordan

Sits = Callable[[Actor], Desk]


def create_found_problem(*cases: Case) -> int:
    row = create_problem(
        status="found", name_ar="", name_en="", fix_on=None, confirmed_at=None, version=1, found_cases=5
    )
    for case in cases:
        SimilarCase.objects.create(problem_id=row, case=case, received_at=NOON, similarity=70)
    return row


def fill_form(jordan: Jordan, *cases: Case, **given: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {
        "do": "confirm", "seen": 1, "name_ar": "كسر خط مياه في السعادة", "name_en": "A burst main in Saada",
        "note_ar": "تعمل عليه فرقتان.", "note_en": "Two crews are at work.", "entity": jordan.entities["GAM"],
        "fix_on": (NOON + 9 * DAY).date().isoformat(), "case": [case.reference for case in cases],
    }  # fmt: skip
    return usual | given


def get_problem_url(problem: int) -> str:
    return reverse("desk:problem", args=[problem])


def test_alike_cases_become_a_problem_and_get_one_answer(jordan: Jordan, sits: Sits) -> None:
    cases = [jordan.create_case(f"كسر في خط المياه رقم {number}") for number in range(3)]
    problem, client = create_found_problem(*cases), sits(jordan.main).client
    assert "طلبات متشابهة (3)" in client.get(reverse("desk:problems")).content.decode()
    page = client.post(get_problem_url(problem), fill_form(jordan, *cases[:2]), follow=True)
    said = page.content.decode()
    assert "حُفظ الربط: طلبان" in said
    soup = BeautifulSoup(said, "html.parser")
    assert [title.get_text() for title in soup.select("#alike-h")] == ["قد تكون منها (1)"]
    answer = soup.select_one("a[href*='bulk/answer']")
    assert answer is not None
    form = BeautifulSoup(client.get(str(answer["href"])).content.decode(), "html.parser")
    sent = {"case": [str(one["value"]) for one in form.select("input[name=case]")], "disposition": "upheld",
            "text": "أصلحت فرقة الطرق الخط اليوم 24 تشرين الثاني، وعادت المياه. لك أن تعترض من صفحة طلبك."}  # fmt: skip
    report = client.post(reverse("desk:bulk", args=["answer"]), sent).content.decode()
    assert [Case.objects.get(pk=case.pk).state for case in cases] == ["answered", "answered", "received"], (
        report
    )


def test_what_is_typed_wrong_stays_and_stores_nothing(jordan: Jordan, sits: Sits) -> None:
    case = jordan.create_case()
    problem, client = create_found_problem(case), sits(jordan.main).client
    page = client.post(
        get_problem_url(problem), fill_form(jordan, note_en="", name_ar="اتصلوا على 0791234567")
    )
    assert page.status_code == 422
    soup = BeautifulSoup(page.content.decode(), "html.parser")
    assert [field["value"] for field in soup.select("[name=name_en]")] == ["A burst main in Saada"]
    assert [box.has_attr("checked") for box in soup.select("input[name=case]")] == [False]
    assert Problem.objects.get(pk=problem).status == "found"


def test_nobody_elses_problem_is_there(jordan: Jordan, sits: Sits) -> None:
    problem = create_found_problem(jordan.create_case())
    assert sits(jordan.roads_officer).client.get(get_problem_url(problem)).status_code == 403
    assert sits(jordan.rival).client.get(get_problem_url(problem)).status_code == 404
    assert sits(jordan.pm).client.get(get_problem_url(problem)).status_code == 200


def test_it_is_moved_fixed_and_let_go_by_buttons(jordan: Jordan, sits: Sits) -> None:
    client, case = sits(jordan.main).client, jordan.create_case()
    problem = create_problem()
    commands.link_case(case=case.pk, seen=1, actor=jordan.main, at=NOON, problem=problem)
    day = (NOON + 12 * DAY).date().isoformat()
    moved = {
        "do": "move",
        "seen": 2,
        "fix_on": day,
        "reason_ar": "تأخرت القطع.",
        "reason_en": "Parts are late.",
    }
    assert client.post(get_problem_url(problem), moved).status_code == 302
    changed = client.post(get_problem_url(problem), moved, follow=True).content.decode()
    assert "تغيّرت المشكلة" in changed
    assert "لم يُرد عليها: 1." in changed
    client.post(get_problem_url(problem), {"do": "unlink", "case": case.reference})
    assert "لم يُرد عليها" not in client.get(get_problem_url(problem)).content.decode()
    assert Case.objects.get(pk=case.pk).problem_id is None
    client.post(get_problem_url(problem), {"do": "fixed", "seen": 3})
    assert Problem.objects.get(pk=problem).status == "fixed"


def test_no_ugly_input_breaks_a_form(jordan: Jordan, sits: Sits) -> None:
    client, both = (
        sits(jordan.main).client,
        {"confirm": create_found_problem(), "move": create_problem(), "link": create_problem()},
    )
    fields = ("name_ar", "note_en", "entity", "unit", "officer", "fix_on", "reason_ar", "case", "seen", "do")
    short = [bad for bad in HOSTILE_TEXTS if len(bad.value) < 5000]
    for number, bad in enumerate(short):
        value = bad.value.decode("latin-1") if isinstance(bad.value, bytes) else bad.value
        value = value.encode("utf-8", "replace").decode()
        do = list(both)[number % 3]
        sent = {
            **fill_form(jordan, reason_ar="سبب", reason_en="Why", do=do, seen=2),
            fields[number % 10]: value,
        }
        status = client.post(get_problem_url(both[do]), sent).status_code
        assert status in (200, 302, 400, 422), (do, bad.name, status)


def test_the_page_asks_for_few_things(
    jordan: Jordan, sits: Sits, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = sits(jordan.main).client
    problem = create_found_problem(*(jordan.create_case() for _ in range(6)))
    client.get(get_problem_url(problem))
    with django_assert_max_num_queries(12):
        client.get(get_problem_url(problem))
    with django_assert_max_num_queries(8):
        client.get(reverse("desk:problems"))


def test_everybody_reads_what_it_is_and_no_case(jordan: Jordan, client: Client) -> None:
    case, problem = jordan.create_case("جاري أبو أحمد قال إن الخط انفجر"), create_problem()
    hidden = create_found_problem(jordan.create_case())
    commands.link_case(case=case.pk, seen=1, actor=jordan.main, at=NOON, problem=problem)
    commands.update_people_counts([problem])
    shown = client.get(reverse("portal:problem", args=[problem])).content.decode()
    assert "أبلغ عنها عدة أشخاص" in shown
    assert case.reference not in shown and "أبو أحمد" not in shown
    assert client.get(reverse("portal:problem", args=[hidden])).status_code == 404
    assert f"/problems/{hidden}" not in client.get(reverse("portal:problems")).content.decode()
    assert "حفر في شارع الجامعة" in client.get(reverse("portal:problems")).content.decode()
