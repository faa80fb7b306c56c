"""Deadline terms for each kind of case, parsed from the directory's sheet independently of the product code."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SHEET_PATH = Path(__file__).parents[3] / "data" / "directory" / "sla_defaults.csv"


@dataclass(frozen=True)
class EscalationStep:
    """Who is told of a breach, and when: so many working days after the date, or hours after the receipt."""

    who: str
    days: int = 0
    hours: int = 0


@dataclass(frozen=True)
class DeadlineTerms:
    """`hours` in the place of `days` for what is urgent and runs round the clock."""

    days: int
    hours: int
    extension: int  # working days
    extensions: int
    reminders: tuple[int, ...]  # per cent of the term
    idle: EscalationStep
    ladder: tuple[EscalationStep, ...]
    appeal_window: int  # days
    rating_window: int  # days


def load_deadline_terms() -> Mapping[str, DeadlineTerms]:
    """By the codes of the sheet; those of the confidential service are not ours."""
    with SHEET_PATH.open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: _parse_terms(row) for row in csv.DictReader(file) if row["code"] != "confidential"
        }


def _parse_terms(row: Mapping[str, str]) -> DeadlineTerms:
    urgent = "clock hour" in row["classify"]
    days = int(row["due_working_days"])
    steps = (("at_breach", 0), ("breach_plus_3", 3), ("breach_plus_5", 5))
    return DeadlineTerms(
        days=0 if urgent else days,
        hours=24 * days if urgent else 0,
        extension=int(row["extension_working_days"]),
        extensions=int(row["max_extensions"]),
        reminders=tuple(int(share) for share in row["remind_percent"].split("|")),
        idle=_parse_step(row["no_action"], 2),
        ladder=tuple(_parse_step(row[column], after) for column, after in steps if row[column]),
        appeal_window=int(row["appeal_window_days"]),
        rating_window=int(row["rating_window_days"]),
    )


def _parse_step(said: str, days: int) -> EscalationStep:
    """`minister`, or `minister after 24 clock hours`."""
    who, _, after = said.partition(" after ")
    return EscalationStep(who, hours=int(after.split()[0])) if after else EscalationStep(who, days=days)
