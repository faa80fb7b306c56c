"""The whole talk in Chromium while the discloser's browser runs no script; the Commission's still opens and seals."""

import pytest
from playwright.sync_api import Page, expect

from bekhedmetkom.disclosures.place import Place
from tests.box.visiting import (
    PHOTO,
    TABLE,
    TEXT,
    Opens,
    asks_for_the_identity,
    comes_back,
    decides,
    downloaded,
    first_report,
    releases,
    says,
    signs_in,
)

pytestmark = pytest.mark.e2e


def without_script(opens: Opens, path: str = "/") -> Page:
    return opens(path, java_script_enabled=False)


def test_the_whole_talk(opens: Opens, committed_box: Place) -> None:
    discloser = without_script(opens)
    discloser.fill("#id_text", TEXT)
    discloser.set_input_files("#id_files", [PHOTO, TABLE])
    discloser.check("#id_yes")
    discloser.fill("#id_name", "هند محمد")
    discloser.fill("#id_phone", "0790000000")
    discloser.click('[data-box="send"] .btn--lg')
    expect(discloser.locator("[data-words] li")).to_have_count(10)
    words = discloser.locator("[data-words] li").all_inner_texts()
    discloser.fill("#third", words[2])
    discloser.fill("#seventh", words[6])
    discloser.click('[data-box="check"] button')
    expect(discloser.frame_locator(".check__frame").locator("body")).to_contain_text("صحيحة")

    officer = first_report(signs_in(opens("/commission"), committed_box, "officer-1"))
    expect(officer.locator(".turn").first).to_contain_text(TEXT)
    for place, file in enumerate((PHOTO, TABLE)):
        assert downloaded(officer, f".turn [data-open] >> nth={place}") == (file["name"], file["buffer"])
    decides(officer, "accepted")
    says(officer, "متى رأيت ذلك آخر مرة؟")

    again = without_script(opens, "/words")
    comes_back(again, words)
    expect(again.locator(".turn")).to_contain_text("متى رأيت ذلك آخر مرة؟")
    assert TEXT not in again.content()
    again.fill("#id_text", "يوم الأحد الماضي.")
    again.click('[data-box="answer"] .btn')
    expect(again.locator(".callout--ok")).to_contain_text("وصلت رسالتك")

    officer.reload()
    first_report(signs_in(officer, committed_box, "officer-1"))
    expect(officer.locator(".turn").nth(2)).to_contain_text("يوم الأحد الماضي.")
    asks_for_the_identity(officer)
    custodian = signs_in(opens("/commission"), committed_box, "custodian-1")
    custodian.click("[data-open] button")
    expect(custodian.locator(".identity")).to_contain_text("هند محمد")
    releases(custodian)
    officer.reload()
    first_report(signs_in(officer, committed_box, "officer-1"))
    expect(officer.locator("[data-identity]")).to_contain_text("هند محمد")
    decides(officer, "closed", "done")
