"""What is being written: kept a moment later, found again, laid beside what others wrote, and sent once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Case, Event
from bekhedmetkom.cases.queries import list_mentions
from bekhedmetkom.cases.workspace_models import Draft
from bekhedmetkom.catalogue.rules import Disposition
from bekhedmetkom.kernel.actor import Actor
from tests.commands.cases.case_stages import create_assigned_case
from tests.hostile_values import HOSTILE_TEXTS
from tests.interfaces.desk.conftest import Desk
from tests.personas import HOUR, NOON, Jordan

Sits = Callable[[Actor], Desk]
OWN_TEXT = "كشفنا على الموقع يوم الأحد.\nأصلحنا الحفرة أمام المدرسة يوم الاثنين 7 كانون الأول."
OTHER_TEXT = "كشفنا على الموقع يوم الأحد.\nردم قسم صيانة الشوارع الحفرة يوم الثلاثاء."


def autosave_draft(desk: Desk, case: Case, verb: str, **fields: Any) -> Any:
    return desk.client.post(reverse("desk:keep", args=[case.reference, verb]), fields)


def count_events(case: Case) -> int:
    return Event.objects.filter(case=case).count()


@pytest.mark.parametrize(
    ("verb", "field"), [("answer", "text"), ("note", "text"), ("ask", "text"), ("return", "reason")]
)
def test_what_is_typed_stands_in_the_form_again_and_is_no_event(
    jordan: Jordan, sits: Sits, verb: str, field: str
) -> None:
    case, desk = create_assigned_case(jordan), sits(jordan.roads_officer)
    before = count_events(case)
    assert autosave_draft(desk, case, verb, **{field: "نبدأ هكذا"}).json()["version"] == 1
    assert autosave_draft(desk, case, verb, **{field: "نبدأ هكذا، ثم"}, version="1").json()["version"] == 2
    page = desk.open_form(case, verb).content.decode()
    assert "نبدأ هكذا، ثم</textarea>" in page
    assert "مسودة، حُفظت" in page
    assert "اليوم 14:00</time>" in page
    assert count_events(case) == before
    case.refresh_from_db()
    assert case.seq == 2


def test_a_begun_note_stands_below_the_journal(jordan: Jordan, sits: Sits) -> None:
    case, desk = create_assigned_case(jordan), sits(jordan.roads_officer)
    autosave_draft(desk, case, "note", text="اتصلت بالمقاول")
    assert 'value="اتصلت بالمقاول"' in desk.open_case(case).content.decode()


def test_nobody_else_reads_what_is_not_sent(jordan: Jordan, sits: Sits) -> None:
    case = create_assigned_case(jordan)
    autosave_draft(sits(jordan.roads_officer), case, "note", text="اتصلت بالمقاول")
    assert "اتصلت بالمقاول" not in sits(jordan.main).open_case(case).content.decode()


def test_a_draft_is_thrown_away(jordan: Jordan, sits: Sits) -> None:
    case, desk = create_assigned_case(jordan), sits(jordan.roads_officer)
    autosave_draft(desk, case, "answer", text=OWN_TEXT)
    assert autosave_draft(desk, case, "answer", discard="1").status_code == 302
    assert OWN_TEXT not in desk.open_case(case).content.decode()
    assert not Draft.objects.exists()


def test_who_may_not_do_it_keeps_nothing_for_it(jordan: Jordan, sits: Sits) -> None:
    case = create_assigned_case(jordan)
    assert autosave_draft(sits(jordan.approver), case, "ask", text="أين؟").status_code == 403
    assert autosave_draft(sits(jordan.rival), case, "note", text="أين؟").status_code == 404
    assert autosave_draft(sits(jordan.main), case, "explode", text="أين؟").status_code == 404
    assert not Draft.objects.exists()


def test_sending_ends_the_draft_and_only_that_one(jordan: Jordan, sits: Sits) -> None:
    case, desk = create_assigned_case(jordan), sits(jordan.roads_officer)
    autosave_draft(desk, case, "note", text="ملاحظة")
    autosave_draft(desk, case, "answer", text=OWN_TEXT)
    desk.submit(case, "note", text="ملاحظة")
    assert [draft.place for draft in Draft.objects.all()] == ["reply"]


def test_a_form_that_is_sent_again_counts_once_and_is_recognised(jordan: Jordan, sits: Sits) -> None:
    case, desk = create_assigned_case(jordan), sits(jordan.roads_officer)
    for _again in range(2):
        assert desk.submit(case, "note", text="اتصلت بالمقاول", seen=2, key="k" * 16).status_code == 302
    assert count_events(case) == 3
    assert "ولم يتكرر" in desk.open_case(case).content.decode()


def test_the_same_key_with_other_words_is_another_sending(jordan: Jordan, sits: Sits) -> None:
    case, desk = create_assigned_case(jordan), sits(jordan.roads_officer)
    desk.submit(case, "note", text="الأولى", seen=2, key="k" * 16)
    page = desk.submit(case, "note", text="الثانية", seen=2, key="k" * 16)
    assert page.status_code == 409
    assert "الثانية</textarea>" in page.content.decode()


def test_a_key_is_its_officers_own(jordan: Jordan, sits: Sits) -> None:
    case = create_assigned_case(jordan)
    for officer, seen in ((jordan.roads_officer, 2), (jordan.main, 3)):
        assert sits(officer).submit(case, "note", text="نفسها", seen=seen, key="k" * 16).status_code == 302
    assert count_events(case) == 4


def test_a_refused_sending_leaves_its_key_free(jordan: Jordan, sits: Sits) -> None:
    case, desk = create_assigned_case(jordan), sits(jordan.roads_officer)
    sits(jordan.main).submit(case, "note", text="سبق")
    assert desk.submit(case, "note", text="لحق", seen=2, key="k" * 16).status_code == 409
    assert desk.submit(case, "note", text="لحق", seen=3, key="k" * 16).status_code == 302


def test_who_gave_the_case_away_and_sends_again_is_told_that_it_went(jordan: Jordan, sits: Sits) -> None:
    case, desk = jordan.create_case(), sits(jordan.main)
    fields = {
        "entity": str(jordan.entities["MOH"]),
        "reason": "الحفرة داخل مستشفى",
        "key": "k" * 16,
    }
    for _again in range(2):
        assert desk.submit(case, "refer", seen=1, **fields).headers["Location"] == "/desk"
    assert "ولم يتكرر" in desk.open_list().content.decode()


def test_the_script_that_sends_is_told_where_to_go_on(jordan: Jordan, sits: Sits) -> None:
    case, desk = create_assigned_case(jordan), sits(jordan.roads_officer)
    address = reverse("desk:act", args=[case.reference, "note"])
    answer = desk.client.post(address, {"seen": 2, "text": "ملاحظة"}, headers={"Accept": "application/json"})
    assert answer.json() == {"to": reverse("desk:case", args=[case.reference])}


def test_another_window_does_not_write_over_a_draft(jordan: Jordan, sits: Sits) -> None:
    case, desk = create_assigned_case(jordan), sits(jordan.roads_officer)
    autosave_draft(desk, case, "answer", text=OTHER_TEXT, version="0")
    assert autosave_draft(desk, case, "answer", text=OWN_TEXT, version="0").status_code == 409
    assert Draft.objects.get().text == OTHER_TEXT
    page = desk.submit(case, "draft", text=OWN_TEXT, version="0")
    assert page.status_code == 409
    assert "كُتب هذا النص في نافذة أخرى أيضًا" in page.content.decode()
    assert Draft.objects.get().text == OTHER_TEXT


def compare_drafts(desk: Desk, case: Case, **fields: Any) -> Any:
    autosave_draft(desk, case, "answer", text=OTHER_TEXT, version="0")
    return desk.submit(case, "answer", text=OWN_TEXT, compare="1", version="0", **fields)


def test_two_texts_are_put_together_piece_by_piece(jordan: Jordan, sits: Sits) -> None:
    case, desk = create_assigned_case(jordan), sits(jordan.roads_officer)
    page = compare_drafts(desk, case, disposition="upheld")
    assert page.status_code == 200
    assert 'name="piece-1" value="theirs"' in page.content.decode()
    chosen = {
        "text": OWN_TEXT,
        "compared": OWN_TEXT,
        "other": OTHER_TEXT,
        "merge": "1",
        "disposition": "upheld",
    }
    taken = desk.submit(case, "answer", **chosen, **{"piece-1": "theirs"}).content.decode()
    assert f"{OTHER_TEXT}</textarea>" in taken
    assert '<option value="upheld" selected>' in taken
    assert f"{OWN_TEXT}</textarea>" in desk.submit(case, "answer", **chosen).content.decode()
    assert count_events(case) == 2


def test_what_was_changed_under_the_comparison_is_compared_anew(jordan: Jordan, sits: Sits) -> None:
    case, desk = create_assigned_case(jordan), sits(jordan.roads_officer)
    fields = {
        "text": OWN_TEXT + " وتابعناه.",
        "compared": OWN_TEXT,
        "other": OTHER_TEXT,
        "merge": "1",
        "piece-1": "theirs",
    }
    page = desk.submit(case, "answer", **fields).content.decode()
    assert "وتابعناه.</textarea>" in page
    assert 'name="piece-1" value="theirs"' in page


def test_two_replies_of_two_officers_are_laid_side_by_side(jordan: Jordan, sits: Sits) -> None:
    case = create_assigned_case(jordan)
    commands.submit_reply(
        case=case.pk,
        seen=2,
        text=OTHER_TEXT,
        disposition=Disposition.UPHELD,
        actor=jordan.roads_officer,
        at=NOON + HOUR,
    )
    commands.send_back_reply(
        case=case.pk, seen=3, reason="اذكر التاريخ", actor=jordan.approver, at=NOON + HOUR
    )
    page = sits(jordan.main).submit(case, "answer", text=OWN_TEXT, disposition="upheld", seen=2)
    text = page.content.decode()
    assert page.status_code == 409
    assert "في هذا الطلب نص آخر من موظف roads_officer" in text
    assert "ردم قسم صيانة الشوارع الحفرة يوم الثلاثاء." in text
    assert f"{OWN_TEXT}</textarea>" in text
    assert 'name="piece-1" value="theirs"' in text


def test_where_a_reply_went_out_already_ones_own_stands_beside_it(jordan: Jordan, sits: Sits) -> None:
    case = create_assigned_case(jordan)
    sits(jordan.main).submit(case, "answer", text=OTHER_TEXT, disposition="upheld", seen=2)
    page = sits(jordan.roads_officer).submit(case, "answer", text=OWN_TEXT, disposition="upheld", seen=2)
    text = page.content.decode()
    assert page.status_code == 409
    assert "هكذا يختلف نصك عنه" in text
    assert 'type="radio"' not in text


def test_looking_at_the_words_does_not_move_what_was_seen(jordan: Jordan, sits: Sits) -> None:
    case, desk = create_assigned_case(jordan), sits(jordan.roads_officer)
    sits(jordan.main).submit(case, "note", text="انتظر")
    page = desk.submit(case, "answer", text=OWN_TEXT, seen=2, check="1").content.decode()
    assert 'name="seen" value="2"' in page


def test_whatever_is_typed_is_kept_or_refused_in_peace(jordan: Jordan, sits: Sits) -> None:
    case, desk = create_assigned_case(jordan), sits(jordan.roads_officer)
    for bad in HOSTILE_TEXTS:
        value = (bad.value if isinstance(bad.value, str) else bad.value.decode("latin-1"))[:50_000]
        value = value.encode("utf-8", "replace").decode()
        fields = {"text": value, "disposition": value[:90], "quality_reason": value, "version": value[:90]}
        assert autosave_draft(desk, case, "answer", **fields).status_code in (200, 409), bad.name
    assert desk.open_case(case).status_code == 200


# ---------- mentions ----------


@pytest.mark.parametrize("way", ["a tick", "in the text"])
def test_a_note_mentions_a_colleague(jordan: Jordan, sits: Sits, way: str) -> None:
    case, who = create_assigned_case(jordan), jordan.roads_officer
    fields = {"mentions": str(who.officer_id)} if way == "a tick" else {}
    text = "انظر الصورة" if fields else "@موظف roads_officer انظر الصورة"
    assert sits(jordan.main).submit(case, "note", text=text, **fields).status_code == 302
    assert list_mentions(who)
    assert "وأُشير إلى موظف roads_officer" in sits(who).open_case(case).content.decode()


def test_whoever_does_not_see_the_case_cannot_be_ticked(jordan: Jordan, sits: Sits) -> None:
    case = create_assigned_case(jordan)
    page = sits(jordan.main).submit(case, "note", text="انظر", mentions=str(jordan.rival.officer_id))
    assert page.status_code == 422
    assert count_events(case) == 2
