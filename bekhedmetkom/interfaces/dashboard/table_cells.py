"""A table of figures: what stands in its cells on a page, and what in a sheet, where numbers stay numbers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.analytics.rules.indicators import Indicator, Unit
from bekhedmetkom.analytics.rules.totals import IndicatorValue
from bekhedmetkom.interfaces.ui.spreadsheet import SpreadsheetRow
from bekhedmetkom.kernel.text import BilingualText

from .phrases import (
    NOT_ENOUGH,
    format_interval,
    format_percentage,
    format_signed,
    format_target,
    format_value,
    get_unit_label,
    isolate_number,
)

TextLike = str | Promise | BilingualText


class IndicatorCell(NamedTuple):
    """A value in its indicator's own unit."""

    indicator: Indicator
    value: IndicatorValue


class ColumnType(NamedTuple):
    """How a column's values are shown on the page, as HTML, and kept in a sheet, where a share has several columns."""

    render: Callable[[Any, str], str]
    build_cells: Callable[[Any, str], SpreadsheetRow]
    headings: Sequence[TextLike] = ("",)
    is_number: bool = True


@dataclass(frozen=True, slots=True)
class FigureTable:
    """`columns`: the title of each and its kind; `rows` begin with what they are about. `keys`: the figure of each."""

    name: str
    title: TextLike
    columns: Sequence[tuple[TextLike, ColumnType]]
    rows: Sequence[Sequence[Any]]
    indicator_keys: Sequence[str] = ()

    def render_html(
        self, language: str, most: int | None = None, cases: Callable[[str], str] | None = None
    ) -> SafeString:
        """As it stands on a page, its first `most` rows: written by hand, for a page has a thousand cells.

        `cases`: the address of what is behind a figure.
        """
        kinds = [kind for _title, kind in self.columns]
        heads = "".join(
            f'<th scope="col"{_NUMBER_CLASS if kind.is_number else ""}>{escape(format_text(title, language))}</th>'
            for title, kind in self.columns
        )
        heads_of_rows = [kinds[0].render(row[0], language) for row in self.rows[:most]]
        if cases and self.indicator_keys:
            heads_of_rows = [
                f'<a href="{escape(address)}">{head}</a>' if (address := cases(key)) else head
                for head, key in zip(heads_of_rows, self.indicator_keys[:most], strict=True)
            ]
        rows = "".join(
            f'<tr><th scope="row">{head}</th>'
            + "".join(
                f"<td{_NUMBER_CLASS if kind.is_number else ''}>{kind.render(value, language)}</td>"
                for kind, value in zip(kinds[1:], row[1:], strict=True)
            )
            + "</tr>"
            for head, row in zip(heads_of_rows, self.rows[:most], strict=True)
        )
        return SafeString(
            f'<table class="table"><caption class="vh">{escape(format_text(self.title, language))}</caption>'
            f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        )

    def build_sheet_rows(self, language: str) -> list[SpreadsheetRow]:
        """For a sheet, its heads first."""
        heads: SpreadsheetRow = [
            f"{format_text(title, language)} {format_text(more, language)}".strip()
            for title, kind in self.columns
            for more in kind.headings
        ]
        kinds = [kind for _title, kind in self.columns]
        return [heads] + [
            [
                cell
                for kind, value in zip(kinds, row, strict=True)
                for cell in kind.build_cells(value, language)
            ]
            for row in self.rows
        ]


def format_text(said: TextLike, language: str) -> str:
    return said.in_language(language) if isinstance(said, BilingualText) else str(said)


def format_share(reading: IndicatorValue, language: str) -> str:
    """A share with its interval and of how many it is; «not enough» where that is too few."""
    if reading.value is None:
        return _format_too_few(reading, language)
    interval = format_interval(reading, language)
    return (
        f"{_isolate_ltr(format_percentage(reading.value))}"
        f" <small>{interval} · {reading.observations:,}</small>"
    )


def _format_too_few(reading: IndicatorValue, language: str) -> str:
    of = f" <small>{reading.observations:,}</small>" if reading.observations else ""
    return f'<span class="few">{NOT_ENOUGH.in_language(language)}</span>{of}'


def _isolate_ltr(figure: str) -> str:
    return f'<bdi dir="ltr">{figure}</bdi>'


def _build_share_cells(reading: IndicatorValue, _language: str) -> SpreadsheetRow:
    return (*(_to_percent(part) for part in (reading.value, reading.low, reading.high)), reading.observations)


def _to_percent(share: float | None) -> str | float:
    return "" if share is None else round(100 * share, 1)


def format_indicator(figure: IndicatorCell, language: str) -> str:
    """The value with its unit; nothing where there is none to show, unless too few say it."""
    indicator, reading = figure
    if reading.value is None:
        return _format_too_few(reading, language) if indicator.min_observations else ""
    if indicator.unit is Unit.SHARE:
        return format_share(reading, language)
    beside = get_unit_label(indicator)
    return (
        f"{format_value(indicator, reading.value)} {beside.in_language(language) if beside else ''}".strip()
    )


def _build_indicator_cells(figure: IndicatorCell, language: str) -> SpreadsheetRow:
    if figure.indicator.unit is Unit.SHARE:
        return _build_share_cells(figure.value, language)
    value = figure.value.value
    digits = None if figure.indicator.unit is Unit.COUNT else 1
    return ("" if value is None else round(value, digits), "", "", figure.value.observations)


def _format_target(indicator: Indicator, language: str) -> str:
    return (
        isolate_number(format_target(indicator)).in_language(language) if indicator.target is not None else ""
    )


def _format_change(value: float | None, _language: str) -> str:
    return "" if value is None else _isolate_ltr(f"{format_signed(100 * value, 0)}%")


def _format_plain_share(value: float, _language: str) -> str:
    return _isolate_ltr(format_percentage(value))


def _format_count(value: float | None, _language: str) -> str:
    return "" if value is None else f"{value:,.0f}"


_NUMBER_CLASS = ' class="num"'
_INTERVAL_HEADINGS = (_("من %"), _("إلى %"), _("العدد"))
TEXT_COLUMN = ColumnType(
    lambda said, language: escape(format_text(said, language)),
    lambda said, language: [format_text(said, language)],
    is_number=False,
)
COUNT_COLUMN = ColumnType(_format_count, lambda value, _language: ["" if value is None else value])
SHARE_COLUMN = ColumnType(_format_plain_share, lambda value, _language: [_to_percent(value)], ("%",))
CHANGE_COLUMN = ColumnType(_format_change, lambda value, _language: [_to_percent(value)], ("%",))
ESTIMATE_COLUMN = ColumnType(format_share, _build_share_cells, ("%", *_INTERVAL_HEADINGS))
INDICATOR_COLUMN = ColumnType(format_indicator, _build_indicator_cells, ("", *_INTERVAL_HEADINGS))
TARGET_COLUMN = ColumnType(
    _format_target, lambda indicator, _language: [format_target(indicator).rstrip("%")]
)
