"""Discloser's pages without JavaScript: report, receipt check, login, conversation, exit."""

import re
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bekhedmetkom.disclosures import part_storage
from bekhedmetkom.disclosures.encryption import decrypt
from bekhedmetkom.disclosures.installation import Installation
from bekhedmetkom.disclosures.models import Piece, Report
from bekhedmetkom.disclosures.reports import list_reports
from bekhedmetkom.disclosures.rules.frame import CorruptData
from bekhedmetkom.disclosures.rules.receipts import get_word_list
from tests.box.support.actors import (
    decrypt_report_key_ring,
    decrypt_turn_part,
    get_only_report,
    get_secret,
    log_in,
    parse_receipt,
    send_message_as_officer,
    submit_report,
)
from tests.mutations import check_with_mutations

TEXT = "دفع المقاول لمدير العطاءات في فندق"
NINE = " ".join(get_word_list()[:9])


def test_only_officers_decrypt_a_report(box: Installation, client: Client) -> None:
    words = submit_report(
        client, TEXT, SimpleUploadedFile("عقد.pdf", b"%PDF-1"), SimpleUploadedFile("b.txt", b"")
    )
    unwrapped = get_only_report()
    assert len(words) == 10
    for officer in ("officer-1", "officer-2"):
        assert decrypt_turn_part(unwrapped, officer=officer).body.decode() == TEXT
    first, second = decrypt_turn_part(unwrapped, place=1), decrypt_turn_part(unwrapped, place=2)
    assert (first.header["name"], first.body) == ("عقد.pdf", b"%PDF-1")
    assert (second.header["name"], second.body) == ("b.txt", b"")
    with pytest.raises(CorruptData):
        decrypt_report_key_ring(unwrapped, "custodian-1")


def test_discloser_reads_the_commission_and_not_their_report(box: Installation, client: Client) -> None:
    words = submit_report(client, TEXT)
    send_message_as_officer(get_only_report().report.id, "متى كان ذلك؟", ("صورة.jpg", b"\xff\xd8\xff"))
    page = log_in(Client(), words).content.decode()
    assert "متى كان ذلك؟" in page
    assert TEXT not in page
    visitor = Client()
    address = re.findall(r'href="(/talk/1/1/[^"]+)"', log_in(visitor, words).content.decode())[0]
    file = visitor.get(address)
    assert file.content == b"\xff\xd8\xff"
    assert file["Content-Disposition"].startswith("attachment")
    answered = visitor.post("/talk", {"text": "يوم الأحد", "turn": 2}, follow=True)
    assert "وصلت رسالتك" in answered.content.decode()
    assert decrypt_turn_part(get_only_report(), turn=2).body.decode() == "يوم الأحد"


@pytest.mark.parametrize("typed", ["  {}  ", "1. {}", "{}\n"])
def test_receipt_is_accepted_in_all_spellings(box: Installation, client: Client, typed: str) -> None:
    words = submit_report(client)
    assert "صندوق رسائلك" in log_in(client, typed.format("  ".join(words))).content.decode()


def test_wrong_word_opens_nothing(box: Installation, client: Client) -> None:
    words = submit_report(client)
    other_file = next(word for word in get_word_list() if word != words[4])
    page = log_in(client, (*words[:4], other_file, *words[5:]))
    assert page.status_code == 200
    assert "لا يفتح شيء بهذه الكلمات" in page.content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("", "اكتب الكلمات العشر"), ("زيتون", "كتبت كلمة واحدة"), ("زيتون نافذة قمح", "كتبت 3 كلمات"),
     (f"{NINE} ققققق", "الكلمة 10")],
)  # fmt: skip
def test_impossible_receipt_is_rejected_with_a_sentence(
    box: Installation, client: Client, typed: str, sentence: str
) -> None:
    page = client.post("/words", {"words": typed})
    assert page.status_code == 422
    assert sentence in page.content.decode()


def test_receipt_check(box: Installation, client: Client) -> None:
    page = client.post("/send", {"text": TEXT, "identity": "no"}).content.decode()
    words, sealed = parse_receipt(page), re.findall(r'name="check" value="([^"]+)"', page)[0]
    assert not any(word in sealed for word in words)
    right = client.post("/check", {"check": sealed, "third": words[2], "seventh": f" {words[6]} "})
    assert "صحيحة" in right.content.decode()
    assert "frame-ancestors 'self'" in right["Content-Security-Policy"]
    wrong = client.post("/check", {"check": sealed, "third": words[2], "seventh": "غيرها"})
    assert "الكلمة 7 لا تطابق" in wrong.content.decode()
    assert client.post("/check", {"check": "forged"}).status_code == 200


def test_only_custodians_decrypt_an_identity(box: Installation, client: Client) -> None:
    submit_report(client, identity="yes", name="سناء", phone="0790000000")
    known = get_only_report()
    identity = known.encrypted_identity
    assert "سناء".encode() in decrypt(identity, get_secret("custodian-2")).replace(
        b"\\u", b""
    ) or b"name" in decrypt(identity, get_secret("custodian-2"))
    with pytest.raises(CorruptData):
        decrypt(identity, get_secret("officer-1"))
    submit_report(client, "آخر")
    assert len({len(report.identity) for report in Report.objects.all() if report.day}) == 1


