"""A whole conversation in Chromium with JavaScript disabled for the discloser, not for the Commission."""

import pytest
from playwright.sync_api import Page, expect

from bekhedmetkom.disclosures.installation import Installation
from tests.box.support.browser_actors import (
    PHOTO,
    TABLE,
    TEXT,
    Opens,
    download_file,
    log_in,
    open_first_report,
    release_identity,
    request_identity,
    send_message,
    set_status,
    sign_in,
)

pytestmark = pytest.mark.e2e


def open_without_javascript(opens: Opens, path: str = "/") -> Page:
    return opens(path, java_script_enabled=False)


def test_whole_conversation(opens: Opens, committed_box: Installation) -> None:
    discloser = open_without_javascript(opens)
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

    officer = open_first_report(sign_in(opens("/commission"), committed_box, "officer-1"))
    expect(officer.locator(".turn").first).to_contain_text(TEXT)
    for place, file in enumerate((PHOTO, TABLE)):
        assert download_file(officer, f".turn [data-open] >> nth={place}") == (file["name"], file["buffer"])
    set_status(officer, "accepted")
    send_message(officer, "متى رأيت ذلك آخر مرة؟")

    again = open_without_javascript(opens, "/words")
    log_in(again, words)
    expect(again.locator(".turn")).to_contain_text("متى رأيت ذلك آخر مرة؟")
    assert TEXT not in again.content()
    again.fill("#id_text", "يوم الأحد الماضي.")
    again.click('[data-box="answer"] .btn')
    expect(again.locator(".callout--ok")).to_contain_text("وصلت رسالتك")

    officer.reload()
    open_first_report(sign_in(officer, committed_box, "officer-1"))
    expect(officer.locator(".turn").nth(2)).to_contain_text("يوم الأحد الماضي.")
    request_identity(officer)
    custodian = sign_in(opens("/commission"), committed_box, "custodian-1")
    custodian.click("[data-open] button")
    expect(custodian.locator(".identity")).to_contain_text("هند محمد")
    release_identity(custodian)
    officer.reload()
    open_first_report(sign_in(officer, committed_box, "officer-1"))
    expect(officer.locator("[data-identity]")).to_contain_text("هند محمد")
    set_status(officer, "closed", "done")
