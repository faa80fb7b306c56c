"""Files with a case and with a message, in a browser without script."""

from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bekhedmetkom.attachments.models import Upload
from bekhedmetkom.attachments.rules import OFFICE, UNKNOWN
from bekhedmetkom.cases.models import Attachment, Case
from tests.commands.attachments.corpus import docx, jpeg, ogg, pdf, secrets_in
from tests.factories import create_upload
from tests.personas import POTHOLE, Jordan

from .browser import Browser
from .new_case.form_steps import BRIBE_TEXT

HOLE = "في حفرة أمام المدرسة"


def photo(name: str = "حفرة.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, jpeg(), "image/jpeg")


def at_describe(browser: Browser) -> Browser:
    return browser.open("/new").send(kind="question")


def ids(browser: Browser) -> list[str]:
    return browser.hidden["uploads"].split()


def sent(browser: Browser) -> Case:
    return Case.objects.get(reference=browser.page.select(".receipt dd")[0].get_text(strip=True))


def test_files_travel_with_the_pages_and_arrive_with_the_case(jordan: Jordan, browser: Browser) -> None:
    given: Any = [photo(), SimpleUploadedFile("فاتورة.pdf", pdf())]
    at_describe(browser).send(text=POTHOLE, file=given).send(to="GAM/-").send(contact="none")
    assert "حفرة.jpg" in browser.text
    assert "فاتورة.pdf" in browser.text

    browser.send("send")

    assert set(Attachment.objects.filter(case=sent(browser)).values_list("name", flat=True)) == {
        "حفرة.jpg",
        "فاتورة.pdf",
    }


def test_what_is_not_taken_says_why_and_loses_neither_words_nor_the_other_file(
    jordan: Jordan, browser: Browser
) -> None:
    given: Any = [photo(), SimpleUploadedFile("شكوى.docx", docx())]
    at_describe(browser).send(text=POTHOLE, file=given)
    assert any("شكوى.docx" in error and OFFICE.ar in error for error in browser.errors)
    assert POTHOLE in browser.text
    assert "حفرة.jpg" in browser.text
    assert len(ids(browser)) == 1


def test_in_english_the_sentence_is_english(jordan: Jordan, browser: Browser) -> None:
    given: Any = SimpleUploadedFile("x.exe", b"MZ" + bytes(100))
    browser.open("/en/new").send(kind="question").send(text=POTHOLE, file=given)
    assert any(UNKNOWN.en in error for error in browser.errors)


def test_a_file_is_taken_back_with_a_button(jordan: Jordan, browser: Browser) -> None:
    given: Any = [photo(), SimpleUploadedFile("x.docx", docx())]
    browser.open("/new").send(kind="question").send(text=POTHOLE, file=given)
    (file,) = ids(browser)
    browser.send(file)
    assert ids(browser) == []
    assert POTHOLE in browser.text
    assert not Upload.objects.exists()


def test_a_voice_message_goes_instead_of_words(jordan: Jordan, browser: Browser) -> None:
    voice: Any = SimpleUploadedFile("رسالة.ogg", ogg())
    at_describe(browser).send(text="", file=voice).send(to="us").send(contact="none")
    assert "رسالة صوتية" in browser.text
    browser.send("send")
    case = sent(browser)
    assert case.voice
    assert case.triage


def test_a_picture_alone_is_no_question(jordan: Jordan, browser: Browser) -> None:
    picture: Any = photo()
    at_describe(browser).send(text="", file=picture)
    assert browser.errors == ["اكتب ما حدث، ولو بجملة واحدة"]
    assert len(ids(browser)) == 1  # and it need not be sent again


def test_before_the_gate_nothing_is_kept_of_the_files_either(jordan: Jordan, browser: Browser) -> None:
    picture: Any = photo()
    at_describe(browser).send(text=BRIBE_TEXT, file=picture)
    assert "لم نحفظ شيئًا" in browser.text
    assert not Upload.objects.exists()

    another: Any = photo()
    browser.open("/new").send(kind="question").send(text=HOLE, file=another).send("back")
    assert Upload.objects.count() == 1
    browser.send(text=BRIBE_TEXT)
    assert not Upload.objects.exists()


def test_a_file_that_has_gone_meanwhile_is_said_and_the_rest_can_be_sent(
    jordan: Jordan, browser: Browser
) -> None:
    pictures: Any = [photo("1.jpg"), photo("2.jpg")]
    at_describe(browser).send(text=POTHOLE, file=pictures).send(to="GAM/-").send(contact="none")
    Upload.objects.filter(name="1.jpg").delete()
    browser.send("send")
    assert any("لم يعد أحد الملفات متاحًا" in error for error in browser.errors)
    browser.send("send")
    assert Attachment.objects.get().name == "2.jpg"
    assert sent(browser)


def test_ids_that_nobody_gave_change_nothing(jordan: Jordan, browser: Browser) -> None:
    at_describe(browser).send(text=POTHOLE, uploads="x ' -- 1 \x00").send(to="GAM/-").send(contact="none")
    browser.send("send")
    assert not Attachment.objects.filter(case=sent(browser)).exists()


def test_the_case_page_lists_files_and_takes_more_with_a_message(jordan: Jordan, browser: Browser) -> None:
    case = jordan.submit(uploads=(create_upload(),))
    browser.open("/track").send(reference=case.reference, code=case.access_code)
    assert "بيت سامر.jpg" in browser.text
    picture: Any = photo("أخرى.jpg")
    browser.send(form="/write", text="وهذه صورة أخرى", file=picture)
    assert "أخرى.jpg" in browser.text
    link = next(a for a in browser.page.select(".files a") if "أخرى.jpg" in a.get_text())
    answer: Any = browser.client.get(str(link["href"]))
    assert secrets_in(b"".join(answer.streaming_content)) == []


def test_a_message_may_be_a_file_alone(jordan: Jordan, browser: Browser) -> None:
    case = jordan.submit()
    browser.open("/track").send(reference=case.reference, code=case.access_code)
    browser.send(form="/write", text="")
    assert browser.errors
    picture: Any = photo("وحدها.jpg")
    browser.send(form="/write", text="", file=picture)
    assert "وحدها.jpg" in browser.text
    assert Attachment.objects.filter(case=case.case, from_citizen=True).count() == 1


@pytest.mark.parametrize("given", ["no-uuid", "00000000-0000-4000-8000-000000000000"])
def test_a_file_that_is_not_there_refuses_the_message_and_keeps_its_words(
    jordan: Jordan, browser: Browser, given: str
) -> None:
    case = jordan.submit()
    browser.open("/track").send(reference=case.reference, code=case.access_code)
    browser.send(form="/write", text=HOLE, uploads=given)
    if "-" in given[2:] and given != "no-uuid":
        assert UUID(given)
        assert any("لم يعد أحد الملفات متاحًا" in error for error in browser.errors)
        assert HOLE in browser.text
    else:
        assert HOLE in browser.text
