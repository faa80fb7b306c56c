"""The pages of those above the work: one tap does it, eight queries show it, nothing says what may not be known."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Case, Event
from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.cases.workspace_models import Follow
from bekhedmetkom.catalogue.rules import Disposition, EscalationLevel, Kind
from bekhedmetkom.entities.models import ChangeRecord
from bekhedmetkom.entities.table_cache import refresh_versions
from bekhedmetkom.identity.models import Membership, Officer
from bekhedmetkom.identity.queries import get_actor
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.kernel.actor import Actor
from tests.interfaces.desk.conftest import Desk
from tests.personas import DAY, HOUR, NOON, Jordan

Sits = Callable[[Actor], Desk]


@pytest.fixture
def jordan(jordan: Jordan) -> Jordan:
    """GAM stands below the minister here, as bodies of a sector do."""
    for name, role in (("minister", Role.MINISTER), ("office", Role.MINISTER_OFFICE)):
        Membership.objects.filter(role=role).update(entity=jordan.entities["GAM"])
        refresh_versions()
        jordan.people[name] = get_actor(Officer.objects.get(pk=jordan.people[name].id), NOON)
    return jordan


def get_page(desk: Desk, route: str = "desk:needs") -> BeautifulSoup:
    answer = desk.client.get(reverse(route))
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def list_cards(found: BeautifulSoup) -> dict[str, list[str]]:
    """The references on each card."""
    return {
        str(card["aria-labelledby"]): [bdi.get_text() for bdi in card.select(".need__head bdi")]
        for card in found.select(".need-card")
    }


def press_button(desk: Desk, found: BeautifulSoup, words: str) -> Any:
    """Press the first button with these words, as a finger does."""
    button = next(button for button in found.select("form button") if words in button.get_text())
    form = button.find_parent("form")
    assert form
    fields = {str(tag["name"]): str(tag.get("value", "")) for tag in form.select("input[name]")}
    return desk.client.post(str(form["action"]), fields)


def create_escalated_case(jordan: Jordan, level: EscalationLevel = EscalationLevel.MINISTER) -> Case:
    case = jordan.create_case()
    commands.escalate_case(
        case=case.pk, seen=1, level=level, reason="المقاول متوقف", actor=jordan.main, at=NOON + HOUR
    )
    case.refresh_from_db()
    return case


def test_it_is_the_first_page_of_those_above_and_of_nobody_else(jordan: Jordan, sits: Sits) -> None:
    for name in ("minister", "office", "head", "pm"):
        assert sits(jordan.people[name]).open_list().headers["Location"] == reverse("desk:needs"), name
    for name in ("main", "manager", "roads_officer", "reviewer", "inspector"):
        assert sits(jordan.people[name]).open_list().status_code == 200, name
        shown = sits(jordan.people[name]).client.get(reverse("desk:needs")).status_code
        assert shown == (200 if name == "manager" else 404), (
            name
        )  # who begins the day with lists, and has it beside


def test_what_was_raised_stands_first_with_its_ground_and_what_came_of_it(jordan: Jordan, sits: Sits) -> None:
    case = create_escalated_case(jordan)
    found = get_page(sits(jordan.minister))
    assert next(iter(list_cards(found).items())) == ("card-escalated", [case.reference])
    said = found.select_one(".need__told")
    assert said
    assert "المقاول متوقف" in said.get_text()
    assert "لم يُفعل شيء منذ ذلك" in said.get_text()


def test_one_tap_asks_the_head_and_comes_back(jordan: Jordan, sits: Sits) -> None:
    case, desk = create_escalated_case(jordan), sits(jordan.minister)
    answer = press_button(desk, get_page(desk), "سؤال رئيس الجهة")
    assert answer.headers["Location"] == reverse("desk:needs")
    asked = Event.objects.get(case=case, kind=str(EventType.HEAD_ASKED))
    assert asked.actor == f"officer:{jordan.minister.id}"
    assert datetime.fromisoformat(asked.data["until"]) > NOON + 2 * DAY


def test_one_tap_instructs_and_one_tap_follows(jordan: Jordan, sits: Sits) -> None:
    case, desk = create_escalated_case(jordan), sits(jordan.pm)
    commands.escalate_case(
        case=case.pk,
        seen=case.seq,
        level=EscalationLevel.PM_UNIT,
        reason="لا وزير",
        actor=jordan.main,
        at=NOON + HOUR,
    )
    press_button(desk, get_page(desk), "توجيه بالرد")
    case.refresh_from_db()
    assert len(case.instructions) == 1
    press_button(desk, get_page(desk), "متابعة الطلب")
    assert Follow.objects.filter(case=case, officer=jordan.pm.officer_id).exists()
    assert ChangeRecord.objects.filter(model="cases.follow", key=jordan.pm.id).count() == 1
    press_button(desk, get_page(desk), "تتابعه")
    assert not Follow.objects.exists()


def test_what_happens_to_a_followed_case_is_news_until_its_follower_looks(jordan: Jordan, sits: Sits) -> None:
    case, desk = jordan.create_case(), sits(jordan.minister)
    desk.client.post(reverse("desk:follow", args=[case.reference]), {"on": "1"})
    assert "card-followed" not in list_cards(get_page(desk))
    commands.assign_case(case=case.pk, seen=1, unit=jordan.roads, actor=jordan.main, at=NOON + HOUR)
    assert list_cards(get_page(desk))["card-followed"] == [case.reference]
    desk.open_case(case)
    assert "card-followed" not in list_cards(get_page(desk))


def test_a_reply_is_read_and_approved_in_one_tap(jordan: Jordan, sits: Sits) -> None:
    case = jordan.create_case()
    reply = (
        "زار قسم صيانة الشوارع المكان يوم الاثنين 23 تشرين الثاني، وعبّد الحفرة أمام المدرسة. "
        "إن عادت فاعترض من صفحة طلبك خلال 30 يومًا."
    )
    commands.submit_reply(
        case=case.pk, seen=1, text=reply, disposition=Disposition.UPHELD, actor=jordan.main, at=NOON + HOUR
    )
    desk = sits(jordan.head)
    found = get_page(desk)
    assert list_cards(found)["card-approval"] == [case.reference]
    assert "وعبّد الحفرة" in found.get_text()
    press_button(desk, found, "اعتماد وإرسال")
    case.refresh_from_db()
    assert case.state == "answered"
    assert "card-approval" not in list_cards(get_page(desk))


def test_an_instruction_that_is_late_stands_on_the_pages_of_both(
    jordan: Jordan, sits: Sits, now: Callable[[datetime], None]
) -> None:
    case = jordan.create_case()
    commands.ask_head_of_body(
        case=case.pk, seen=1, text="متى؟", until=NOON + DAY, actor=jordan.minister, at=NOON + HOUR
    )
    for officer in (jordan.minister, jordan.head):
        assert "card-late" not in list_cards(get_page(sits(officer)))
    now(NOON + DAY + HOUR)
    for officer in (jordan.minister, jordan.head):
        assert list_cards(get_page(sits(officer)))["card-late"] == [case.reference]
    mine = list_cards(get_page(sits(jordan.head), "desk:instructions"))
    given = list_cards(get_page(sits(jordan.minister), "desk:instructions"))
    assert (mine, given) == ({"mine-h": [case.reference]}, {"given-h": [case.reference]})


def test_upheld_appeals_and_the_latest_of_all_have_their_cards(
    jordan: Jordan, sits: Sits, now: Callable[[datetime], None]
) -> None:
    case = jordan.create_case()
    commands.answer_case(
        case=case.pk,
        seen=1,
        text="لا حفرة هناك",
        disposition=Disposition.NOT_UPHELD,
        actor=jordan.main,
        at=NOON,
    )
    commands.appeal_case(case=case.pk, seen=None, reason="بلى", actor=jordan.get_citizen(case), at=NOON)
    case.refresh_from_db()
    reviewer = next(one for one in jordan.people.values() if one.officer_id == case.reviewer_id)
    commands.decide_appeal(
        case=case.pk, seen=case.seq, outcome=Disposition.UPHELD, text="الحفرة هناك", actor=reviewer, at=NOON
    )
    late = jordan.create_case(at=NOON - 12 * DAY)
    assert list_cards(get_page(sits(jordan.minister))) == {
        "card-upheld": [case.reference], "card-overdue": [late.reference]
    }  # fmt: skip


def test_a_need_to_know_case_is_a_bare_line_and_no_more(
    jordan: Jordan, sits: Sits, now: Callable[[datetime], None]
) -> None:
    case = jordan.create_case("مطعم بلا رخصة في شارع الملكة", kind=Kind.VIOLATION, title="مطعم الوردة")
    case.refresh_from_db()
    at = case.due_at + timedelta(hours=1)
    commands.sweep_deadlines(at)
    now(at)
    for address in (reverse("desk:needs"), "/desk?queue=escalated"):
        said = sits(jordan.head).client.get(address).content.decode()
        assert "طلبات محفوظة السرية تأخرت" in said
        shown = BeautifulSoup(said, "html.parser").select(".need-card, .grid")
        for word in (case.reference, "مطعم", "مخالفة", "الملكة", "تفتيش"):
            assert not any(word in part.get_text() for part in shown)
    assert case.reference in sits(jordan.inspector).open_list(queue="escalated").content.decode()


def test_the_list_of_a_level_says_what_was_told_beside_each_case(jordan: Jordan, sits: Sits) -> None:
    create_escalated_case(jordan, EscalationLevel.MANAGER)
    said = sits(jordan.manager).open_list(queue="escalated").content.decode()
    assert "المقاول متوقف" in said
    assert "لم يُفعل شيء منذ ذلك" in said


def test_ten_queries_whatever_there_is(
    jordan: Jordan, sits: Sits, now: Callable[[datetime], None], django_assert_max_num_queries: Any
) -> None:
    desk = sits(jordan.minister)
    desk.client.cookies["live"] = "1"
    for _ in range(7):
        case = create_escalated_case(jordan)
        commands.follow_case(case=case.pk, seen=1, actor=jordan.minister, at=NOON)
        commands.ask_head_of_body(
            case=case.pk, seen=2, text="متى؟", until=NOON + DAY, actor=jordan.minister, at=NOON + HOUR
        )
    jordan.create_case(at=NOON - 12 * DAY)
    now(NOON + DAY + HOUR)
    get_page(desk)
    with django_assert_max_num_queries(10):
        assert len(list_cards(get_page(desk))) >= 3
