"""Finding problems, and what people say and do about them."""

from .case_links import link_case, link_cases, update_people_counts
from .case_vectors import backfill_case_vectors, delete_old_case_vectors, update_case_vectors
from .decisions import (
    ProblemChanged,
    confirm_problem,
    dismiss_problem,
    edit_problem,
    mark_problem_fixed,
    move_fix_date,
    reject_similar_cases,
)
from .detection import detect_or_backfill, detect_problems

__all__ = [
    "ProblemChanged",
    "backfill_case_vectors",
    "confirm_problem",
    "delete_old_case_vectors",
    "detect_or_backfill",
    "detect_problems",
    "dismiss_problem",
    "edit_problem",
    "link_case",
    "link_cases",
    "mark_problem_fixed",
    "move_fix_date",
    "reject_similar_cases",
    "update_case_vectors",
    "update_people_counts",
]  # fmt: skip
