"""Officers from a sheet, at the administrator's desk: links once, or every wrong line by its number."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bekhedmetkom.identity.models import Officer
from tests.interfaces.manage.conftest import Enter
from tests.personas import Jordan

PAGE = "/manage/officers/import/"
VALID_SHEET = "email,name_ar,role,entity\nhala@example.jo,هالة منصور,approver,GAM\n"


def send_sheet(admin: Client, content: str | bytes, path: str = PAGE) -> tuple[int, str]:
    body = content.encode() if isinstance(content, str) else content
    answer = admin.post(path, {"sheet": SimpleUploadedFile("officers.csv", body, "text/csv")})
    return answer.status_code, answer.content.decode()


def test_it_is_offered_where_officers_are_listed(admin: Client, jordan: Jordan) -> None:
    assert PAGE in admin.get("/manage/officers/").content.decode()


def test_each_gets_a_link_that_works_and_is_shown_this_once(admin: Client, jordan: Jordan) -> None:
    status, page = send_sheet(admin, VALID_SHEET)
    assert status == 200
    link = re.search(r"http://testserver(/\S*invitation/[^<\s]+)", page)
    assert link
    assert Client().get(link[1]).status_code == 200
    assert "no-store" in admin.get(PAGE).headers["Cache-Control"]


@pytest.mark.parametrize(("path", "said"), [(PAGE, "السطر 3"), (f"/en{PAGE}", "Line 3")])
def test_what_is_wrong_is_named_by_line_and_nobody_is_added(
    admin: Client, jordan: Jordan, path: str, said: str
) -> None:
    status, page = send_sheet(admin, VALID_SHEET + "x@example.jo,سعاد,king,GAM\n", path)
    assert status == 422
    assert said in page
    assert not Officer.objects.filter(email="hala@example.jo").exists()


INVALID_SHEETS = {
    "empty": b"", "nul": b"\x00" * 50, "no text": b"\xff" * 2000, "one column": "سطر\n".encode() * 9,
    "wide": b"a," * 300_000,
}  # fmt: skip


@pytest.mark.parametrize("content", INVALID_SHEETS.values(), ids=INVALID_SHEETS)
def test_ugly_sheets_are_refused(admin: Client, jordan: Jordan, content: bytes) -> None:
    status, _page = send_sheet(admin, content)
    assert status in (200, 422)  # an empty file is the form's own refusal
    assert not Officer.objects.filter(email__startswith="a,").exists()


def test_it_is_for_administrators(jordan: Jordan, enter: Enter) -> None:
    assert send_sheet(enter(jordan.main), VALID_SHEET)[0] == 403
    assert not Officer.objects.filter(email="hala@example.jo").exists()
