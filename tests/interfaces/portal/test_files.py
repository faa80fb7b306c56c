"""Files of cases and messages, in a browser without script."""

from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bekhedmetkom.attachments.models import Upload
from bekhedmetkom.attachments.rules import OFFICE, UNKNOWN
from bekhedmetkom.cases.models import Attachment, Case
from tests.commands.attachments.sample_files import docx, find_secrets, jpeg, ogg, pdf
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


def test_uploads_are_attached_to_the_case(jordan: Jordan, browser: Browser) -> None:
    given: Any = [photo(), SimpleUploadedFile("فاتورة.pdf", pdf())]
    at_describe(browser).send(text=POTHOLE, file=given).send(to="GAM/-").send(contact="none")
    assert "حفرة.jpg" in browser.text
    assert "فاتورة.pdf" in browser.text

    browser.send("send")

    assert set(Attachment.objects.filter(case=sent(browser)).values_list("name", flat=True)) == {
        "حفرة.jpg",
        "فاتورة.pdf",
    }


def test_refused_file_is_explained_and_the_rest_stays(jordan: Jordan, browser: Browser) -> None:
    given: Any = [photo(), SimpleUploadedFile("شكوى.docx", docx())]
    at_describe(browser).send(text=POTHOLE, file=given)
    assert any("شكوى.docx" in error and OFFICE.ar in error for error in browser.errors)
    assert POTHOLE in browser.text
    assert "حفرة.jpg" in browser.text
    assert len(ids(browser)) == 1


def test_refusal_is_in_the_pages_language(jordan: Jordan, browser: Browser) -> None:
    given: Any = SimpleUploadedFile("x.exe", b"MZ" + bytes(100))
    browser.open("/en/new").send(kind="question").send(text=POTHOLE, file=given)
    assert any(UNKNOWN.en in error for error in browser.errors)


def test_file_can_be_removed(jordan: Jordan, browser: Browser) -> None:
    given: Any = [photo(), SimpleUploadedFile("x.docx", docx())]
    browser.open("/new").send(kind="question").send(text=POTHOLE, file=given)
    (file,) = ids(browser)
    browser.send(file)
    assert ids(browser) == []
    assert POTHOLE in browser.text
    assert not Upload.objects.exists()


def test_voice_message_replaces_the_text(jordan: Jordan, browser: Browser) -> None:
    voice: Any = SimpleUploadedFile("رسالة.ogg", ogg())
    at_describe(browser).send(text="", file=voice).send(to="us").send(contact="none")
    assert "رسالة صوتية" in browser.text
    browser.send("send")
    case = sent(browser)
    assert case.voice
    assert case.triage


def test_picture_alone_needs_a_text(jordan: Jordan, browser: Browser) -> None:
    picture: Any = photo()
    at_describe(browser).send(text="", file=picture)
    assert browser.errors == ["اكتب ما حدث، ولو بجملة واحدة"]
    assert len(ids(browser)) == 1  # it need not be uploaded again


def test_gate_deletes_the_uploads(jordan: Jordan, browser: Browser) -> None:
    picture: Any = photo()
    at_describe(browser).send(text=BRIBE_TEXT, file=picture)
    assert "لم نحفظ شيئًا" in browser.text
    assert not Upload.objects.exists()

    another: Any = photo()
    browser.open("/new").send(kind="question").send(text=HOLE, file=another).send("back")
    assert Upload.objects.count() == 1
    browser.send(text=BRIBE_TEXT)
    assert not Upload.objects.exists()


def test_missing_upload_is_reported_and_the_rest_can_be_sent(jordan: Jordan, browser: Browser) -> None:
    pictures: Any = [photo("1.jpg"), photo("2.jpg")]
    at_describe(browser).send(text=POTHOLE, file=pictures).send(to="GAM/-").send(contact="none")
    Upload.objects.filter(name="1.jpg").delete()
    browser.send("send")
    assert any("لم يعد أحد الملفات متاحًا" in error for error in browser.errors)
    browser.send("send")
    assert Attachment.objects.get().name == "2.jpg"
    assert sent(browser)


def test_unknown_upload_ids_are_ignored(jordan: Jordan, browser: Browser) -> None:
    at_describe(browser).send(text=POTHOLE, uploads="x ' -- 1 \x00").send(to="GAM/-").send(contact="none")
    browser.send("send")
    assert not Attachment.objects.filter(case=sent(browser)).exists()


def test_case_page_lists_files_and_accepts_more(jordan: Jordan, browser: Browser) -> None:
    case = jordan.submit(uploads=(create_upload(),))
    browser.open("/track").send(reference=case.reference, code=case.access_code)
    assert "بيت سامر.jpg" in browser.text
    picture: Any = photo("أخرى.jpg")
    browser.send(form="/write", text="وهذه صورة أخرى", file=picture)
    assert "أخرى.jpg" in browser.text
    link = next(a for a in browser.page.select(".files a") if "أخرى.jpg" in a.get_text())
    answer: Any = browser.client.get(str(link["href"]))
    assert find_secrets(b"".join(answer.streaming_content)) == []


def test_message_may_be_a_file_alone(jordan: Jordan, browser: Browser) -> None:
    case = jordan.submit()
    browser.open("/track").send(reference=case.reference, code=case.access_code)
    browser.send(form="/write", text="")
    assert browser.errors
    picture: Any = photo("وحدها.jpg")
    browser.send(form="/write", text="", file=picture)
    assert "وحدها.jpg" in browser.text
    assert Attachment.objects.filter(case=case.case, from_citizen=True).count() == 1


@pytest.mark.parametrize("given", ["no-uuid", "00000000-0000-4000-8000-000000000000"])
def test_missing_upload_refuses_the_message_and_keeps_its_text(
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
