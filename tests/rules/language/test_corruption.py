"""What the gate stops, and what it lets pass. Each line was written for this test."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bekhedmetkom.language.corruption import detect_corruption

DEVELOPMENT = Path(__file__).resolve().parents[3] / "data" / "messages" / "dev.csv"

REPORTS = [
    "طلب مني الموظف رشوة حتى يوقّع الورقة",
    "موظف الشباك بده خمسين دينار تحت الطاولة عشان يمشي المعاملة",
    "المدير عيّن ابن أخوه بدون إعلان ولا مقابلة",
    "اختلاس من صندوق البلدية، وعندي كشوفات",
    "العطاء أُحيل على شركة يملكها شقيق رئيس اللجنة",
    "سيارة الوزارة بنمرة حمراء بتوصل ولاد المدير عالمدرسة",
    "بدون واسطة ما بتمشي معاملة بهالدائرة",
    "المفتش بياكل ببلاش كل أسبوع وما بخالف المطعم",
    "el mowazzaf 6alab rashwe 3ashan ykhalles el waraq",
    "el mowazaf talab meni rashwe 50 dinar",
    "el modeer 3ayyan ibn 3ammo bala e3lan",
    "The clerk demanded a bribe of 50 JD to approve my permit",
    "He awarded the tender to his brother's company",
    "An inspector asked me for cash in hand, no receipt, to let the shop pass",
]
NOTHING_REPORTED = [
    "el mowazaf talab meni soora 3an el hawiye w shahadet el milad",
    "أين مكتب هيئة النزاهة ومكافحة الفساد في إربد؟",
    "ما عقوبة الرشوة في القانون؟",
    "الثلاجة تعطلت وفسد الطعام كله",
    "حليب فاسد في بقالة الحي",
    "أقترح أتمتة الخدمة للحد من الواسطة",
    "شكراً للموظف النزيه، رفض الهدية وأنجز معاملتي بالدور",
    "دفعت رسوم الجواز مرتين وأريد استرداد المبلغ",
    "تواصلت معهم بواسطة البريد الإلكتروني",
    "أريد واسطة نقل إلى الجامعة",
    "الشارع معتم من أسبوع",
    "What is the penalty for bribery in Jordan?",
    "I paid the fee by card and would like a receipt",
    "Thank you to the honest officer who returned my wallet",
    "kam rosoom el jawaz?",
    "",
]


@pytest.mark.parametrize("text", REPORTS)
def test_corruption_reports_are_detected(text: str) -> None:
    hit = detect_corruption(text)
    assert hit, text
    assert hit.reason.ar and hit.reason.en
    assert hit.matched_words


@pytest.mark.parametrize("text", NOTHING_REPORTED)
def test_texts_without_a_report_are_not_detected(text: str) -> None:
    assert detect_corruption(text) is None


@pytest.mark.parametrize(
    "text", ["طلب رشوة مني", "طلَبَ رِشوةً منّي", "طلب رشـــوة مني", "طلب رشوووووة مني", "طلب ر\u200bشوة مني"]
)
def test_unusual_spelling_does_not_evade_detection(text: str) -> None:
    assert detect_corruption(text)


def test_recall_and_false_alarms_on_development_set() -> None:
    with DEVELOPMENT.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    reports = [row["text"] for row in rows if row["corruption"] == "1"]
    others = [row["text"] for row in rows if row["corruption"] == "0"]
    assert sum(detect_corruption(text) is not None for text in reports) >= 0.9 * len(reports)
    assert sum(detect_corruption(text) is not None for text in others) <= 0.05 * len(others)


@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=200))
def test_any_text_has_an_answer(text: str) -> None:
    detect_corruption(text)
