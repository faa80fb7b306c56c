"""Several cases that an officer has picked out by their references, to do one thing to each."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from bekhedmetkom.kernel.actor import Actor

from ..models import Case
from .rows import Row, as_rows, lines_of
from .visible import visible
from .worded import worded


class Chosen(NamedTuple):
    """A line of the list, and the language in which its citizen wrote."""

    row: Row
    language: str


def desk_chosen(viewer: Actor, references: Collection[str], now: datetime) -> dict[str, Chosen]:
    """Those of them that are this officer's to read, by reference; the others do not exist."""
    if not references:
        return {}
    cases = Case.objects.filter(visible(viewer), reference__in=references)
    languages = dict(cases.values_list("reference", "language"))
    return {
        row.reference: Chosen(row, languages[row.reference])
        for row in as_rows(worded(lines_of(cases)).asked({}), now)
        if row.reference in languages
    }
