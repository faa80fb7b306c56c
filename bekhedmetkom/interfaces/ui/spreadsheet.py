"""A table as CSV or XLSX, without formulas or links."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence

from xlsxwriter import Workbook

_FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "\r")  # with which a cell of a CSV begins to calculate

SpreadsheetRow = Sequence[str | float]
SpreadsheetFile = tuple[bytes, str]  # with its media type


def _write_csv(lines: Sequence[SpreadsheetRow], _language: str, _longest: int) -> SpreadsheetFile:
    out = io.StringIO()
    csv.writer(out).writerows(
        [
            f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_PREFIXES) else cell
            for cell in line
        ]
        for line in lines
    )
    return out.getvalue().encode("utf-8-sig", "replace"), "text/csv; charset=utf-8"


def _write_xlsx(lines: Sequence[SpreadsheetRow], language: str, longest: int) -> SpreadsheetFile:
    out = io.BytesIO()
    # Strings stay strings: nothing that somebody wrote calculates or links.
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with Workbook(out, options) as book:
        sheet = book.add_worksheet()
        if language == "ar":
            sheet.right_to_left()
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, 12, 18)
        sheet.set_column(longest, longest, 60)
        sheet.set_row(0, None, book.add_format({"bold": True}))
        for place, line in enumerate(lines):
            sheet.write_row(place, 0, line)
        sheet.autofilter(0, 0, max(len(lines) - 1, 1), len(lines[0]) - 1)
    return out.getvalue(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


# By the form that is asked for: the lines, their head first, the language, the column with the longest words.
WRITERS: Mapping[str, Callable[[Sequence[SpreadsheetRow], str, int], SpreadsheetFile]] = {
    "csv": _write_csv,
    "xlsx": _write_xlsx,
}
