"""Deadline policies as the sheet words them, read into terms."""

import re
from collections.abc import Iterable
from datetime import datetime

from bekhedmetkom.entities.importing import Difference, Import
from bekhedmetkom.entities.sheets import Bad, Row
from bekhedmetkom.kernel.clock import AMMAN

from .commands import latest
from .models import Policy
from .rules import Kind, Level, Rung, Span, Terms

COLUMNS = (
    "code", "kind", "name_ar", "classify", "due_working_days", "extension_working_days", "max_extensions",
    "remind_percent", "no_action", "at_breach", "breach_plus_3", "breach_plus_5", "appeal_window_days",
    "appeal_due_working_days", "rating_window_days", "basis",
)  # fmt: skip
FIRST = datetime(2025, 1, 1, tzinfo=AMMAN)  # from when the first version of a policy holds
ELSEWHERE = {"confidential": "belongs to the confidential service, which has deadlines of its own: left out"}

# People whom the sheet calls by another name than that of their list here.
SPOKEN_OF = {
    "prime_minister_office": Level.PM_UNIT,
    "national_centre_copy": Level.PM_UNIT,
    "silence is refusal": Level.HEAD_OF_BODY,  # that is the citizen's remedy in law; the breach still goes up
}
NO_ACTION = Span(working_days=2)
AFTER_DUE = {
    "at_breach": Span(),
    "breach_plus_3": Span(working_days=3),
    "breach_plus_5": Span(working_days=5),
}
SPAN = re.compile(r"(?P<number>\d+) (?P<unit>working day|clock hour)s?")
WHO = re.compile(r"(?P<who>[a-z_ ]+?)(?: after (?P<hours>\d+) clock hours|: .+)?")


def load_policies(run: Import, rows: Iterable[Row]) -> None:
    """Import the country's policies; terms that differ from the newest version become the next one."""
    seen: dict[str, int] = {}
    for row in rows:
        with run.folder.reading(row):
            code = row.needed("code")
            if code in ELSEWHERE:
                run.report.notes.append(f"{row.file} line {row.line}: {code} {ELSEWHERE[code]}")
                continue
            if seen.setdefault(code, row.line) != row.line:
                raise Bad(f"{code} stands here already in line {seen[code]}")
            _load(run, row, code)


def _load(run: Import, row: Row, code: str) -> None:
    last = latest(code)
    fallback = last.name_en if last else code.replace("_", " ").capitalize()
    said = {
        "kind": str(row.one_of("kind", Kind)) if row.text("kind") else "",
        "terms": read_terms(row).as_json(),
        "basis": row.needed("basis"),
        "name_ar": row.needed("name_ar"),
        "name_en": row.text("name_en") or fallback,
    }
    before = {name: getattr(last, name) for name in said} if last else {}
    if before == said:
        run.report.same[row.file] += 1
        return
    policy = Policy(code=code, valid_from=FIRST, **said)
    if last:
        policy.version, policy.valid_from = last.version + 1, max(run.at, last.valid_from)
    if not run.accepts(policy, row):
        return
    policy.save()
    if last:
        differing = {name: value for name, value in said.items() if before[name] != value}
        run.changed(policy, Difference(row.file, code, {name: before[name] for name in differing}, differing))
    else:
        run.add(row.file, f"{code} {policy.name_ar}")


def read_terms(row: Row) -> Terms:
    """The terms that a row promises. `Bad` for words that mean nothing here.

    What must be classified within clock hours runs round the clock altogether: its "days" are 24 hours long.
    """
    classify = _span(row, "classify")
    days = row.number("due_working_days")
    return Terms(
        due=Span(clock_hours=24 * days) if classify.clock_hours else Span(working_days=days),
        classify=classify,
        extension_days=row.number("extension_working_days"),
        extensions=row.number("max_extensions"),
        remind=_percentages(row),
        no_action=_rung(row, "no_action", NO_ACTION, hours_from_receipt=False),
        ladder=tuple(
            rung
            for column, after in AFTER_DUE.items()
            if (rung := _rung(row, column, after, hours_from_receipt=True))
        ),
        appeal_window_days=row.number("appeal_window_days"),
        appeal_due_days=row.number("appeal_due_working_days"),
        rating_window_days=row.number("rating_window_days"),
    )


def _span(row: Row, column: str) -> Span:
    if not (said := SPAN.fullmatch(row.text(column))):
        raise Bad(f"{column} is {row.text(column)!r}: write '2 working days' or '2 clock hours'")
    number = int(said["number"])
    return Span(clock_hours=number) if said["unit"] == "clock hour" else Span(working_days=number)


def _percentages(row: Row) -> tuple[int, ...]:
    parts = row.text("remind_percent").split("|")
    if not all(part.isascii() and part.isdigit() and 0 < int(part) <= 100 for part in parts):
        raise Bad(f"remind_percent is {row.text('remind_percent')!r}: write 50|80|100")
    return tuple(int(part) for part in parts)


def _rung(row: Row, column: str, after: Span, *, hours_from_receipt: bool) -> Rung | None:
    """Who is told, and when: at the time that the column stands for, or after the cell's own clock hours."""
    if not row.text(column):
        return None
    said = WHO.fullmatch(row.text(column))
    if not said or (said["who"] not in SPOKEN_OF and said["who"] not in set(Level)):
        raise Bad(f"{column} is {row.text(column)!r}: nobody is called so; write one of {', '.join(Level)}")
    level = SPOKEN_OF.get(said["who"]) or Level(said["who"])
    if said["hours"]:
        return Rung(level, Span(clock_hours=int(said["hours"])), from_receipt=hours_from_receipt)
    return Rung(level, after)
