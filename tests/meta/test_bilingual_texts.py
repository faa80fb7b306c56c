"""Every text of the pages and events exists in Arabic and English."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bekhedmetkom.cases.feed import get_consumers
from bekhedmetkom.cases.rules.events import EVENTS
from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.interfaces.desk.case.deadline import NEXT_EVENT_LABELS

ROOT = Path(__file__).resolve().parents[2]
TRANSLATED_MARKUP = re.compile(r"{% (blocktranslate|comment)\b.*?{% end\1 %}|{%.*?%}|{{.*?}}", re.DOTALL)
ARABIC_TEXT = re.compile(r"[\u0600-\u06ff](?:[\u0600-\u06ff ]*[\u0600-\u06ff])?")


def test_every_sentence_has_both_languages() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "translations.py", "missing"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.returncode) == ("", 0)


def test_no_template_says_arabic_to_english_readers() -> None:
    """Not even a comma: what is not in the catalogue is the same in both languages."""
    beside = [
        (path.name, words)
        for path in ROOT.glob("bekhedmetkom/**/templates/**/*.html")
        if "texts" not in path.parts
        for words in ARABIC_TEXT.findall(TRANSLATED_MARKUP.sub("", path.read_text("utf-8")))
    ]
    assert set(beside) == {
        ("call_back.html", "العربية"), ("contact.html", "العربية"), ("email.html", "إيقاف الرسائل"),
    }  # fmt: skip


@pytest.mark.parametrize("happened", EventType)
def test_every_event_has_its_sentences(happened: EventType) -> None:
    told = EVENTS[happened]
    for words in (told.officer_text, told.citizen_text):
        assert words is None or (words.ar and words.en)
    assert told.officer_text is not None


@pytest.mark.parametrize("happened", [each for each in EventType if each.startswith("clock.")])
def test_whatever_time_causes_next_is_announced_on_the_case_page(happened: EventType) -> None:
    at_once = {EventType.RESCHEDULED, EventType.RECOUNTED}  # a new calendar's doing, which nobody foresees
    assert (happened in NEXT_EVENT_LABELS) is (happened not in at_once)


@pytest.mark.parametrize("happened", EventType)
def test_every_follower_decides_about_every_event(happened: EventType) -> None:
    assert [follower.name for follower in get_consumers() if happened not in follower.decisions] == []
