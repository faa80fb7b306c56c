"""Several cases that an officer has picked out by their references, to do one thing to each."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from bekhedmetkom.kernel.actor import Actor

from ...models import Case
from ..prepared_statements import prepare_statement
from ..visibility import build_visibility_filter
from .case_rows import CaseRow, build_rows, select_rows


class SelectedCase(NamedTuple):
    """A line of the list, and the language in which its citizen wrote."""

    row: CaseRow
    language: str


def get_selected_cases(viewer: Actor, references: Collection[str], now: datetime) -> dict[str, SelectedCase]:
    """Those of them that are this officer's to read, by reference; the others do not exist."""
    if not references:
        return {}
    cases = Case.objects.filter(build_visibility_filter(viewer), reference__in=references)
    languages = dict(cases.values_list("reference", "language"))
    return {
        row.reference: SelectedCase(row, languages[row.reference])
        for row in build_rows(prepare_statement(select_rows(cases)).asked({}), now)
        if row.reference in languages
    }
