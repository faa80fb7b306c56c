"""What officers hear of, which way it goes, and that none of it is a flood."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bekhedmetkom.kernel.text import BilingualText
from bekhedmetkom.kernel.working_calendar import WorkingCalendar
from bekhedmetkom.notifications.rules.decisions import DECISIONS, RecipientGroup
from bekhedmetkom.notifications.rules.inbox import (
    DEFAULT_EMAIL_FREQUENCY,
    EMAIL_FREQUENCY_LABELS,
    INBOX_CATEGORY_LABELS,
    INBOX_TEXTS,
    MAX_EMAILS_PER_HOUR,
    MAX_URGENT_EMAILS_PER_HOUR,
    EmailFrequency,
    EmailTiming,
    InboxCategory,
    choose_email_timing,
)
from bekhedmetkom.notifications.rules.morning_digest import (
    MAX_REFERENCES,
    DigestLine,
    UnseenNews,
    build_news_lines,
    build_queue_lines,
    is_digest_time,
    join_lines,
)

MORNING = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)  # Tuesday, 08:30 in Amman


def test_every_officer_template_has_an_inbox_text() -> None:
    told = {
        one.template
        for tellings in DECISIONS.values()
        for one in tellings or ()
        if one.recipients is not RecipientGroup.CITIZEN
    }
    assert told == set(INBOX_TEXTS)
    assert (
        {line.category for line in INBOX_TEXTS.values()}
        == set(InboxCategory)
        == set(INBOX_CATEGORY_LABELS)
        == set(DEFAULT_EMAIL_FREQUENCY)
    )
    assert set(EMAIL_FREQUENCY_LABELS) == set(EmailFrequency)


def test_followers_are_notified_last() -> None:
    for tellings in DECISIONS.values():
        places = [
            place for place, one in enumerate(tellings or ()) if one.recipients is RecipientGroup.FOLLOWERS
        ]
        assert places in ([], [len(tellings or ()) - 1])


@pytest.mark.parametrize(
    ("chosen", "urgent", "kept", "sent", "goes"),
    [
        (EmailFrequency.NOW, False, False, 0, EmailTiming.NOW),
        (EmailFrequency.NOW, False, False, MAX_EMAILS_PER_HOUR - 1, EmailTiming.NOW),
        (EmailFrequency.NOW, False, False, MAX_EMAILS_PER_HOUR, EmailTiming.GROUPED),
        (EmailFrequency.DAILY, False, False, 0, EmailTiming.DAILY),
        (EmailFrequency.NEVER, False, False, 0, EmailTiming.INBOX_ONLY),
        (EmailFrequency.NEVER, True, False, 0, EmailTiming.NOW),  # what is urgent asks nobody
        (EmailFrequency.DAILY, True, False, MAX_EMAILS_PER_HOUR, EmailTiming.NOW),
        (EmailFrequency.NOW, True, False, MAX_URGENT_EMAILS_PER_HOUR, EmailTiming.GROUPED),
        (
            EmailFrequency.DAILY,
            False,
            True,
            0,
            EmailTiming.NOW,
        ),  # what is need-to-know is never listed in a morning's e-mail by choice
        (EmailFrequency.NEVER, False, True, 0, EmailTiming.INBOX_ONLY),
        (EmailFrequency.NOW, False, True, MAX_EMAILS_PER_HOUR, EmailTiming.GROUPED),
    ],
)
def test_email_timing_follows_choice_and_urgency(
    chosen: EmailFrequency, urgent: bool, kept: bool, sent: int, goes: EmailTiming
) -> None:
    assert choose_email_timing(chosen, urgent=urgent, kept=kept, sent=sent) is goes


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
def test_digest_time_is_in_the_morning(at: datetime, above: bool, others: bool) -> None:
    assert is_digest_time(at, WorkingCalendar(), above=True) is above
    assert is_digest_time(at, WorkingCalendar(), above=False) is others


def test_no_digest_on_a_holiday() -> None:
    assert not is_digest_time(MORNING, WorkingCalendar(holidays=frozenset([date(2026, 11, 24)])), above=True)


def test_only_non_empty_queues_are_listed() -> None:
    titles = {name: BilingualText(name, name) for name in ("mine", "overdue", "entity")}
    said = build_queue_lines({"mine": 2, "overdue": 0, "entity": 40}, titles)
    assert said == [DigestLine(BilingualText("mine: طلبان", "mine: 2 cases"), "/desk?queue=mine")]
    assert build_queue_lines({"mine": 301}, titles)[0].text.en == "mine: 300+"


def test_news_is_grouped_by_category_and_confidential_only_counted() -> None:
    many = [UnseenNews(InboxCategory.ASSIGNED, f"BK-{n}", False) for n in range(MAX_REFERENCES + 2)]
    lines = build_news_lines(
        [
            UnseenNews(InboxCategory.FOLLOWED, "BK-F", False),
            UnseenNews(InboxCategory.CITIZEN, "BK-SECRET", True),
            *many,
        ]
    )
    assert [line.text.en for line in lines] == [
        "A case is yours: 7 cases (BK-0, BK-1, BK-2, BK-3, BK-4 and 2 more)",
        "News of a case you follow: 1 case (BK-F)",
        "News of a confidential case: 1 case",
    ]
    assert "BK-SECRET" not in repr(lines)


def test_email_lines_have_their_address_below() -> None:
    words = join_lines(
        [
            DigestLine(BilingualText("متأخر", "Late"), "/desk?queue=overdue"),
            DigestLine(BilingualText("جديد", "New")),
        ],
        {"ar": "https://x.jo", "en": "https://x.jo/en"},
    )
    assert words.en == "Late\nhttps://x.jo/en/desk?queue=overdue\n\nNew"
    assert words.ar.startswith("متأخر\nhttps://x.jo/desk?")
