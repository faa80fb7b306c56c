"""Whole conversations in a real Chromium: reports are encrypted and decrypted only in the browsers."""

import json
from io import BytesIO
from typing import Any

import psycopg
import pytest
from PIL import Image
from playwright.sync_api import FilePayload, expect

from bekhedmetkom.disclosures.commission_keys import unwrap_key
from bekhedmetkom.disclosures.encryption import derive_signing_public_key
from bekhedmetkom.disclosures.installation import Installation
from bekhedmetkom.disclosures.rules.frame import CorruptData
from tests.box.support.browser import STATIC
from tests.box.support.browser_actors import (
    CANARIES,
    IDENTITY_REASON,
    PHOTO,
    TABLE,
    TEXT,
    VENDORED,
    Opens,
    download_file,
    log_in,
    open_first_report,
    read_sent_bytes,
    release_identity,
    request_identity,
    send_message,
    set_status,
    sign_in,
    submit_report,
)
from tests.page_checks import check_page

pytestmark = pytest.mark.e2e


def test_whole_conversation(
    opens: Opens, committed_box: Installation, dba: "psycopg.Connection[Any]"
) -> None:
    discloser = opens()
    words = submit_report(discloser, files=[PHOTO, TABLE], name="هند محمد", phone="0790000000")
    discloser.fill("#third", words[2])
    discloser.fill("#seventh", words[5])
    discloser.click('[data-box="check"] button')
    expect(discloser.locator("[data-checked]")).to_contain_text("لا تطابقان")
    discloser.fill("#seventh", words[6])
    discloser.click('[data-box="check"] button')
    expect(discloser.locator("[data-checked]")).to_contain_text("صحيحة")
    body = read_sent_bytes(discloser)
    assert len(body) > 300_000
    assert not [canary for canary in [*CANARIES, *(word.encode() for word in words)] if canary in body]

    officer = open_first_report(sign_in(opens("/commission"), committed_box, "officer-1"))
    expect(officer.locator(".turn").first).to_contain_text(TEXT)
    expect(officer.locator(".turn li")).to_have_count(2)
    expect(officer.locator(".turn li").first).to_contain_text("صورة الوصل.jpg")
    for place, file in enumerate((PHOTO, TABLE)):
        assert download_file(officer, f".turn [data-open] >> nth={place}") == (file["name"], file["buffer"])
    set_status(officer, "accepted")
    form: FilePayload = {"name": "نموذج.txt", "mimeType": "text/plain", "buffer": b"form"}
    send_message(officer, "متى رأيت ذلك آخر مرة؟", [form])

    hurried = "  ".join(words).translate(str.maketrans("أإآة", "اااه"))
    again = log_in(opens("/words"), hurried)
    expect(again.locator(".turn")).to_contain_text("متى رأيت ذلك آخر مرة؟")
    expect(again.locator(".lede")).to_contain_text("قُبل بلاغك")
    assert TEXT not in again.content()  # the report itself is not shown
    assert download_file(again, ".turn li button") == ("نموذج.txt", b"form")
    again.fill("#id_answer", "يوم الأحد الماضي.")
    again.set_input_files('[data-box="answer"] [type=file]', [TABLE])
    again.click('[data-box="answer"] .btn')
    expect(again.locator("[data-sent]")).to_be_visible()

    officer.reload()
    open_first_report(sign_in(officer, committed_box, "officer-1"))
    expect(officer.locator(".turn").nth(2)).to_contain_text("يوم الأحد الماضي.")
    request_identity(officer)
    assert "هند" not in officer.content()

    custodian = sign_in(opens("/commission"), committed_box, "custodian-1")
    expect(custodian.locator(".request")).to_contain_text(IDENTITY_REASON)
    assert TEXT not in custodian.content()
    custodian.click("[data-open] button")
    expect(custodian.locator(".identity")).to_contain_text("هند محمد")
    release_identity(custodian)

    officer.reload()
    open_first_report(sign_in(officer, committed_box, "officer-1"))
    expect(officer.locator("[data-identity]")).to_contain_text("هند محمد")
    expect(officer.locator("[data-identity]")).to_contain_text("0790000000")
    set_status(officer, "closed", "done")
    expect(officer.locator('[data-form="message"]')).to_have_count(0)
    officer.locator("#report-h ~ * summary, article summary").last.click()
    journal = officer.locator(".journal").inner_text()
    assert all(
        act in journal for act in ("فتح البلاغ", "كتب للمبلّغ", "طلب الهوية", "فتح الهوية", "سلّم الهوية")
    )

    last = log_in(opens("/words"), words)
    expect(last.locator(".lede")).to_contain_text("أُغلق البلاغ")
    expect(last.locator('[data-box="answer"]')).to_have_count(0)

    dump = b"".join(
        bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
        for (table,) in dba.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for row in dba.execute(f'SELECT * FROM "{table}"'.encode()).fetchall()
        for value in row
    )
    assert not [canary for canary in CANARIES if canary in dump]


