"""What every panel of the page has: a finding, a picture, the table behind it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.utils.safestring import SafeString

from bekhedmetkom.insight.rules.indicators import INDICATORS

from .cells import Table

TARGET = INDICATORS["on_time"].target or 0.0  # of answers in time, to which pictures compare


class Panel(NamedTuple):
    """`finding` is its title, `beside` says what is measured. `lines`: what its own template draws."""

    name: str
    finding: str
    beside: str
    table: Table
    key: str  # the indicator whose definition it leads to
    wide: SafeString = SafeString()
    narrow: SafeString = SafeString()
    lines: Sequence[Any] = ()
    rest: str = ""
