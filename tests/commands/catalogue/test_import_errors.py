"""What an operator is told of a sheet with faults, and that nothing of it came in."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from bekhedmetkom.entities.models import ChangeRecord, Entity, Governorate
from bekhedmetkom.entities.sheet_import import InvalidDirectory
from tests.directory_sheets import SMALL_DIRECTORY, import_sheets, write_sheets

pytestmark = pytest.mark.django_db
ENTITIES, TOPICS = SMALL_DIRECTORY["entities.csv"], SMALL_DIRECTORY["categories.csv"]
POLICY_HEADER = (
    "code,kind,name_ar,classify,due_working_days,extension_working_days,max_extensions,remind_percent,no_action,"
    "at_breach,breach_plus_3,breach_plus_5,appeal_window_days,appeal_due_working_days,rating_window_days,basis\n"
)


@pytest.mark.parametrize(
    ("sheet", "text", "said"),
    [
        ("entities", ENTITIES + "X,جهة,Body,NOWHERE,fund\n", "entities.csv line 8: unknown parent 'NOWHERE'"),
        ("entities", ENTITIES + "MWI,جهة,Body,PM,fund\n", "entities.csv line 8: MWI stands here already in line 3"),
        ("entities", ENTITIES + "X,جهة,Body,PM,club\n", "entities.csv line 8: kind is 'club', none of prime_"),
        ("entities", ENTITIES + "X,,Body,PM,fund\n", "entities.csv line 8: name_ar is empty"),
        ("entities", ENTITIES + "X,جهة,Body,PM\n", "entities.csv line 8: 4 cells where the header has 5"),
        ("entities", ENTITIES + f"X,{'ط' * 201},Body,PM,fund\n", "entities.csv line 8: name_ar: Ensure this value"),
        ("entities", ENTITIES + "X,جهة,Body,X,fund\n", "line 8: bodies stand under each other: X -> X"),
        ("entities", "code,name_ar,name_en,kind\n", "entities.csv line 1: missing column parent_code"),
        ("entity_governorate", "entity_code,governorate_code\nMIYAH,GOV-XX\n", "unknown governorate 'GOV-XX'"),
        ("entity_governorate", "entity_code,governorate_code\nX,GOV-AM\n", "line 2: unknown entity 'X'"),
        ("categories", TOPICS + "X,موضوع,Topic,complaint\n", "categories.csv line 5: unknown entity 'X'"),
        ("categories", TOPICS + "MIYAH,كسر في خط مياه,Topic,complaint\n", "has the topic كسر في خط مياه already"),
        ("categories", TOPICS + "MIYAH,موضوع,Topic,wish\n", "line 5: typical_type is 'wish', none of question"),
        ("sensitive_categories", "entity_code,category_ar,handling\nMIYAH,لا شيء,human_rights\n",
         "sensitive_categories.csv line 2: MIYAH has no topic لا شيء"),
        ("sensitive_categories", "entity_code,category_ar,handling\nNCHR,تعذيب,secret\n", "handling is 'secret'"),
        ("sla_defaults", POLICY_HEADER + "praise,praise,ثناء,soon,3,0,0,100,manager,manager,,,0,0,0,ours\n",
         "sla_defaults.csv line 2: classify is 'soon'"),
        ("sla_defaults", POLICY_HEADER + "praise,praise,ثناء,1 working day,3,0,0,100,the king,,,,0,0,0,ours\n",
         "sla_defaults.csv line 2: no_action is 'the king': nobody is called so"),
        ("response_templates", "kind,disposition,name_ar,body_ar,body_en\npraise,upheld,نص,نص,Text\n",
         "response_templates.csv line 2: a praise cannot end as upheld"),
        ("holidays", "date,name_ar,name_en,expected,decision\n2027-02-30,عيد,Feast,1,ق\n", "date is '2027-02-30'"),
        ("working_hours", "valid_from,valid_until,opens,closes,label_ar,label_en,decision\n"
         "2026-01-01,,15:00,08:00,دوام,Hours,ق\n", "working_hours.csv line 2: closes is not later than opens"),
    ],
)  # fmt: skip
def test_one_bad_row_is_named_and_nothing_comes_in(tmp_path: Path, sheet: str, text: str, said: str) -> None:
    with pytest.raises(InvalidDirectory) as bad:
        import_sheets(write_sheets(tmp_path, **{sheet: text}))
    assert len(bad.value.problems) == 1
    assert said in str(bad.value)
    assert not Entity.objects.exists()
    assert not Governorate.objects.exists()
    assert not ChangeRecord.objects.exists()


def test_bodies_that_stand_under_each_other_are_named(tmp_path: Path) -> None:
    round_and_round = ENTITIES + "A,أ,A,B,fund\nB,ب,B,C,fund\nC,ج,C,A,fund\n"
    with pytest.raises(InvalidDirectory) as bad:
        import_sheets(write_sheets(tmp_path, entities=round_and_round))
    assert "A -> B -> C -> A" in str(bad.value)


def test_a_bad_body_does_not_make_its_topics_bad(tmp_path: Path) -> None:
    text = ENTITIES.replace("MIYAH,مياهنا,Miyahuna,MWI", f"MIYAH,{'م' * 201},Miyahuna,MWI")
    with pytest.raises(InvalidDirectory) as bad:
        import_sheets(write_sheets(tmp_path, entities=text))
    assert [(problem.file, problem.line) for problem in bad.value.problems] == [("entities.csv", 4)]


def test_a_bad_topic_does_not_make_its_care_bad(tmp_path: Path) -> None:
    with pytest.raises(InvalidDirectory) as bad:
        import_sheets(write_sheets(tmp_path, categories=TOPICS.replace("Torture,violation", "Torture,wish")))
    assert [(problem.file, problem.line) for problem in bad.value.problems] == [("categories.csv", 4)]


def test_what_only_the_database_can_see_is_a_sentence_too(tmp_path: Path) -> None:
    twice = SMALL_DIRECTORY["governorates.csv"].replace("JO-IR", "JO-AM")
    with pytest.raises(InvalidDirectory, match=r"the database refuses it: duplicate key .*iso_3166_2"):
        import_sheets(write_sheets(tmp_path, governorates=twice))


def test_every_bad_row_has_its_line(tmp_path: Path) -> None:
    with pytest.raises(InvalidDirectory) as bad:
        import_sheets(
            write_sheets(tmp_path, entities=ENTITIES + "X,,Body,PM,fund\nY,جهة,Body,NOWHERE,fund\n")
        )
    assert [problem.line for problem in bad.value.problems] == [8, 9]


def test_a_sheet_that_is_not_utf_8_is_one_problem(tmp_path: Path) -> None:
    write_sheets(tmp_path)
    (tmp_path / "governorates.csv").write_bytes("code,اسم\n".encode("cp1256"))
    with pytest.raises(InvalidDirectory) as bad:
        import_sheets(tmp_path)
    assert "governorates.csv line 1: not a text in UTF-8" in str(bad.value)


def test_the_command_says_it_and_fails(tmp_path: Path) -> None:
    write_sheets(tmp_path, entities=ENTITIES + "X,جهة,Body,NOWHERE,fund\n")
    said = StringIO()
    with pytest.raises(CommandError, match=r"^Nothing was imported: 1 to correct\.$"):
        call_command("directory", "import", str(tmp_path), stdout=StringIO(), stderr=said)
    assert said.getvalue() == "entities.csv line 8: unknown parent 'NOWHERE'\n"


def test_a_folder_without_sheets_is_said_to_be_one(tmp_path: Path) -> None:
    with pytest.raises(InvalidDirectory, match="no sheet of the directory here"):
        import_sheets(tmp_path)
