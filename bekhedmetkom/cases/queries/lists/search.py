"""Finding cases by their words, folded as people spell them, or by their reference. Kept by `cases.follower`."""

from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

from bekhedmetkom.identity.queries import get_reachable_bodies
from bekhedmetkom.identity.rules import Permission
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.references import parse_reference
from bekhedmetkom.language.normalisation import list_stems

from ... import row_security
from ...rules.search import get_unit_token
from ..visibility import find_only_units

MAX_RESULTS = 200  # a common word is capped to its newest hits
SEARCH_PLACEHOLDERS = "?words", "?reference"  # in a statement that is kept, what stands for what was typed


def build_search_filter(viewer: Actor, most: int | None = None) -> Q:
    """The newest cases that hold the words, among those that the viewer may reach; or the one of that reference."""
    words, reference = SEARCH_PLACEHOLDERS
    bodies, units = get_reachable_bodies(viewer, Permission.READ), find_only_units(viewer)
    theirs = " | ".join(f"'{get_unit_token(unit)}'" for unit in units) if units else None
    holding = RawSQL(  # an array, so that PostgreSQL looks each up by its key; `&&` with NULL is NULL
        """"case".id = ANY (ARRAY(SELECT find_cases(%s::bigint[], %s,
            coalesce(to_tsquery('simple', %s::text) && %s::tsquery, to_tsquery('simple', %s::text)), %s)))""",
        (
            None if bodies is None else sorted(bodies),
            row_security.list_visible_confidentiality(viewer),
            words,
            theirs,
            words,
            most or MAX_RESULTS,
        ),
        output_field=BooleanField(),
    )
    return Q(holding) | Q(reference=reference)


def build_search_values(q: str) -> dict[str, str | None]:
    """For each of `UNSAID` what was typed; stems are letters and digits only, no operator among them."""
    return dict(
        zip(SEARCH_PLACEHOLDERS, (" & ".join(list_stems(q)) or None, parse_reference(q)), strict=True)
    )
