"""Import of deadline policies from their sheet."""

import re
from collections.abc import Iterable
from datetime import datetime

from bekhedmetkom.entities.sheet_import import ImportRun, RowDifference
from bekhedmetkom.entities.sheets import InvalidRow, SheetRow
from bekhedmetkom.kernel.clock import AMMAN

from .commands import find_latest_policy
from .models import Policy
from .rules import Duration, EscalationLevel, EscalationStep, Kind, PolicyTerms

COLUMNS = (
    "code", "kind", "name_ar", "classify", "due_working_days", "extension_working_days", "max_extensions",
    "remind_percent", "no_action", "at_breach", "breach_plus_3", "breach_plus_5", "appeal_window_days",
    "appeal_due_working_days", "rating_window_days", "basis",
)  # fmt: skip
FIRST_VALID_FROM = datetime(2025, 1, 1, tzinfo=AMMAN)  # of the first version of a policy
EXCLUDED_POLICIES = {
    "confidential": "belongs to the confidential service, which has deadlines of its own: left out"
}

# Names in the sheet of escalation levels.
LEVEL_ALIASES = {
    "prime_minister_office": EscalationLevel.PM_UNIT,
    "national_centre_copy": EscalationLevel.PM_UNIT,
    "silence is refusal": EscalationLevel.HEAD_OF_BODY,  # the legal remedy; the breach is still escalated
}
NO_ACTION_DELAY = Duration(working_days=2)
OVERDUE_STEPS = {
    "at_breach": Duration(),
    "breach_plus_3": Duration(working_days=3),
    "breach_plus_5": Duration(working_days=5),
}
DURATION_PATTERN = re.compile(r"(?P<number>\d+) (?P<unit>working day|clock hour)s?")
LEVEL_PATTERN = re.compile(r"(?P<who>[a-z_ ]+?)(?: after (?P<hours>\d+) clock hours|: .+)?")


def import_policies(run: ImportRun, rows: Iterable[SheetRow]) -> None:
    """Import national policies; changed terms become a new version."""
    seen: dict[str, int] = {}
    for row in rows:
        with run.folder.collect_errors(row):
            code = row.get_required("code")
            if code in EXCLUDED_POLICIES:
                run.report.notes.append(f"{row.file} line {row.line}: {code} {EXCLUDED_POLICIES[code]}")
                continue
            if seen.setdefault(code, row.line) != row.line:
                raise InvalidRow(f"{code} stands here already in line {seen[code]}")
            _import_policy(run, row, code)


def _import_policy(run: ImportRun, row: SheetRow, code: str) -> None:
    last = find_latest_policy(code)
    fallback = last.name_en if last else code.replace("_", " ").capitalize()
    said = {
        "kind": str(row.get_choice("kind", Kind)) if row.get_text("kind") else "",
        "terms": parse_terms(row).as_json(),
        "basis": row.get_required("basis"),
        "name_ar": row.get_required("name_ar"),
        "name_en": row.get_text("name_en") or fallback,
    }
    before = {name: getattr(last, name) for name in said} if last else {}
    if before == said:
        run.report.unchanged_counts[row.file] += 1
        return
    policy = Policy(code=code, valid_from=FIRST_VALID_FROM, **said)
    if last:
        policy.version, policy.valid_from = last.version + 1, max(run.at, last.valid_from)
    if not run.is_valid(policy, row):
        return
    policy.save()
    if last:
        differing = {name: value for name, value in said.items() if before[name] != value}
        run.report_changed(
            policy, RowDifference(row.file, code, {name: before[name] for name in differing}, differing)
        )
    else:
        run.report_added(row.file, f"{code} {policy.name_ar}")


def parse_terms(row: SheetRow) -> PolicyTerms:
    """Return the terms of a row. Raises `InvalidRow` for unknown wording.

    A policy with a classification time in clock hours runs round the clock: its days have 24 hours.
    """
    classify = _parse_duration(row, "classify")
    days = row.get_number("due_working_days")
    return PolicyTerms(
        due=Duration(clock_hours=24 * days) if classify.clock_hours else Duration(working_days=days),
        classify=classify,
        extension_days=row.get_number("extension_working_days"),
        extensions=row.get_number("max_extensions"),
        remind=_parse_percentages(row),
        no_action=_parse_step(row, "no_action", NO_ACTION_DELAY, hours_from_receipt=False),
        ladder=tuple(
            rung
            for column, after in OVERDUE_STEPS.items()
            if (rung := _parse_step(row, column, after, hours_from_receipt=True))
        ),
        appeal_window_days=row.get_number("appeal_window_days"),
        appeal_due_days=row.get_number("appeal_due_working_days"),
        rating_window_days=row.get_number("rating_window_days"),
    )


def _parse_duration(row: SheetRow, column: str) -> Duration:
    if not (said := DURATION_PATTERN.fullmatch(row.get_text(column))):
        raise InvalidRow(f"{column} is {row.get_text(column)!r}: write '2 working days' or '2 clock hours'")
    number = int(said["number"])
    return Duration(clock_hours=number) if said["unit"] == "clock hour" else Duration(working_days=number)


def _parse_percentages(row: SheetRow) -> tuple[int, ...]:
    parts = row.get_text("remind_percent").split("|")
    if not all(part.isascii() and part.isdigit() and 0 < int(part) <= 100 for part in parts):
        raise InvalidRow(f"remind_percent is {row.get_text('remind_percent')!r}: write 50|80|100")
    return tuple(int(part) for part in parts)


def _parse_step(
    row: SheetRow, column: str, after: Duration, *, hours_from_receipt: bool
) -> EscalationStep | None:
    """Return the escalation step of a cell: after the column's delay, or the clock hours in the cell."""
    if not row.get_text(column):
        return None
    said = LEVEL_PATTERN.fullmatch(row.get_text(column))
    if not said or (said["who"] not in LEVEL_ALIASES and said["who"] not in set(EscalationLevel)):
        raise InvalidRow(
            f"{column} is {row.get_text(column)!r}: nobody is called so; write one of {', '.join(EscalationLevel)}"
        )
    level = LEVEL_ALIASES.get(said["who"]) or EscalationLevel(said["who"])
    if said["hours"]:
        return EscalationStep(
            level, Duration(clock_hours=int(said["hours"])), from_receipt=hours_from_receipt
        )
    return EscalationStep(level, after)
