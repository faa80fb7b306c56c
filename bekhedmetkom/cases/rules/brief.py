"""The brief of those above the work: five lines of figures of their own lists, each with the way to what it counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from urllib.parse import urlencode

from bekhedmetkom.kernel.formatting import CASE, format_count, format_date, format_in_both_languages
from bekhedmetkom.kernel.text import BilingualText

MAX_COUNT = 300  # "300+" beyond


@dataclass(frozen=True, slots=True)
class Brief:
    """What has come since the last working day and is open still; what is late; what climbed to this official; what
    was decided against their bodies, an appeal upheld and not yet made good; what waits for them today by name.

    Counts end at `MOST` and one more.
    """

    since: date
    until: date
    came: int
    late: int
    raised: int
    upheld: int
    approvals: int
    asked: int

    @property
    def empty(self) -> bool:
        return not any((self.came, self.late, self.raised, self.upheld, self.approvals, self.asked))


class BriefLine(NamedTuple):
    """`page`: the address of what it counts, as Arabic has it."""

    words: BilingualText
    page: str


def list_brief_lines(brief: Brief) -> Sequence[BriefLine]:
    """Five, whatever they count."""
    return (
        BriefLine(
            _build_received_line(brief),
            _build_list_url(queue="entity", came_from=str(brief.since), came_to=str(brief.until)),
        ),
        BriefLine(
            _format_line("متأخر عن موعده", "Past their date", brief.late), _build_list_url(queue="overdue")
        ),
        BriefLine(
            _format_line("مرفوع إليك", "Raised to you", brief.raised), _build_list_url(queue="escalated")
        ),
        BriefLine(
            _format_line(
                "اعتراضات قُبلت وعاد طلبها إلى العمل", "Appeals upheld, and open again", brief.upheld
            ),
            f"{ATTENTION_URL}#card-upheld",
        ),
        BriefLine(
            _join_label(
                "ينتظرك اليوم",
                "Waiting for you today",
                f"للاعتماد {_format_capped(brief.approvals)}، وتوجيهات تنتظر جوابك {_format_capped(brief.asked)}",
                f"{_format_capped(brief.approvals)} to approve, {_format_capped(brief.asked)} instructions to "
                f"report on",
            ),
            f"{ATTENTION_URL}#card-approval" if brief.approvals else "/desk/instructions",
        ),
    )


ATTENTION_URL = "/desk/needs-you"


def _build_received_line(brief: Brief) -> BilingualText:
    """After a weekend it is more than yesterday."""
    if brief.since == brief.until:
        return _format_line("وصل أمس وما زال مفتوحًا", "Came yesterday, and open", brief.came)
    day = format_in_both_languages(format_date, brief.since)
    return _format_line(f"وصل منذ {day.ar} وما زال مفتوحًا", f"Came since {day.en}, and open", brief.came)


def _format_line(ar: str, en: str, number: int) -> BilingualText:
    said = (
        format_in_both_languages(format_count, number, CASE)
        if number <= MAX_COUNT
        else BilingualText(_format_capped(number), _format_capped(number))
    )
    return _join_label(ar, en, said.ar, said.en)


def _join_label(ar: str, en: str, said_ar: str, said_en: str) -> BilingualText:
    return BilingualText(f"{ar}: {said_ar}", f"{en}: {said_en}")


def _format_capped(number: int) -> str:
    return f"\u2066{MAX_COUNT}+\u2069" if number > MAX_COUNT else str(number)


def _build_list_url(**wanted: str) -> str:
    return f"/desk?{urlencode(wanted)}"
