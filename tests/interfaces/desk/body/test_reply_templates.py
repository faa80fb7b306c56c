"""Texts that replies begin with: a body writes its own, sees how they fare, and no blank of one goes out."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Case, Event
from bekhedmetkom.cases.queries import TemplateUse, count_sent_replies, get_template_use
from bekhedmetkom.catalogue.models import ResponseTemplate
from bekhedmetkom.catalogue.rules import Disposition, Kind
from bekhedmetkom.entities.models import ChangeRecord
from bekhedmetkom.kernel.actor import Actor
from tests.commands.cases.case_stages import ANSWER, create_assigned_case
from tests.hostile_values import HOSTILE_TEXTS
from tests.interfaces.desk.body.test_approval_rules import is_sendable
from tests.interfaces.desk.conftest import Desk, get_state
from tests.personas import DAY, HOUR, NOON, Jordan

Sits = Callable[[Actor], Desk]
TEMPLATE_TEXT = "كشفنا على الموقع يوم {تاريخ الكشف}، ووجدنا {ما وُجد}. أصلح القسم العطل في اليوم نفسه."
FILLED_TEXT = TEMPLATE_TEXT.replace("{تاريخ الكشف}", "الأحد").replace("{ما وُجد}", "هبوطًا في الشارع")
EMPTY_REPLY = "تم اتخاذ الإجراءات اللازمة."
TEMPLATE_FIELDS = {"sort": "complaint:upheld", "name_ar": "كشف وإصلاح", "body_ar": TEMPLATE_TEXT}


def save_template(desk: Desk, key: int = 0, entity: str = "GAM", **fields: Any) -> Any:
    return desk.client.post(
        f"{reverse('desk:template', args=[key])}?entity={entity}", TEMPLATE_FIELDS | fields
    )


def get_page_html(desk: Desk, entity: str = "GAM") -> str:
    return str(desk.client.get(reverse("desk:templates"), {"entity": entity}).content.decode())


def test_a_body_writes_changes_and_closes_a_text_and_every_version_stays(jordan: Jordan, sits: Sits) -> None:
    desk = sits(jordan.manager)
    assert save_template(desk).status_code == 302
    first = ResponseTemplate.objects.get(entity=jordan.entities["GAM"])
    assert (first.version, first.kind, first.disposition) == (1, "complaint", "upheld")
    assert save_template(desk, first.pk, body_ar=FILLED_TEXT, name_ar="اسم آخر").status_code == 302
    second = ResponseTemplate.objects.get(version=2)
    assert (second.name_ar, second.body_ar) == ("كشف وإصلاح", FILLED_TEXT)
    assert save_template(desk, second.pk, body_ar=FILLED_TEXT).status_code == 302
    assert ResponseTemplate.objects.filter(entity=jordan.entities["GAM"]).count() == 2  # nothing differs
    assert save_template(desk, second.pk, body_ar=FILLED_TEXT, close="1").status_code == 302
    assert (
        "كشف وإصلاح"
        not in sits(jordan.roads_officer).open_case(create_assigned_case(jordan)).content.decode()
    )
    assert "موقوف" in get_page_html(desk)
    changes = ChangeRecord.objects.filter(model="catalogue.ResponseTemplate", actor=str(jordan.manager))
    assert changes.count() == 3


def test_a_text_of_all_bodies_is_where_ones_own_begins(jordan: Jordan, sits: Sits) -> None:
    shared = ResponseTemplate.objects.create(
        kind="complaint", disposition="upheld", name_ar="مشترك", body_ar=TEMPLATE_TEXT, body_en=""
    )
    desk = sits(jordan.head)
    form = desk.client.get(reverse("desk:template", args=[shared.pk])).content.decode()
    assert f"{TEMPLATE_TEXT}</textarea>" in form
    assert save_template(desk, shared.pk, name_ar="لنا").status_code == 302
    shared.refresh_from_db()
    assert shared.name_ar == "مشترك"
    assert ResponseTemplate.objects.get(name_ar="لنا").entity_id == jordan.entities["GAM"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"sort": ""}, "اختر من القائمة."),
        ({"sort": "praise:upheld"}, "اختر من القائمة."),
        ({"name_ar": " "}, "اكتب نصًا هنا."),
        ({"body_ar": ""}, "اكتب نصًا هنا."),
        ({"body_ar": "أصلحنا {ما"}, "الفراغ بين قوسين في سطر واحد"),
        ({"body_en": "We mended }what{"}, "الفراغ بين قوسين في سطر واحد"),
    ],
)
def test_what_is_no_text_is_refused_beside_its_field(
    jordan: Jordan, sits: Sits, wrong: dict[str, Any], said: str
) -> None:
    answer = save_template(sits(jordan.main), **wrong)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not ResponseTemplate.objects.filter(entity=jordan.entities["GAM"]).exists()


def test_whatever_is_sent_stores_a_text_or_nothing(jordan: Jordan, sits: Sits) -> None:
    desk = sits(jordan.manager)
    for bad in filter(is_sendable, HOSTILE_TEXTS[::4]):
        assert save_template(desk, sort=bad.value).status_code in (400, 422), bad.name
        assert save_template(desk, body_ar=bad.value, name_ar=bad.value).status_code in (302, 400, 422), (
            bad.name
        )


def test_another_bodys_texts_are_not_there(jordan: Jordan, sits: Sits) -> None:
    assert save_template(sits(jordan.rival)).status_code == 404
    save_template(sits(jordan.manager))
    own = ResponseTemplate.objects.get(entity=jordan.entities["GAM"])
    assert save_template(sits(jordan.rival), own.pk, "MOH").status_code == 404


# How they fare


def answer_case(jordan: Jordan, desk: Desk, text: str, template: ResponseTemplate) -> Case:
    case = create_assigned_case(jordan)
    assert (
        desk.submit(case, "answer", text=text, disposition="upheld", template=str(template.pk)).status_code
        == 302
    )
    return case


def test_use_and_the_citizens_word_are_counted_over_all_versions(jordan: Jordan, sits: Sits) -> None:
    save_template(sits(jordan.manager))
    first = ResponseTemplate.objects.get(entity=jordan.entities["GAM"])
    desk = sits(jordan.roads_officer)
    solved, unsolved, appealed = (answer_case(jordan, desk, FILLED_TEXT, first) for _ in range(3))
    at = NOON + 3 * HOUR
    commands.rate_case(case=solved.pk, seen=None, solved=False, actor=jordan.get_citizen(solved), at=at)
    commands.rate_case(case=solved.pk, seen=None, solved=True, actor=jordan.get_citizen(solved), at=at + HOUR)
    commands.rate_case(case=unsolved.pk, seen=None, solved=False, actor=jordan.get_citizen(unsolved), at=at)
    commands.appeal_case(
        case=appealed.pk, seen=None, reason="الحفرة مكانها", actor=jordan.get_citizen(appealed), at=at
    )
    save_template(sits(jordan.manager), first.pk, body_ar=FILLED_TEXT)
    answer_case(jordan, desk, FILLED_TEXT, ResponseTemplate.objects.get(version=2))
    series = ("complaint", "upheld", jordan.entities["GAM"], "كشف وإصلاح")
    counted = get_template_use(jordan.entities["GAM"], NOON + DAY)
    assert counted == {series: TemplateUse(used=4, solved=1, unsolved=2, appealed=1)}
    assert get_template_use(jordan.entities["MOH"], NOON + DAY) == {}
    assert get_template_use(jordan.entities["GAM"], NOON + 100 * DAY) == {}
    row = get_page_html(sits(jordan.main)).partition("كشف وإصلاح")[2].partition("</tr>")[0]
    assert [cell.partition("<")[0] for cell in row.split('<td class="num">')[1:]] == ["4", "1", "2", "1"]


def test_a_blank_is_named_and_the_words_come_back(jordan: Jordan, sits: Sits) -> None:
    case, desk = create_assigned_case(jordan), sits(jordan.roads_officer)
    answer = desk.submit(case, "answer", text=TEMPLATE_TEXT, disposition="upheld", quality_reason="مستعجل")
    assert answer.status_code == 422
    assert "املأ الفراغ «تاريخ الكشف» أو احذفه، ثم أرسل." in answer.content.decode()
    assert f"{TEMPLATE_TEXT}</textarea>" in answer.content.decode()
    assert get_state(case) == "assigned"
    assert desk.submit(case, "draft", text=TEMPLATE_TEXT).status_code == 302


def test_a_form_opens_with_the_policys_words_and_sends_its_parts(jordan: Jordan, sits: Sits) -> None:
    case, desk = create_assigned_case(jordan), sits(jordan.roads_officer)
    assert "فيراجعه موظف آخر خلال" in desk.open_case(case).content.decode()
    parts = {"unit": str(jordan.roads), "on": "2026-11-24", "objection": "لك أن تعترض خلال 30 يومًا."}
    assert desk.submit(case, "answer", text=ANSWER, disposition="upheld", **parts).status_code == 302
    data = Event.objects.get(case=case, kind="case.answered").data
    assert (data["done_by"], data["done_on"]) == (jordan.roads, "2026-11-24")
    shown = desk.open_case(case).content.decode()
    assert "التاريخ: الثلاثاء 24 تشرين الثاني 2026." in shown


# What went out though it says too little


def get_quality_report(desk: Desk, **query: str) -> Any:
    return desk.client.get(reverse("desk:passed"), query)


def test_what_was_let_out_is_counted_with_its_reasons_for_those_above(jordan: Jordan, sits: Sits) -> None:
    desk = sits(jordan.roads_officer)
    for text, reason in ((ANSWER, ""), (EMPTY_REPLY, "التحقيق مستمر")):
        desk.submit(
            create_assigned_case(jordan), "answer", text=text, disposition="upheld", quality_reason=reason
        )
    gam = jordan.entities["GAM"]
    assert (
        count_sent_replies([gam], NOON + DAY)[gam].sent,
        count_sent_replies([gam], NOON + DAY)[gam].overridden,
    ) == (2, 1)
    for who in (jordan.manager, jordan.head, jordan.pm):
        shown = get_quality_report(sits(who), entity="GAM").content.decode()
        assert "1 من أصل 2" in shown
        assert "التحقيق مستمر" in shown
    assert get_quality_report(sits(jordan.manager), entity="MOH").status_code == 404
    assert get_quality_report(sits(jordan.roads_officer)).status_code == 403
    assert "التحقيق مستمر" not in get_quality_report(sits(jordan.pm), entity="MOH").content.decode()


def test_a_need_to_know_case_is_in_no_count(jordan: Jordan, sits: Sits) -> None:
    case = jordan.create_case(kind=Kind.VIOLATION, withhold_identity=True)
    case.refresh_from_db()
    commands.answer_case(
        case=case.pk, seen=1, text=EMPTY_REPLY, disposition=Disposition.UPHELD, actor=jordan.inspector, at=NOON + HOUR,
        quality_reason="التحقيق مستمر",
    )  # fmt: skip
    assert count_sent_replies([case.entity_id], NOON + DAY) == {}
    assert "التحقيق مستمر" not in get_quality_report(sits(jordan.pm), entity="GAM").content.decode()


def test_the_parts_of_a_draft_are_kept_with_it(jordan: Jordan, sits: Sits) -> None:
    case, desk = create_assigned_case(jordan), sits(jordan.roads_officer)
    parts = {"unit": str(jordan.roads), "on": "2026-11-24", "objection": "اعترض عند القسم.", "template": "7"}
    address = reverse("desk:keep", args=[case.reference, "answer"])
    assert desk.client.post(address, {"text": ANSWER, "version": "0", **parts}).status_code == 200
    shown = desk.open_case(case).content.decode()
    assert "اعترض عند القسم.</textarea>" in shown
    assert f'<option value="{jordan.roads}" selected>' in shown
    assert 'value="2026-11-24"' in shown
    desk.submit(case, "draft", text=ANSWER, version="1", **parts | {"on": "كلام"})
    assert desk.open_case(case).status_code == 200
