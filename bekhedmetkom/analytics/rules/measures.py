"""What a case adds to the figures: whole numbers that can be summed over any days and any slices.

`analytics/facts.py` says in SQL which events add to which; docs/indicators.md explains what is made of them.
"""

from collections.abc import Mapping
from enum import StrEnum
from math import log

# In the order of the columns. Each is counted on the day of the event that it names, where the case stood then.
MEASURES = (
    "received",
    "answered",  # each answer of a body
    "first_answers",  # of a case …
    "first_right",  # … of which so many after no referral and no return
    "kept",  # terms of answer that ended with an answer in time …
    "missed",  # … or passed without one
    "appeal_kept",
    "appeal_missed",
    "yes",  # the citizen's last word on an answer: solved …
    "no",  # … or not
    "silent",  # answers that nobody contradicted, closed by time alone
    "stars_sum",
    "stars_n",
    "appealed",
    "upheld",
    "partly",
    "rejected",
    "referred",  # sent on to another body, counted where it left
    "returned",
    "extended",
    "withdrawn",
    "merged",
    "asked",  # questions to the citizen
    "wrote",  # messages of the citizen
    "raised_head",
    "raised_minister",
    "raised_pm",
    "committed",
    "fulfilled",
    "adopted",
    "entered",  # open cases that came into this cell, as new ones or from another …
    "gone",  # … and that left it: what is open at the end of a day is the sum of all that came less all that went
    "late_in",  # the same of those that are past their date
    "late_out",
)

STOCK_MEASURES = ("waiting", "late")  # what is open now, and of it past its date: by the day of receipt


class Histogram(StrEnum):
    """What is kept as a histogram, so that medians over any slice need no scan."""

    FIRST_ANSWER_TIME = "first"  # from receipt to the first answer, in seconds
    RESOLUTION_TIME = "solved"  # from receipt to the citizen's yes, in seconds
    TERM_USED = "term"  # the share of the term that the answer took, in parts of a thousand
    RECEIPT_HOUR = "hour"  # the hour of the day at which cases came


BUCKET_RATIO = 1.15  # of a bucket: a quantile read from it lies within 7 per cent of the true one
HISTOGRAMS = tuple(Histogram)
CODES_PER_HISTOGRAM = 1000  # codes of one histogram: what is kept is its place × ROOM + the bucket


def get_bucket(value: float) -> int:
    """The bucket of a length; 0 for everything below one."""
    return 0 if value < 1 else 1 + int(log(value) / log(BUCKET_RATIO))


def get_bucket_middle(number: int) -> float:
    """What stands for all values of a bucket: the geometric middle of its bounds."""
    return 0.0 if number == 0 else float(BUCKET_RATIO ** (number - 0.5))


def compute_quantile(counts: Mapping[int, int], share: float) -> float | None:
    """The value below which that share of the observations lies; None where there are none."""
    total = sum(counts.values())
    if not total:
        return None
    wanted, seen = share * total, 0
    for number in sorted(counts):
        seen += counts[number]
        if seen >= wanted:
            return get_bucket_middle(number)
    return get_bucket_middle(max(counts))
