"""Morning digest e-mail: when it is sent, and its lines of counts, references and links."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time
from typing import NamedTuple

from bekhedmetkom.kernel.clock import AMMAN, get_local_date
from bekhedmetkom.kernel.formatting import CASE, format_count, format_in_both_languages
from bekhedmetkom.kernel.text import BilingualText
from bekhedmetkom.kernel.working_calendar import WorkingCalendar

from .inbox import CONFIDENTIAL_TEXT, INBOX_CATEGORY_LABELS, InboxCategory

BRIEF_TIME = time(7, 30)  # for those above the work
DAILY_TIME = time(8)
MAX_REFERENCES = 5  # references of a sort; of more, only how many
MAX_COUNT = 300

# What waits for an officer themselves. How much is open, or put off, is no news.
DIGEST_QUEUES = (
    "mine",
    "unassigned",
    "triage",
    "today",
    "overdue",
    "approval",
    "escalated",
    "appeals",
    "callbacks",
)


class DigestLine(NamedTuple):
    """A line, with the path of the page it links to, if any."""

    text: BilingualText
    page: str = ""


class UnseenNews(NamedTuple):
    """An inbox line that waits for the digest."""

    category: InboxCategory
    reference: str
    is_confidential: bool


def is_digest_time(at: datetime, calendar: WorkingCalendar, *, above: bool) -> bool:
    """Return whether the digest is due: from its hour until offices close, so that a late run still sends it."""
    day = get_local_date(at)
    if not calendar.is_open_day(day):
        return False
    return datetime.combine(day, BRIEF_TIME if above else DAILY_TIME, AMMAN) <= at < calendar.get_closing(day)


def build_queue_lines(counts: Mapping[str, int], titles: Mapping[str, BilingualText]) -> list[DigestLine]:
    """Return a line per non-empty queue of the officer."""
    return [
        DigestLine(_format_case_count(titles[queue], counts[queue]), f"/desk?queue={queue}")
        for queue in DIGEST_QUEUES
        if counts.get(queue)
    ]


def build_news_lines(news: Iterable[UnseenNews]) -> list[DigestLine]:
    """Return a line per category with the first references; confidential cases are only counted."""
    found, kept = defaultdict[InboxCategory, list[str]](list), 0
    for one in news:
        if one.is_confidential:
            kept += 1
        else:
            found[one.category].append(one.reference)
    lines = [
        DigestLine(_format_references(INBOX_CATEGORY_LABELS[sort], found[sort]))
        for sort in InboxCategory
        if sort in found
    ]
    return lines + ([DigestLine(_format_case_count(CONFIDENTIAL_TEXT, kept))] if kept else [])


def _format_references(title: BilingualText, references: Sequence[str]) -> BilingualText:
    said, few = _format_case_count(title, len(references)), ", ".join(references[:MAX_REFERENCES])
    more = len(references) - MAX_REFERENCES
    return BilingualText(
        f"{said.ar} ({few}{f' و{more} غيرها' if more > 0 else ''})".replace(", ", "، "),
        f"{said.en} ({few}{f' and {more} more' if more > 0 else ''})",
    )


def _format_case_count(title: BilingualText, number: int) -> BilingualText:
    if number > MAX_COUNT:
        return BilingualText(f"{title.ar}: \u2066{MAX_COUNT}+\u2069", f"{title.en}: {MAX_COUNT}+")
    said = format_in_both_languages(format_count, number, CASE)
    return BilingualText(f"{title.ar}: {said.ar}", f"{title.en}: {said.en}")


def join_lines(lines: Sequence[DigestLine], address: Mapping[str, str]) -> BilingualText:
    """Join the lines to paragraphs, each with its page's address below. `address`: site root by language."""
    return BilingualText(*(
        "\n\n".join(
            one.text.in_language(language) + (f"\n{address[language]}{one.page}" if one.page else "") for one in lines
        )
        for language in ("ar", "en")
    ))  # fmt: skip
