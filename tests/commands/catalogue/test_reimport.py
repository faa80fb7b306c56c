"""Importing again: what a sheet says differently is changed and remembered, what it does not say stays."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bekhedmetkom.catalogue import queries as catalogue
from bekhedmetkom.catalogue.models import Policy, ResponseTemplate, Service
from bekhedmetkom.catalogue.rules import Handling, Kind
from bekhedmetkom.entities import queries as entities
from bekhedmetkom.entities.commands import confirm_holiday, withdraw_holiday
from bekhedmetkom.entities.models import ChangeRecord, Entity, Holiday
from bekhedmetkom.kernel.actor import CLOCK
from tests.directory_sheets import IMPORT_TIME, SMALL_DIRECTORY, import_sheets, write_sheets

pytestmark = pytest.mark.django_db
POLICY = (
    "code,kind,name_ar,classify,due_working_days,extension_working_days,max_extensions,remind_percent,no_action,"
    "at_breach,breach_plus_3,breach_plus_5,appeal_window_days,appeal_due_working_days,rating_window_days,basis\n"
    "question,question,سؤال,1 working day,{days},2,1,50|80|100,manager,head_of_body,minister,pm_unit,30,10,14,ours\n"
)
FEASTS = "date,name_ar,name_en,expected,decision\n2027-03-09,عيد الفطر,Eid al-Fitr,1,تقدير\n"


def test_a_changed_row_is_changed_and_remembered(tmp_path: Path) -> None:
    import_sheets(write_sheets(tmp_path))
    report = import_sheets(
        write_sheets(tmp_path, entities=SMALL_DIRECTORY["entities.csv"].replace("Miyahuna", "Jordan Water"))
    )
    assert report.changes == 1
    assert str(report.changed[0]) == "entities.csv: MIYAH: name_en 'Miyahuna' -> 'Jordan Water'"
    company = Entity.objects.get(code="MIYAH")
    assert company.name_en == "Jordan Water"
    entry = ChangeRecord.objects.get(model="entities.Entity", key=str(company.pk))
    assert (entry.before, entry.after) == ({"name_en": "Miyahuna"}, {"name_en": "Jordan Water"})


def test_a_body_that_moves_takes_its_subtree_along(tmp_path: Path) -> None:
    import_sheets(write_sheets(tmp_path))
    report = import_sheets(
        write_sheets(
            tmp_path, entities=SMALL_DIRECTORY["entities.csv"].replace("Miyahuna,MWI", "Miyahuna,PM")
        )
    )
    assert report.changes == 1
    tree = entities.get_tree()
    company = tree.by_code["MIYAH"]
    assert company.ancestors == (tree.by_code["PM"].id, company.id)
    assert entities.get_sectors()[company.sector].code == "PM"
    assert company.id not in entities.get_subtree(tree.by_code["MWI"].id)


def test_what_a_sheet_does_not_say_stays(tmp_path: Path) -> None:
    import_sheets(write_sheets(tmp_path))
    Service.objects.filter(name_en="Broken water line").update(urgent=True, complexity="field")
    (tmp_path / "sensitive_categories.csv").unlink()
    report = import_sheets(tmp_path)
    assert report.changes == 0
    assert "sensitive_categories.csv: not in this folder" in report.notes
    assert Service.objects.get(name_en="Broken water line").complexity == "field"
    assert Service.objects.get(name_en="Child abuse").handling == Handling.PROTECTED


def test_topics_without_a_code_get_the_next_one_and_keep_it(tmp_path: Path) -> None:
    import_sheets(write_sheets(tmp_path))
    first, *rest = SMALL_DIRECTORY["categories.csv"].strip().splitlines()
    shuffled = "\n".join([first, "MIYAH,فاتورة مرتفعة,High bill,complaint", *reversed(rest), ""])
    report = import_sheets(write_sheets(tmp_path, categories=shuffled))
    assert report.changes == 1
    codes = dict(Service.objects.filter(entity__code="MIYAH").values_list("name_en", "code"))
    assert codes == {"Broken water line": "MIYAH-001", "Child abuse": "MIYAH-002", "High bill": "MIYAH-003"}


def test_changed_terms_are_a_new_version_and_the_old_one_stays(tmp_path: Path) -> None:
    import_sheets(write_sheets(tmp_path, sla_defaults=POLICY.format(days=3)))
    later = IMPORT_TIME + timedelta(days=30)
    report = import_sheets(write_sheets(tmp_path, sla_defaults=POLICY.format(days=4)), later)
    assert report.changes == 1
    assert [policy.version for policy in Policy.objects.order_by("version")] == [1, 2]

    def due(at: datetime) -> int:
        body = entities.get_prime_ministry()
        return catalogue.get_policy(
            kind=Kind.QUESTION, service=None, entity=body, at=at
        ).terms.due.working_days

    assert (due(IMPORT_TIME), due(later - timedelta(seconds=1)), due(later)) == (3, 3, 4)


def test_what_an_administrator_decided_of_a_feast_outlives_the_next_import(tmp_path: Path) -> None:
    import_sheets(write_sheets(tmp_path, holidays=FEASTS + "2027-03-10,عطلة,Holiday,1,تقدير\n"))
    seen, unseen = Holiday.objects.order_by("date")
    confirm_holiday(holiday=seen.pk, decision="بلاغ 5", actor=CLOCK, at=IMPORT_TIME)
    withdraw_holiday(holiday=unseen.pk, decision="بلاغ 5", actor=CLOCK, at=IMPORT_TIME)
    assert import_sheets(tmp_path).changes == 0
    seen.refresh_from_db()
    assert (seen.expected, seen.decision) == (False, "بلاغ 5")
    assert entities.get_working_calendar().holidays == {date(2027, 3, 9)}


def test_a_changed_text_of_replies_is_a_new_version(tmp_path: Path) -> None:
    sheet = "kind,disposition,name_ar,body_ar,body_en\nquestion,answered,جواب,{answer},Answer: {{answer}}\n"
    import_sheets(write_sheets(tmp_path, response_templates=sheet.format(answer="الجواب")))
    assert (
        import_sheets(write_sheets(tmp_path, response_templates=sheet.format(answer="جوابنا"))).changes == 1
    )
    body = entities.get_prime_ministry()
    [text] = catalogue.list_reply_templates(kind=Kind.QUESTION, entity=body, on=IMPORT_TIME.date())
    assert text.body_ar == "جوابنا"
    assert ResponseTemplate.objects.count() == 2
