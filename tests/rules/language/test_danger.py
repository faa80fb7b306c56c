"""When a life is at risk now, and when it is only a fault. Each line was written for this test."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bekhedmetkom.language.danger import detect_danger

DEVELOPMENT = Path(__file__).resolve().parents[3] / "data" / "messages" / "dev.csv"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("حريق في العمارة والناس جوا", "حريق"),
        ("ريحة غاز قوية طالعة من بيت الجيران وفيه أطفال", "حريق"),
        ("سلك كهرباء مقطوع على الأرض عند المدرسة", "كهرباء"),
        ("أخي بدو ينتحر", "يؤذي نفسه"),
        ("جارنا بضرب ولاده كل ليلة وحابس البنت بالحمام", "عنف"),
        ("منهل مفتوح بلا غطا وقع فيه ولد", "حفرة"),
        ("الحقونا، الولد بموت", "حياة"),
        ("There is a fire on the second floor and people are trapped", "حريق"),
        ("He is threatening to kill her with a knife right now", ""),
        ("fi 7aree2 bel 3emara w el nas jowa", "حريق"),
    ],
)
def test_danger_is_detected_with_its_reason(text: str, why: str) -> None:
    hit = detect_danger(text)
    assert hit, text
    assert why in hit.reason.ar


@pytest.mark.parametrize(
    "text",
    [
        "الكهرباء تنقطع كل مساء ساعة",
        "حفرة صغيرة أمام البيت منذ سنة",
        "أقترح تدريب الطلاب على إطفاء الحريق",
        "كم رسوم كشف السلامة العامة؟",
        "متى يفتح مسبح البلدية؟",
        "The pothole on our road is getting bigger",
        "How do I get a fire safety certificate?",
        "el kahraba bte2ta3 kol yom sa3a",
        "",
    ],
)
def test_faults_and_questions_are_not_danger(text: str) -> None:
    assert detect_danger(text) is None


def test_recall_and_false_alarms_on_development_set() -> None:
    with DEVELOPMENT.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    dangers = [row["text"] for row in rows if row["danger"] == "1"]
    others = [row["text"] for row in rows if row["danger"] == "0"]
    assert sum(detect_danger(text) is not None for text in dangers) >= 0.9 * len(dangers)
    assert sum(detect_danger(text) is not None for text in others) <= 0.05 * len(others)


@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=200))
def test_any_text_has_an_answer(text: str) -> None:
    detect_danger(text)