def test_excluded_officer_cannot_decrypt(box: Installation, client: Client) -> None:
    submit_report(client, exclude=["officer-2"])
    unwrapped = get_only_report()
    assert decrypt_turn_part(unwrapped).body
    with pytest.raises(CorruptData):
        decrypt_report_key_ring(unwrapped, "officer-2")
    assert unwrapped.state.excluded == ("officer-2",)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text": ""}, "اكتب ما تعرفه"),
        ({"text": "س" * 20_001}, "20000 حرف"),
        ({"exclude": ["officer-1", "officer-2"]}, "اترك موظفًا واحدًا"),
        ({"exclude": ["nobody"]}, "اختر من الأسماء"),
        ({"identity": "yes"}, "اكتب اسمك أو رقم هاتفك"),
        ({"name": "س" * 121, "identity": "yes"}, "120 حرفًا"),
    ],
    ids=str,
)
def test_invalid_form_keeps_its_text_and_stores_nothing(
    box: Installation, client: Client, fields: dict[str, object], sentence: str
) -> None:
    form = {"text": TEXT, "identity": "no", "files": BytesIO(b"a file")} | fields
    page = client.post("/send", form)
    assert page.status_code == 422
    assert sentence in page.content.decode()
    if "text" not in fields:
        assert TEXT in page.content.decode()
    assert list(list_reports()) == []
    assert not Piece.objects.exists()


def test_duplicate_form_is_one_report(box: Installation, client: Client) -> None:
    first = submit_report(client, TEXT, once="form-1")
    assert submit_report(client, TEXT, once="form-1") == first
    assert submit_report(client, "غيره", once="form-1") != first
    file, other_file = (
        SimpleUploadedFile("وصل.txt", content, "text/plain") for content in (b"first", b"other")
    )
    with_a_file = submit_report(client, TEXT, file, once="form-1")
    file.seek(0)
    assert submit_report(client, TEXT, file, once="form-1") == with_a_file != first
    assert submit_report(client, TEXT, other_file, once="form-1") != with_a_file, (
        "of the same size, and another file"
    )
    assert len(list(list_reports())) == 4


def test_too_large_file_is_rejected(box: Installation, client: Client) -> None:
    large = SimpleUploadedFile("كبير.bin", b"x" * (20 * 1024 * 1024 + 1))
    page = client.post("/send", {"text": TEXT, "identity": "no", "files": [large]})
    assert "أكبر من 20 ميغابايت" in page.content.decode()
    many = [SimpleUploadedFile(f"{n}.txt", b"x") for n in range(11)]
    page = client.post("/send", {"text": TEXT, "identity": "no", "files": many})
    assert page.status_code in (400, 422)
    assert not Piece.objects.exists()


def test_expired_session_keeps_the_typed_text(box: Installation, client: Client) -> None:
    page = client.post("/talk", {"text": "جوابي", "turn": 1, "files": BytesIO(b"x")})
    assert page.status_code == 403
    assert "جوابي" in page.content.decode()
    assert client.get("/talk").status_code == 403


def test_exit_ends_the_session(box: Installation, client: Client) -> None:
    log_in(client, submit_report(client))
    page = client.get("/left")
    assert "cookies" in page["Clear-Site-Data"]
    assert page.cookies["__Host-box"]["max-age"] == 0
    assert "بلاغ" not in page.content.decode()


def test_concurrent_messages_conflict(box: Installation, client: Client) -> None:
    words = submit_report(client)
    log_in(client, words)
    assert client.post("/talk", {"text": "أول", "turn": 1}).status_code == 303
    late = client.post("/talk", {"text": "ثانٍ", "turn": 1})
    assert late.status_code == 409
    assert "ثانٍ" in late.content.decode()
    assert 'name="turn" value="2"' in late.content.decode()


@pytest.mark.parametrize(
    "address", ["/", "/en/", "/protection", "/words", "/en/words", "/talk", "/left", "/check"]
)
def test_every_page_has_privacy_headers(box: Installation, client: Client, address: str) -> None:
    page = client.get(address)
    assert page["Cache-Control"] == "no-store"
    assert page["Referrer-Policy"] == "no-referrer"
    assert "default-src 'none'" in page["Content-Security-Policy"]
    html = page.content.decode()
    assert re.findall(r"<title>(.*?)</title>", html)[0] in ("نموذج", "Form")
    assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', html)


def test_cross_site_forms_are_refused_except_carried_text(box: Installation, client: Client) -> None:
    cross = {"Sec-Fetch-Site": "cross-site"}
    assert client.post("/send", {"text": TEXT}, headers=cross).status_code == 403
    page = client.post("/carried", {"text": TEXT}, headers=cross)
    assert page.status_code == 200
    assert TEXT in page.content.decode()
    assert "ولم يُرسل بعد" in page.content.decode()
    assert "ولم يُرسل بعد" not in client.post("/carried", headers=cross).content.decode()
    assert list(list_reports()) == []


def test_english_home_without_slash_redirects(box: Installation, client: Client) -> None:
    page = client.get("/en")
    assert (page.status_code, page["Location"]) == (302, "/en/")


def test_daily_capacity_limits_files_but_not_texts(box: Installation, client: Client, settings: Any) -> None:
    def promise() -> None:
        settings.BOX = replace(settings.BOX, daily_upload_bytes=0)
        page = client.post("/send", {"text": TEXT, "identity": "no", "files": BytesIO(b"a file")})
        assert page.status_code == 422
        assert "لا مكان لملفات أخرى اليوم" in page.content.decode()
        assert TEXT in page.content.decode()
        assert not Piece.objects.exists()

    check_with_mutations(
        promise,
        {
            "a disk can be filled": lambda patch: patch.setattr(
                part_storage, "has_upload_capacity", lambda today: True
            )
        },
    )
    Piece.objects.all().delete()
    assert submit_report(client, TEXT)