def test_wrong_words_open_nothing_and_lock_nobody_out(opens: Opens) -> None:
    page = opens()
    words = submit_report(page)
    wrong = words.copy()
    wrong[4] = next(word for word in ("زيتون", "قمح") if word != words[4])
    page = opens("/words")
    for _ in range(3):
        expect(log_in(page, wrong).locator(".error-summary")).to_contain_text("لا يفتح شيء")
    expect(log_in(page, [*words[:9], "قسطنطينية"]).locator(".error-summary")).to_contain_text("الكلمة 10")
    expect(log_in(page, words[:9]).locator(".error-summary")).to_contain_text("9")
    expect(log_in(page, words).locator("h1")).to_contain_text("صندوق رسائلك")


def test_changed_crypto_module_is_not_run(opens: Opens) -> None:
    """The page has the vendored module's hash: a changed module does not run, and the page says so."""
    source = (STATIC / VENDORED).read_text("utf-8")
    page = opens(variant=(VENDORED, source, source + " "))
    page.wait_for_load_state("networkidle")
    expect(page.locator('[data-way="server"]')).to_be_visible()
    expect(page.locator('[data-way="browser"]')).to_be_hidden()


def test_invalid_form_sends_nothing(opens: Opens) -> None:
    page = opens()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.check("#id_yes")
    page.locator("details.details > summary").click()
    for box in page.locator('[name="exclude"]').all():
        box.check()
    page.click('[data-box="send"] .btn--lg')
    summary = page.locator(".error-summary")
    for fault in ("اكتب ما تعرفه", "اكتب اسمك أو رقم هاتفك", "اترك موظفًا واحدًا"):
        expect(summary).to_contain_text(fault)
    assert sent == []


def test_excluded_officer_does_not_see_the_report(opens: Opens, committed_box: Installation) -> None:
    submit_report(opens(), exclude="officer-2")
    named = sign_in(opens("/commission"), committed_box, "officer-2")
    expect(named.locator("[data-none]")).to_be_visible()
    other = open_first_report(sign_in(opens("/commission"), committed_box, "officer-1"))
    expect(other.locator("[data-excluded] dd")).to_contain_text("موظف الهيئة")


def test_attack_10_roles_are_separate(opens: Opens, committed_box: Installation) -> None:
    submit_report(opens(), name="هند")
    custodian = sign_in(opens("/commission"), committed_box, "custodian-1")
    officer = sign_in(opens("/commission"), committed_box, "officer-1")
    report = officer.locator(".item").first.get_attribute("data-of")
    asking = """([path, method]) => fetch(path, method === "GET" ? {} : {
        method, headers: {"Content-Type": "application/json"}, body: "{}" }).then((answer) => answer.status)"""
    assert custodian.evaluate(asking, ["/commission/reports", "GET"]) in {403, 404}
    assert custodian.evaluate(asking, [f"/commission/reports/{report}/opened", "POST"]) in {403, 404}
    assert officer.evaluate(asking, [f"/commission/requests/{report}/opened", "POST"]) in {403, 404}
    assert officer.evaluate(asking, ["/commission/requests", "GET"]) in {403, 404}
    assert custodian.evaluate(asking, [f"/commission/requests/{report}/opened", "POST"]) >= 400  # no request


