"""What of a letter is new, and who wrote it: as the mail programs of people here send them."""

import time
from email import message_from_string

import pytest

from bekhedmetkom.notifications.rules.email_replies import (
    extract_html_text,
    extract_new_text,
    get_sender,
    is_automatic,
    is_unauthenticated,
)

NEW = "المصباح ما زال مطفأ.\nشكرا لكم"
OURS = "وصل طلبك إلى أمانة عمّان الكبرى، ورقمه BK-7F3K-92MD.\n\nبخدمتكم"

HISTORIES = [
    "On Tue, Nov 24, 2026 at 12:00 PM Bekhedmetkom <no-reply@example.jo> wrote:\n> وصل طلبك",
    "On Tue, Nov 24, 2026 at 12:00 PM Bekhedmetkom\n<no-reply@example.jo> wrote:\n\n> وصل طلبك",
    "في ثلاثاء، 24 نوفمبر 2026 في 12:00 م تمت كتابة ما يلي بواسطة بخدمتكم\n<no-reply@example.jo>:\n\n> وصل طلبك",
    "\u200fبتاريخ الثلاثاء، ٢٤ نوفمبر ٢٠٢٦ في ١٢:٠٠ م كتب بخدمتكم <no-reply@example.jo>:\n> وصل طلبك",
    "في ٢٤\u200f/١١\u200f/٢٠٢٦، الساعة ١٢:٠٠ م، كتب بخدمتكم <no-reply@example.jo>:\n\n> وصل طلبك",
    "________________________________\nFrom: Bekhedmetkom <no-reply@example.jo>\nSent: Tuesday\nوصل طلبك",
    "From: Bekhedmetkom <no-reply@example.jo>\nSent: Tuesday\nTo: Sama\nوصل طلبك",
    "من: بخدمتكم <no-reply@example.jo>\nتاريخ الإرسال: الثلاثاء\nإلى: سما\nوصل طلبك",
    "-----Original Message-----\nFrom: x\nوصل طلبك",
    "-----الرسالة الأصلية-----\nوصل طلبك",
    "> وصل طلبك\n> بخدمتكم",
    "-- \nسما عواد\n0791234567",
    "Sent from my iPhone",
    "أُرسلت من الـ iPhone",
    "مرسل من هاتفي Samsung Galaxy",
    "تم الإرسال من Yahoo Mail على Android",
    "Get Outlook for iOS<https://aka.ms/o0ukef>",
    OURS,  # a program that marks nothing
]


@pytest.mark.parametrize("history", HISTORIES)
@pytest.mark.parametrize("line", ["\n", "\r\n"])
def test_only_new_text_is_extracted(history: str, line: str) -> None:
    assert extract_new_text(f"{NEW}\n\n{history}".replace("\n", line), OURS) == NEW


@pytest.mark.parametrize(
    "text",
    [
        "On Tuesday nobody came.\nThe lamp is still off.",
        "في الصباح كتب الموظف ورقة ولم يأت أحد.",
        "من جديد: المصباح مطفأ",
        "أرسلت لكم صورة",
        "From: what I saw it is broken",
        "بتاريخ 24 تشرين الثاني اتصلت ولم يرد أحد",
    ],
)
def test_ordinary_sentences_are_not_quotes(text: str) -> None:
    assert extract_new_text(text, OURS) == text


def test_inline_answers_are_kept() -> None:
    assert extract_new_text("> أي شارع؟\nشارع الجامعة\n> متى؟\nأمس") == "شارع الجامعة\nأمس"


def test_huge_email_is_read_quickly() -> None:
    before = time.thread_time()
    assert extract_new_text(f"{NEW}\n" + "> وصل طلبك\n" * 1_000_000) == NEW
    assert time.thread_time() - before < 2


def test_html_only_email_is_read() -> None:
    html = (
        "<html><head><meta charset=windows-1256><style>p{}</style></head><body><div dir=rtl>"
        "المصباح <b>مطفأ</b>&nbsp;هنا<br>منذ أسبوع</div>"
        '<div class="gmail_quote"><div>On Tue wrote:<br><img src=x></div><blockquote>وصل طلبك</blockquote></div>'
        "<p>شكرا</p><div id=appendonsend></div><p>وصل طلبك</p><script>x()</script></body>"
    )
    assert extract_new_text(extract_html_text(html)) == "المصباح مطفأ\xa0هنا\nمنذ أسبوع\n\nشكرا"


@pytest.mark.parametrize("broken", ["<a ", "<a b='", "<a/", "<!--", "<![CDATA[", "</a ", "<div>"])
def test_hostile_html_is_read_quickly(broken: str) -> None:
    """Each of these took a parser seconds in 30 kB, and four times as long in twice as much."""
    before = time.thread_time()
    assert extract_html_text(f"<p>المصباح مطفأ</p>{broken * 10_000}").startswith("المصباح مطفأ")
    assert time.thread_time() - before < 1


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied", "Auto-Submitted: auto-generated; type=x", "Precedence: bulk",
        "Precedence: Auto_Reply",
        "X-Autoreply: yes", "X-Autorespond: 1", "List-Id: <a.b>", "Return-Path: <>", "From: MAILER-DAEMON@mx.jo",
        "From: no-reply+1@shop.jo", "Subject: Automatic reply: your case", "Subject: رد تلقائي: طلبك",
        "Subject: Out of Office", "Content-Type: multipart/report; boundary=b",
    ],
)  # fmt: skip
def test_automatic_email_is_recognised(header: str) -> None:
    assert is_automatic(message_from_string(f"{header}\n\nx"))


@pytest.mark.parametrize(
    "header",
    ["Auto-Submitted: no", "Subject: Re: طلبك", "From: sama@example.jo", "Precedence: normal", "X-Mailer: x"],
)
def test_personal_email_is_not_automatic(header: str) -> None:
    assert not is_automatic(message_from_string(f"{header}\n\nx"))


@pytest.mark.parametrize(
    ("results", "unproven"),
    [
        ("mx.jo; dmarc=fail header.from=example.jo", True),
        ("mx.jo; spf=fail; dkim=pass; dmarc=pass", False),
        ("mx.jo; spf=fail smtp.mailfrom=x", True),
        ("mx.jo; spf=fail; dkim=pass", False),
        ("mx.jo; spf=softfail; dkim=none", False),
        ("mx.jo; none", False),
        ("", False),
    ],
)
def test_authentication_results_decide_about_the_sender(results: str, unproven: bool) -> None:
    assert is_unauthenticated(message_from_string(f"Authentication-Results: {results}\n\nx")) == unproven


def test_only_first_authentication_header_counts() -> None:
    """The header on top is ours; what a sender wrote below it proves nothing."""
    letter = message_from_string(
        "Authentication-Results: mx.jo; dmarc=fail\nAuthentication-Results: x; dmarc=pass\n\nx"
    )
    assert is_unauthenticated(letter)
    assert is_unauthenticated(message_from_string("X-Spam-Flag: YES\n\nx"))


@pytest.mark.parametrize(
    ("header", "sender"),
    [("سما <sama@example.jo>", "sama@example.jo"), ("a@x.jo, b@x.jo", ""), ("", ""), ("nobody", "")],
)
def test_single_sender_is_read(header: str, sender: str) -> None:
    assert get_sender(message_from_string(f"From: {header}\n\nx")) == sender
