"""The morning's e-mail: who gets it when, and what it says, in figures, references and addresses alone."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time
from typing import NamedTuple

from bekhedmetkom.kernel.clock import AMMAN, get_local_date
from bekhedmetkom.kernel.formatting import CASE, format_count, format_in_both_languages
from bekhedmetkom.kernel.text import BilingualText
from bekhedmetkom.kernel.working_calendar import WorkingCalendar

from .news import DISCREET, SORT_WORDS, Sort

BRIEF_AT = time(7, 30)  # for those above the work
DAILY_AT = time(8)
FEW = 5  # references of a sort; of more, only how many
MOST = 300

# What waits for an officer themselves. How much is open, or put off, is no news.
WAITING = (
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


class Said(NamedTuple):
    """A line, perhaps with the page to which it leads (as Arabic has it)."""

    words: BilingualText
    page: str = ""


class News(NamedTuple):
    """A line of the bell that waited for an e-mail."""

    sort: Sort
    reference: str
    kept: bool


def is_time(at: datetime, calendar: WorkingCalendar, *, above: bool) -> bool:
    """Whether the e-mail of the day goes now: from its hour until the offices close, for what runs late runs still."""
    day = get_local_date(at)
    if not calendar.is_open_day(day):
        return False
    return datetime.combine(day, BRIEF_AT if above else DAILY_AT, AMMAN) <= at < calendar.get_closing(day)


def waiting(counts: Mapping[str, int], titles: Mapping[str, BilingualText]) -> list[Said]:
    """What stands in the officer's lists, those that hold nothing left out."""
    return [
        Said(_counted(titles[queue], counts[queue]), f"/desk?queue={queue}") for queue in WAITING if counts.get(queue)
    ]  # fmt: skip


def gathered(news: Iterable[News]) -> list[Said]:
    """A line a sort: how many and the first few references. Of what is need-to-know only how much there is."""
    found, kept = defaultdict[Sort, list[str]](list), 0
    for one in news:
        if one.kept:
            kept += 1
        else:
            found[one.sort].append(one.reference)
    lines = [Said(_listed(SORT_WORDS[sort], found[sort])) for sort in Sort if sort in found]
    return lines + ([Said(_counted(DISCREET, kept))] if kept else [])


def _listed(title: BilingualText, references: Sequence[str]) -> BilingualText:
    said, few = _counted(title, len(references)), ", ".join(references[:FEW])
    more = len(references) - FEW
    return BilingualText(
        f"{said.ar} ({few}{f' و{more} غيرها' if more > 0 else ''})".replace(", ", "، "),
        f"{said.en} ({few}{f' and {more} more' if more > 0 else ''})",
    )


def _counted(title: BilingualText, number: int) -> BilingualText:
    if number > MOST:
        return BilingualText(f"{title.ar}: \u2066{MOST}+\u2069", f"{title.en}: {MOST}+")
    said = format_in_both_languages(format_count, number, CASE)
    return BilingualText(f"{title.ar}: {said.ar}", f"{title.en}: {said.en}")


def put_together(lines: Sequence[Said], address: Mapping[str, str]) -> BilingualText:
    """As the letter has them: each a paragraph, its page's address on the line below. `address`: by language."""
    return BilingualText(*(
        "\n\n".join(
            one.words.in_language(language) + (f"\n{address[language]}{one.page}" if one.page else "") for one in lines
        )
        for language in ("ar", "en")
    ))  # fmt: skip