def test_photo_metadata_is_removed(opens: Opens, committed_box: Installation) -> None:
    photo = create_photo_with_gps()
    assert b"GPS canary" in photo["buffer"]
    clean = opens()
    clean.check('[name="clean"]')
    submit_report(clean, files=[photo])
    officer = open_first_report(sign_in(opens("/commission"), committed_box, "officer-1"))
    expect(officer.locator(".turn li").first).to_contain_text("photo-1.jpg")
    assert b"GPS canary" not in download_file(officer, ".turn [data-open]")[1]
    submit_report(opens(), files=[photo])
    officer = sign_in(opens("/commission"), committed_box, "officer-1")
    officer.click(".item:has([data-unread]:not([hidden]))")
    expect(officer.locator(".turn li").first).to_contain_text("IMG_2026.jpg")
    assert download_file(officer, ".turn [data-open]")[1] == photo["buffer"]
    _, copy = download_file(officer, ".turn [data-clean]")
    assert b"GPS canary" not in copy
    assert Image.open(BytesIO(copy)).size == (60, 40)


def test_metadata_of_files_is_announced_before_sending(opens: Opens, committed_box: Installation) -> None:
    film: FilePayload = {"name": "فيديو.mp4", "mimeType": "video/mp4", "buffer": b"film"}
    torn: FilePayload = {"name": "torn.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"}
    page = opens()
    page.set_input_files("#id_files", [film, create_photo_with_gps()])
    chosen = page.locator("[data-chosen] li")
    expect(chosen.nth(0)).to_contain_text("«فيديو.mp4»: يُرسل كما هو")
    expect(chosen.nth(1)).to_contain_text("«IMG_2026.jpg»: تُرسل كما هي")
    page.check('[name="clean"]')
    expect(chosen.nth(1)).to_contain_text("تُرسل نسخة لا تحمل مكانها")
    page.fill("#id_text", TEXT)
    page.set_input_files("#id_files", [torn])
    page.click('[data-box="send"] .btn--lg')
    expect(page.locator(".error-summary")).to_contain_text("نسخة نظيفة من «torn.jpg»")
    assert read_sent_bytes(page) == b"", "it does not go as it is"
    without = opens(java_script_enabled=False)
    expect(without.locator("#id_files_warning")).to_contain_text("قد يكشفك الملف نفسه")


