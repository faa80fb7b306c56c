"""Import of officers and roles from a CSV sheet, all or nothing."""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from django.db import transaction

from bekhedmetkom.entities.queries import get_tree, list_units
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.errors import FieldError, InvalidInput
from bekhedmetkom.kernel.text import BilingualText

from ..models import LostDevice, Membership, Officer
from ..rules import Role
from .change_log import ensure_administrator
from .memberships import grant_role
from .officers import clean_email, create_officer, invite_officer

T = TypeVar("T")

COLUMNS = ("email", "name_ar", "name_en", "language", "role", "entity", "unit", "valid_from", "valid_until")
REQUIRED_COLUMNS = ("email", "name_ar", "role")
MAX_ROWS = 2_000

_NOT_UTF8 = BilingualText("احفظ الجدول بصيغة CSV UTF-8.", "Save the sheet as CSV UTF-8.")
_NO_COLUMN = BilingualText("ينقص العمود {column}.", "The column {column} is missing.")
_UNKNOWN_COLUMN = BilingualText("لا عمود بهذا الاسم: {column}.", "There is no column of this name: {column}.")
_NO_ROWS = BilingualText("لا صفوف في الجدول.", "The sheet has no rows.")
_TOO_MANY = BilingualText("في الجدول أكثر من {most} صف. قسّمه.", "More than {most} rows: send it in parts.")
_WRONG_CELL_COUNT = BilingualText(
    "عدد الخلايا في هذا الصف لا يطابق العناوين.", "This row has not as many cells as the header."
)
_NO_ROLE = BilingualText("لا دور بهذا الرمز.", "There is no role of this code.")
_NO_BODY = BilingualText("لا جهة مفتوحة بالرمز {code}.", "No open body has the code {code}.")
_NO_UNIT = BilingualText("لا وحدة بالرمز {code} في الجهة.", "The body has no unit {code}.")
_NO_LANGUAGE = BilingualText("اكتب ar أو en.", "Write ar or en.")
_NO_DAY = BilingualText("اكتب التاريخ هكذا: 2027-03-09.", "Write a date like 2027-03-09.")


@dataclass(frozen=True, slots=True)
class ImportedOfficer:
    """Result of a row. `invitation` is the secret of a link for an officer without a password; it is not stored.

    Empty for officers with a password and during a lost-device report (`approve_device_reset`).
    """

    line: int
    officer: int
    email: str
    name_ar: str
    invitation: str


def import_officers(*, sheet: bytes, actor: Actor, at: datetime) -> list[ImportedOfficer]:
    """Import officers from UTF-8 CSV with `COLUMNS`, one row per role; bodies and units by code.

    Existing officers keep their account and get the role; existing roles stay. Importing again only renews the
    invitations of officers without a password. Raises `InvalidInput`, whose fields are
    `line.column`, with nothing stored.
    """
    ensure_administrator(actor)
    imported: list[ImportedOfficer] = []
    errors: list[FieldError] = []
    with transaction.atomic():
        links: dict[int, str] = {}
        for line, row in _read_rows(sheet):
            try:
                with transaction.atomic():
                    imported.append(_import_row(line, row, links, actor, at))
            except InvalidInput as refusal:
                errors += [FieldError(f"{line}.{error.field}", error.message) for error in refusal.errors]
        if errors:
            raise InvalidInput(*errors)
    return imported


def _read_rows(sheet: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each non-empty row with its line."""
    try:
        lines = sheet.decode("utf-8-sig").splitlines(keepends=True)
        reader = csv.reader(lines, strict=True)
        header = [name.strip().lower() for name in next(reader, [])]
        rows = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader if any(cells)]
    except (UnicodeDecodeError, csv.Error):
        raise InvalidInput(FieldError("1.sheet", _NOT_UTF8)) from None
    errors = [(_NO_COLUMN, name) for name in REQUIRED_COLUMNS if name not in header]
    errors += [(_UNKNOWN_COLUMN, name[:40]) for name in header if name not in COLUMNS][: len(COLUMNS)]
    if errors:
        raise InvalidInput(*(FieldError("1.sheet", words.format(column=name)) for words, name in errors))
    if not rows:
        raise InvalidInput(FieldError("1.sheet", _NO_ROWS))
    if len(rows) > MAX_ROWS:
        raise InvalidInput(FieldError("1.sheet", _TOO_MANY.format(most=MAX_ROWS)))
    if short := [line for line, cells in rows if len(cells) != len(header)]:
        raise InvalidInput(*(FieldError(f"{line}.sheet", _WRONG_CELL_COUNT) for line in short))
    return ((line, dict(zip(header, cells, strict=True))) for line, cells in rows)


def _import_row(
    line: int, row: Mapping[str, str], links: dict[int, str], actor: Actor, at: datetime
) -> ImportedOfficer:
    role = _parse_cell(row, "role", Role, _NO_ROLE)
    entity, unit = find_body_and_unit(row.get("entity", ""), row.get("unit", ""), at)
    days = {
        name: _parse_cell(row, name, date.fromisoformat, _NO_DAY)
        for name in ("valid_from", "valid_until")
        if row.get(name)
    }
    email = clean_email(row["email"])
    officer = Officer.objects.filter(email=email).first()
    if officer is None:
        if row.get("language", "") not in ("", "ar", "en"):
            raise InvalidInput(FieldError("language", _NO_LANGUAGE))
        key = create_officer(
            email=email, name_ar=row["name_ar"], name_en=row.get("name_en", ""),
            language=row.get("language") or "ar", actor=actor, at=at,
        )  # fmt: skip
        officer = Officer.objects.get(pk=key)
    start = days.get("valid_from") or get_local_date(at)
    held = Membership.objects.active_on(start).filter(officer=officer, role=role, entity=entity, unit=unit)
    if not held.exists():
        grant_role(officer=officer.pk, role=role, entity=entity, unit=unit, **days, actor=actor, at=at)
    if officer.pk not in links:
        waits = LostDevice.objects.filter(officer=officer).exists()  # for a second person, not for a sheet
        known = waits or officer.has_usable_password()
        links[officer.pk] = "" if known else invite_officer(officer=officer.pk, actor=actor, at=at)
    return ImportedOfficer(line, officer.pk, officer.email, officer.name_ar, links[officer.pk])


def _parse_cell(row: Mapping[str, str], column: str, reader: Callable[[str], T], words: BilingualText) -> T:
    try:
        return reader(row[column])
    except ValueError:
        raise InvalidInput(FieldError(column, words)) from None


def find_body_and_unit(entity: str, unit: str, at: datetime) -> tuple[int | None, int | None]:
    """Return the ids of an open body and one of its units by code. Raises `InvalidInput`."""
    if not entity:
        return None, None
    today = get_local_date(at)
    body = get_tree().by_code.get(entity)
    if body is None or not body.is_open(today):
        raise InvalidInput(FieldError("entity", _NO_BODY.format(code=entity[:40])))
    units = {found.code: found.id for found in list_units(body.id, today)}
    if unit and unit not in units:
        raise InvalidInput(FieldError("unit", _NO_UNIT.format(code=unit[:40])))
    return body.id, units.get(unit)
