"""CSV sheets, read row by row; each problem has its file and line."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from _csv import Reader as _Reader

E = TypeVar("E", bound=StrEnum)
BOOLEAN_VALUES = {"1": True, "yes": True, "true": True, "0": False, "no": False, "false": False, "": False}


class RowProblem(NamedTuple):
    """A problem of a row, for the operator. Line 0 is the whole sheet."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return (
            f"{self.file} line {self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"
        )


class InvalidRow(Exception):
    """The current row is invalid; the text says why."""


@dataclass(frozen=True)
class SheetRow:
    """One row of a sheet. `has_column` tells a missing column from an empty cell."""

    file: str
    line: int
    cells: dict[str, str]

    def has_column(self, column: str) -> bool:
        return column in self.cells

    def get_text(self, column: str) -> str:
        return self.cells.get(column, "")

    def get_required(self, column: str) -> str:
        if not self.get_text(column):
            raise InvalidRow(f"{column} is empty")
        return self.get_text(column)

    def get_flag(self, column: str) -> bool:
        try:
            return BOOLEAN_VALUES[self.get_text(column).lower()]
        except KeyError:
            raise InvalidRow(f"{column} is {self.get_text(column)!r}: write 1 or 0") from None

    def get_number(self, column: str) -> int:
        if not self.get_text(column).isascii() or not self.get_text(column).isdigit():
            raise InvalidRow(f"{column} is {self.get_text(column)!r}: write a whole number")
        return int(self.get_text(column))

    def get_date(self, column: str) -> date:
        try:
            return date.fromisoformat(self.get_text(column))
        except ValueError:
            raise InvalidRow(f"{column} is {self.get_text(column)!r}: write a date as 2027-03-09") from None

    def get_time(self, column: str) -> time:
        try:
            return time.fromisoformat(self.get_text(column))
        except ValueError:
            raise InvalidRow(f"{column} is {self.get_text(column)!r}: write a time as 08:30") from None

    def get_choice(self, column: str, values: type[E]) -> E:
        try:
            return values(self.get_text(column))
        except ValueError:
            raise InvalidRow(f"{column} is {self.get_text(column)!r}, none of {', '.join(values)}") from None


class SheetFolder:
    """A folder of sheets, with the problems found in them."""

    def __init__(self, path: Path):
        self.path = path
        self.problems: list[RowProblem] = []
        self.unreadable_sheets: set[str] = set()
        self.bad_rows: list[SheetRow] = []

    def has_sheet(self, file: str) -> bool:
        return (self.path / file).is_file()

    def read_rows(self, file: str, *columns: str) -> list[SheetRow]:
        """Return the rows of a UTF-8 sheet; none when the file is missing. A missing column is a problem."""
        if not self.has_sheet(file):
            return []
        try:
            lines = (self.path / file).read_text("utf-8-sig").splitlines(keepends=True)
        except UnicodeDecodeError:
            return self._report_unreadable(file, 1, "not a text in UTF-8: save the sheet as CSV UTF-8")
        reader = csv.reader(lines)
        header = [name.strip() for name in next(reader, [])]
        if missing := [column for column in columns if column not in header]:
            return self._report_unreadable(file, 1, f"missing column {', '.join(missing)}")
        try:
            return list(self._parse_rows(file, header, reader))
        except csv.Error as fault:
            return self._report_unreadable(file, reader.line_num, f"not a sheet that can be read: {fault}")

    def _report_unreadable(self, file: str, line: int, what: str) -> list[SheetRow]:
        self.unreadable_sheets.add(file)
        self.problems.append(RowProblem(file, line, what))
        return []

    def _parse_rows(self, file: str, header: list[str], reader: "_Reader") -> Iterator[SheetRow]:
        line = 2
        for cells in reader:
            row = SheetRow(file, line, dict(zip(header, (cell.strip() for cell in cells), strict=False)))
            line = reader.line_num + 1  # a quoted cell may span several lines
            if len(cells) == len(header):
                yield row
            elif any(cells):
                self.add_problem(row, f"{len(cells)} cells where the header has {len(header)}")

    @contextmanager
    def collect_errors(self, row: SheetRow) -> Iterator[None]:
        """Turn an `InvalidRow` in the block into a problem of this row."""
        try:
            yield
        except InvalidRow as bad:
            self.add_problem(row, str(bad))

    def add_problem(self, row: SheetRow, what: str) -> None:
        """Record an invalid row; it is kept, so that references to it are no further problems."""
        self.problems.append(RowProblem(row.file, row.line, what))
        self.bad_rows.append(row)

    def is_bad(self, file: str, **cells: str) -> bool:
        """Whether the row with these cells, or its whole sheet, has a problem already."""
        return file in self.unreadable_sheets or any(
            row.file == file and all(row.get_text(column) == cell for column, cell in cells.items())
            for row in self.bad_rows
        )
