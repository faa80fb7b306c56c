"""A body's poster: an A4 page whose code leads to its form."""

from io import BytesIO

import pikepdf
from django.test import Client

from tests.personas import Jordan


def test_it_is_one_page_to_print(admin: Client, jordan: Jordan) -> None:
    answer = admin.get("/manage/posters/gam/")
    assert answer.headers["Content-Type"] == "application/pdf"
    with pikepdf.open(BytesIO(answer.content)) as pdf:
        [page] = pdf.pages
        assert [round(float(side)) for side in page.mediabox] == [0, 0, 595, 842]


def test_from_the_bodys_page(admin: Client, jordan: Jordan) -> None:
    page = admin.get(f"/manage/entities/edit/{jordan.entities['GAM']}/").content.decode()
    assert "/manage/posters/GAM/" in page


def test_names_are_no_markup(admin: Client, jordan: Jordan) -> None:
    from bekhedmetkom.interfaces.manage.posters import render_poster

    assert render_poster("https://x.jo/new", '#panic("x") $ * _ \\ ]', "<b> & #").startswith(b"%PDF")
