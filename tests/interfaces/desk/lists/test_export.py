"""A list as a sheet: what its officer sees and no more, nothing that calculates, and written down with who took it."""

import csv
import io
import re
from collections.abc import Callable
from html import unescape
from typing import Any
from zipfile import ZipFile

import pytest

from bekhedmetkom.cases import commands
from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.entities.models import ChangeRecord
from bekhedmetkom.interfaces.desk.lists import export
from bekhedmetkom.kernel.actor import Actor
from tests.interfaces.desk.conftest import Desk
from tests.personas import NOON, Jordan

Sits = Callable[[Actor], Desk]


def download_list(desk: Desk, form: str = "csv", path: str = "/desk/export", **asked: str) -> Any:
    return desk.client.post(path, {"queue": "entity", "form": form} | asked)


def parse_csv(answer: Any) -> list[list[str]]:
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def list_workbook_texts(answer: Any) -> list[str]:
    """Every text of the workbook, in order."""
    with ZipFile(io.BytesIO(answer.content)) as book:
        shared = book.read("xl/sharedStrings.xml").decode()
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
    return [unescape(text) for text in re.findall("<t[^>]*>([^<]*)</t>", shared)]


def test_it_has_what_the_list_has(jordan: Jordan, sits: Sits) -> None:
    first, second = jordan.create_case("حفرة"), jordan.create_case("إنارة")
    jordan.create_case("عيادة", entity=jordan.entities["MOH"])
    head, *rows = parse_csv(download_list(sits(jordan.main)))
    assert head[0] == "الرقم"
    assert {row[0] for row in rows} == {first.reference, second.reference}
    assert "Number" in parse_csv(download_list(sits(jordan.main), path="/en/desk/export"))[0]
    assert second.reference in list_workbook_texts(download_list(sits(jordan.main), "xlsx"))


def test_filters_and_search_narrow_it(jordan: Jordan, sits: Sits) -> None:
    case = jordan.create_case("سؤال", kind=Kind.QUESTION)
    jordan.create_case("حفرة")
    assert [row[0] for row in parse_csv(download_list(sits(jordan.main), kind="question"))[1:]] == [
        case.reference
    ]
    assert parse_csv(download_list(sits(jordan.main), q="لا شيء كهذا"))[1:] == []


def test_what_is_need_to_know_is_not_in_it(jordan: Jordan, sits: Sits) -> None:
    jordan.create_case("محل يبيع مواد منتهية", kind=Kind.VIOLATION)
    assert len(parse_csv(download_list(sits(jordan.inspector)))) == 1


@pytest.mark.parametrize("text", ['=HYPERLINK("http://x","y")', "+1+1", "-2", "@SUM(A1)", "=1+1 كلام"])
def test_nothing_in_it_calculates(text: str, jordan: Jordan, sits: Sits) -> None:
    jordan.create_case(text)
    assert parse_csv(download_list(sits(jordan.main)))[1][2] == f"'{text}"
    assert text in list_workbook_texts(download_list(sits(jordan.main), "xlsx"))


def test_who_took_it_is_written_down_without_the_words_that_were_typed(jordan: Jordan, sits: Sits) -> None:
    jordan.create_case("حفرة")
    download_list(sits(jordan.main), q="سامر عواد")
    download_list(sits(jordan.main), kind="complaint")
    later, earlier = ChangeRecord.objects.filter(model="desk.export").order_by("-id")
    assert later.actor == str(jordan.main)
    assert later.after == {
        "queue": "entity",
        "form": "csv",
        "searched": False,
        "kind": "complaint",
        "rows": 1,
    }
    assert "'searched': True" in str(earlier.after)
    assert "سامر" not in str(earlier.after)


def test_it_ends_somewhere(jordan: Jordan, sits: Sits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "MAX_ROWS", 2)
    for _ in range(3):
        jordan.create_case("حفرة")
    assert len(parse_csv(download_list(sits(jordan.main)))) == 3


def test_a_case_that_was_given_away_is_no_longer_in_it(jordan: Jordan, sits: Sits) -> None:
    case = jordan.create_case("حفرة")
    commands.assign_case(case=case.pk, seen=1, actor=jordan.main, at=NOON, unit=jordan.roads)
    assert len(parse_csv(download_list(sits(jordan.roads_officer), queue="unit"))) == 2
    assert len(parse_csv(download_list(sits(jordan.lighting_officer), queue="unit"))) == 1


@pytest.mark.parametrize(
    ("form", "queue", "status"), [("pdf", "entity", 400), ("", "entity", 400), ("csv", "x", 404)]
)
def test_what_is_not_offered_is_refused(
    form: str, queue: str, status: int, jordan: Jordan, sits: Sits
) -> None:
    assert download_list(sits(jordan.main), form, queue=queue).status_code == status
    assert not ChangeRecord.objects.filter(model="desk.export").exists()