def create_photo_with_gps() -> FilePayload:
    out, exif = BytesIO(), Image.Exif()
    exif[0x9286] = b"GPS canary"
    Image.new("RGB", (60, 40), "teal").save(out, "JPEG", exif=exif)
    return {"name": "IMG_2026.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_pages_are_accessible(opens: Opens, committed_box: Installation, prefix: str) -> None:
    page = opens(f"{prefix}/")
    check_page(page, "home")
    page.click('[data-box="send"] .btn--lg')
    check_page(page, "home, with what is missing")
    words = submit_report(page, files=[TABLE], name="هند")
    check_page(page, "receipt")
    officer = opens(f"{prefix}/commission")
    check_page(officer, "sign-in")
    officer.click("[data-make]")
    check_page(officer, "a new key")
    officer.click("[data-back]")
    sign_in(officer, committed_box, "officer-1")
    check_page(officer, "reports")
    open_first_report(officer)
    send_message(officer, "متى؟")
    request_identity(officer)
    check_page(officer, "a report")
    custodian = sign_in(opens(f"{prefix}/commission"), committed_box, "custodian-1")
    custodian.click("[data-open] button")
    expect(custodian.locator("[data-release]")).to_be_visible()
    check_page(custodian, "a request")
    back = log_in(opens(f"{prefix}/words"), words)
    expect(back.locator(".turn")).to_be_visible()
    check_page(back, "talk")


def test_concurrent_messages_are_not_lost(opens: Opens, committed_box: Installation) -> None:
    words = submit_report(opens())
    officer = open_first_report(sign_in(opens("/commission"), committed_box, "officer-1"))
    page = log_in(opens("/words"), words)
    page.fill("#id_answer", "تذكرت شيئًا.")
    send_message(officer, "سؤال")
    page.click('[data-box="answer"] .btn')
    expect(page.locator(".error-summary")).to_contain_text("وصلت رسالة أخرى")
    expect(page.locator(".turn")).to_contain_text("سؤال")
    assert page.input_value("#id_answer") == "تذكرت شيئًا."
    page.click('[data-box="answer"] .btn')
    expect(page.locator("[data-sent]")).to_be_visible()


def test_network_failure_sends_one_report(opens: Opens, dba: "psycopg.Connection[Any]") -> None:
    page = opens()
    lost = iter([True])

    def once_lost(route: Any) -> None:
        if next(lost, False):
            route.fetch()  # it arrives; its answer does not
            route.abort()
        else:
            route.continue_()

    page.route("**/sealed", once_lost)
    words = submit_report(page)
    reports = dba.execute("SELECT count(*) FROM disclosures_report").fetchone()
    assert reports == (2,)  # it and the decoy
    expect(log_in(opens("/words"), words).locator("h1")).to_contain_text("صندوق رسائلك")


def test_key_is_created_stored_and_backed_up(opens: Opens, committed_box: Installation) -> None:
    page = opens("/commission")
    page.click("[data-make]")
    page.click("form .btn")
    expect(page.locator(".error-summary li")).to_have_count(4)
    suggestion = page.locator("[data-suggestion]").inner_text()
    page.fill("#key-name", "نور")
    page.fill("#key-id", "nour")
    page.check("[value=officer]")
    page.fill("#new-passphrase", suggestion)
    page.fill("#again", suggestion)
    page.check("[name=keep]")
    page.click("form .btn")
    kept, public = (
        json.loads(download_file(page, button)[1]) for button in ("[data-backup]", "[data-public]")
    )
    expected = {"id": "nour", "name": "نور", "office": "officer", "recipient": kept["recipient"]}
    assert public == expected | {"signs": derive_signing_public_key(unwrap_key(kept, suggestion))}
    assert "AGE-SECRET-KEY" not in json.dumps(kept)
    assert unwrap_key(kept, suggestion).startswith("AGE-SECRET-KEY-1")
    with pytest.raises(CorruptData):
        unwrap_key(kept, "another passphrase altogether")
    page.reload()
    page.fill("#passphrase", "غيرها تمامًا من العبارات")
    page.click("form .btn")
    expect(page.locator(".error-summary")).to_contain_text("لا يفتح المفتاح")
    page.fill("#passphrase", suggestion)
    page.click("form .btn")
    expect(page.locator(".error-summary")).to_contain_text("ليس في القائمة")  # it is in no signed manifest


def test_key_is_locked_after_ten_idle_minutes(opens: Opens, committed_box: Installation) -> None:
    page = opens("/commission")
    page.clock.install()
    sign_in(page, committed_box, "officer-1")
    page.clock.fast_forward("09:30")
    expect(page.locator("#reports-h")).to_be_visible()
    page.clock.fast_forward("00:31")
    expect(page.locator(".error-summary")).to_contain_text("أُقفل مفتاحك")
    status = page.evaluate("fetch('/commission/reports').then((answer) => answer.status)")
    assert status == 403  # the server's half of the session is over too
