"""What officers hear of, which way it goes, and that none of it is a flood."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bekhedmetkom.kernel.text import BilingualText
from bekhedmetkom.kernel.working_calendar import WorkingCalendar
from bekhedmetkom.messages.rules.decisions import DECISIONS, To
from bekhedmetkom.messages.rules.morning import FEW, News, Said, gathered, is_time, put_together, waiting
from bekhedmetkom.messages.rules.news import (
    LINES,
    MAIL_WORDS,
    MOST,
    MOST_URGENT,
    SORT_WORDS,
    USUAL,
    Mail,
    Sort,
    Way,
    way,
)

MORNING = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)  # Tuesday, 08:30 in Amman


def test_every_thing_that_officers_are_told_has_its_line_on_the_bell() -> None:
    told = {
        one.template for tellings in DECISIONS.values() for one in tellings or () if one.to is not To.CITIZEN
    }
    assert told == set(LINES)
    assert {line.sort for line in LINES.values()} == set(Sort) == set(SORT_WORDS) == set(USUAL)
    assert set(MAIL_WORDS) == set(Mail)


def test_who_follows_hears_last_so_that_nobody_hears_twice() -> None:
    for tellings in DECISIONS.values():
        places = [place for place, one in enumerate(tellings or ()) if one.to is To.FOLLOWING]
        assert places in ([], [len(tellings or ()) - 1])


@pytest.mark.parametrize(
    ("chosen", "urgent", "kept", "sent", "goes"),
    [
        (Mail.NOW, False, False, 0, Way.NOW),
        (Mail.NOW, False, False, MOST - 1, Way.NOW),
        (Mail.NOW, False, False, MOST, Way.TOGETHER),
        (Mail.DAILY, False, False, 0, Way.DAILY),
        (Mail.NEVER, False, False, 0, Way.BELL),
        (Mail.NEVER, True, False, 0, Way.NOW),  # what is urgent asks nobody
        (Mail.DAILY, True, False, MOST, Way.NOW),
        (Mail.NOW, True, False, MOST_URGENT, Way.TOGETHER),
        (
            Mail.DAILY,
            False,
            True,
            0,
            Way.NOW,
        ),  # what is need-to-know is never listed in a morning's e-mail by choice
        (Mail.NEVER, False, True, 0, Way.BELL),
        (Mail.NOW, False, True, MOST, Way.TOGETHER),
    ],
)
def test_which_way_it_goes(chosen: Mail, urgent: bool, kept: bool, sent: int, goes: Way) -> None:
    assert way(chosen, urgent=urgent, kept=kept, sent=sent) is goes


@pytest.mark.parametrize(
    ("at", "above", "others"),
    [
        (MORNING - timedelta(minutes=61), False, False),  # 07:29
        (MORNING - timedelta(minutes=60), True, False),  # 07:30
        (MORNING - timedelta(minutes=30), True, True),  # 08:00
        (MORNING + timedelta(hours=6), True, True),  # an outage until 14:30
        (MORNING + timedelta(hours=7), False, False),  # the offices have closed: tomorrow's is near
        (MORNING + timedelta(days=3), False, False),  # Friday
    ],
)
def test_when_a_morning_is(at: datetime, above: bool, others: bool) -> None:
    assert is_time(at, WorkingCalendar(), above=True) is above
    assert is_time(at, WorkingCalendar(), above=False) is others


def test_no_morning_on_a_holiday() -> None:
    assert not is_time(MORNING, WorkingCalendar(holidays=frozenset([date(2026, 11, 24)])), above=True)


def test_the_lists_that_hold_something() -> None:
    titles = {name: BilingualText(name, name) for name in ("mine", "overdue", "entity")}
    said = waiting({"mine": 2, "overdue": 0, "entity": 40}, titles)
    assert said == [Said(BilingualText("mine: طلبان", "mine: 2 cases"), "/desk?queue=mine")]
    assert waiting({"mine": 301}, titles)[0].words.en == "mine: 300+"


def test_news_is_gathered_by_its_sort_and_need_to_know_is_only_counted() -> None:
    many = [News(Sort.ASSIGNED, f"BK-{n}", False) for n in range(FEW + 2)]
    lines = gathered([News(Sort.FOLLOWED, "BK-F", False), News(Sort.CITIZEN, "BK-SECRET", True), *many])
    assert [line.words.en for line in lines] == [
        "A case is yours: 7 cases (BK-0, BK-1, BK-2, BK-3, BK-4 and 2 more)",
        "News of a case you follow: 1 case (BK-F)",
        "News of a confidential case: 1 case",
    ]
    assert "BK-SECRET" not in repr(lines)


def test_a_letter_has_each_line_with_its_address_below() -> None:
    words = put_together(
        [Said(BilingualText("متأخر", "Late"), "/desk?queue=overdue"), Said(BilingualText("جديد", "New"))],
        {"ar": "https://x.jo", "en": "https://x.jo/en"},
    )
    assert words.en == "Late\nhttps://x.jo/en/desk?queue=overdue\n\nNew"
    assert words.ar.startswith("متأخر\nhttps://x.jo/desk?")
