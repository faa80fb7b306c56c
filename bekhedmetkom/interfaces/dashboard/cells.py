"""A table of figures: what stands in its cells on a page, and what in a sheet, where numbers stay numbers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.insight.rules.indicators import Indicator, Unit
from bekhedmetkom.insight.rules.totals import Reading
from bekhedmetkom.interfaces.look.sheets import Cells
from bekhedmetkom.kernel.text import BilingualText

from .saying import NOT_ENOUGH, between, isolated, percent, signed, target_of, unit_of, value_of

Text = str | Promise | BilingualText


class Figure(NamedTuple):
    """A value in its indicator's own unit."""

    indicator: Indicator
    reading: Reading


class Kind(NamedTuple):
    """How a column's values are shown on the page, as HTML, and kept in a sheet, where a share has several columns."""

    shown: Callable[[Any, str], str]
    kept: Callable[[Any, str], Cells]
    heads: Sequence[Text] = ("",)
    number: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """`columns`: the title of each and its kind; `rows` begin with what they are about. `keys`: the figure of each."""

    name: str
    title: Text
    columns: Sequence[tuple[Text, Kind]]
    rows: Sequence[Sequence[Any]]
    keys: Sequence[str] = ()

    def html(
        self, language: str, most: int | None = None, cases: Callable[[str], str] | None = None
    ) -> SafeString:
        """As it stands on a page, its first `most` rows: written by hand, for a page has a thousand cells.

        `cases`: the address of what is behind a figure.
        """
        kinds = [kind for _title, kind in self.columns]
        heads = "".join(
            f'<th scope="col"{_NUM if kind.number else ""}>{escape(text(title, language))}</th>'
            for title, kind in self.columns
        )
        heads_of_rows = [kinds[0].shown(row[0], language) for row in self.rows[:most]]
        if cases and self.keys:
            heads_of_rows = [
                f'<a href="{escape(address)}">{head}</a>' if (address := cases(key)) else head
                for head, key in zip(heads_of_rows, self.keys[:most], strict=True)
            ]
        rows = "".join(
            f'<tr><th scope="row">{head}</th>'
            + "".join(
                f"<td{_NUM if kind.number else ''}>{kind.shown(value, language)}</td>"
                for kind, value in zip(kinds[1:], row[1:], strict=True)
            )
            + "</tr>"
            for head, row in zip(heads_of_rows, self.rows[:most], strict=True)
        )
        return SafeString(
            f'<table class="table"><caption class="vh">{escape(text(self.title, language))}</caption>'
            f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        )

    def lines(self, language: str) -> list[Cells]:
        """For a sheet, its heads first."""
        heads: Cells = [
            f"{text(title, language)} {text(more, language)}".strip()
            for title, kind in self.columns for more in kind.heads
        ]  # fmt: skip
        kinds = [kind for _title, kind in self.columns]
        return [heads] + [
            [cell for kind, value in zip(kinds, row, strict=True) for cell in kind.kept(value, language)]
            for row in self.rows
        ]


def text(said: Text, language: str) -> str:
    return said.in_(language) if isinstance(said, BilingualText) else str(said)


def shown_reading(reading: Reading, language: str) -> str:
    """A share with its interval and of how many it is; «not enough» where that is too few."""
    if reading.value is None:
        return _too_few(reading, language)
    return f"{_ltr(percent(reading.value))} <small>{between(reading, language)} · {reading.n:,}</small>"


def _too_few(reading: Reading, language: str) -> str:
    of = f" <small>{reading.n:,}</small>" if reading.n else ""
    return f'<span class="few">{NOT_ENOUGH.in_(language)}</span>{of}'


def _ltr(figure: str) -> str:
    return f'<bdi dir="ltr">{figure}</bdi>'


def _kept_reading(reading: Reading, _language: str) -> Cells:
    return (*(_of_a_hundred(part) for part in (reading.value, reading.low, reading.high)), reading.n)


def _of_a_hundred(share: float | None) -> str | float:
    return "" if share is None else round(100 * share, 1)


def shown_figure(figure: Figure, language: str) -> str:
    """The value with its unit; nothing where there is none to show, unless too few say it."""
    indicator, reading = figure
    if reading.value is None:
        return _too_few(reading, language) if indicator.least else ""
    if indicator.unit is Unit.SHARE:
        return shown_reading(reading, language)
    beside = unit_of(indicator)
    return f"{value_of(indicator, reading.value)} {beside.in_(language) if beside else ''}".strip()


def _kept_figure(figure: Figure, language: str) -> Cells:
    if figure.indicator.unit is Unit.SHARE:
        return _kept_reading(figure.reading, language)
    value = figure.reading.value
    digits = None if figure.indicator.unit is Unit.COUNT else 1
    return ("" if value is None else round(value, digits), "", "", figure.reading.n)


def _shown_target(indicator: Indicator, language: str) -> str:
    return isolated(target_of(indicator)).in_(language) if indicator.target is not None else ""


def _shown_change(value: float | None, _language: str) -> str:
    return "" if value is None else _ltr(f"{signed(100 * value, 0)}%")


def _shown_share(value: float, _language: str) -> str:
    return _ltr(percent(value))


def _shown_count(value: float | None, _language: str) -> str:
    return "" if value is None else f"{value:,.0f}"


_NUM = ' class="num"'
_INTERVAL = (_("من %"), _("إلى %"), _("العدد"))
WORDS = Kind(
    lambda said, language: escape(text(said, language)),
    lambda said, language: [text(said, language)],
    number=False,
)
COUNT = Kind(_shown_count, lambda value, _language: ["" if value is None else value])
SHARE = Kind(_shown_share, lambda value, _language: [_of_a_hundred(value)], ("%",))
CHANGE = Kind(_shown_change, lambda value, _language: [_of_a_hundred(value)], ("%",))
READING = Kind(shown_reading, _kept_reading, ("%", *_INTERVAL))
FIGURE = Kind(shown_figure, _kept_figure, ("", *_INTERVAL))
TARGET = Kind(_shown_target, lambda indicator, _language: [target_of(indicator).rstrip("%")])
