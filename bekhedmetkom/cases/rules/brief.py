"""The brief of those above the work: five lines of figures of their own lists, each with the way to what it counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from urllib.parse import urlencode

from bekhedmetkom.kernel.formatting import CASE, format_count, format_date, format_in_both_languages
from bekhedmetkom.kernel.text import BilingualText

MOST = 300  # "300+" beyond


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


class Line(NamedTuple):
    """`page`: the address of what it counts, as Arabic has it."""

    words: BilingualText
    page: str


def lines(brief: Brief) -> Sequence[Line]:
    """Five, whatever they count."""
    return (
        Line(_came(brief), _list(queue="entity", came_from=str(brief.since), came_to=str(brief.until))),
        Line(_one("متأخر عن موعده", "Past their date", brief.late), _list(queue="overdue")),
        Line(_one("مرفوع إليك", "Raised to you", brief.raised), _list(queue="escalated")),
        Line(
            _one("اعتراضات قُبلت وعاد طلبها إلى العمل", "Appeals upheld, and open again", brief.upheld),
            f"{NEEDS}#card-upheld",
        ),
        Line(
            _both("ينتظرك اليوم", "Waiting for you today",
                  f"للاعتماد {_shown(brief.approvals)}، وتوجيهات تنتظر جوابك {_shown(brief.asked)}",
                  f"{_shown(brief.approvals)} to approve, {_shown(brief.asked)} instructions to report on"),
            f"{NEEDS}#card-approval" if brief.approvals else "/desk/instructions",
        ),
    )  # fmt: skip


NEEDS = "/desk/needs-you"


def _came(brief: Brief) -> BilingualText:
    """After a weekend it is more than yesterday."""
    if brief.since == brief.until:
        return _one("وصل أمس وما زال مفتوحًا", "Came yesterday, and open", brief.came)
    day = format_in_both_languages(format_date, brief.since)
    return _one(f"وصل منذ {day.ar} وما زال مفتوحًا", f"Came since {day.en}, and open", brief.came)


def _one(ar: str, en: str, number: int) -> BilingualText:
    said = (
        format_in_both_languages(format_count, number, CASE)
        if number <= MOST
        else BilingualText(_shown(number), _shown(number))
    )
    return _both(ar, en, said.ar, said.en)


def _both(ar: str, en: str, said_ar: str, said_en: str) -> BilingualText:
    return BilingualText(f"{ar}: {said_ar}", f"{en}: {said_en}")


def _shown(number: int) -> str:
    return f"\u2066{MOST}+\u2069" if number > MOST else str(number)


def _list(**wanted: str) -> str:
    return f"/desk?{urlencode(wanted)}"
