"""At which coarseness the roll-ups are kept: the same sums several times, each time without some dimensions.

A question reads the first grain that has every dimension by which it narrows or groups. A grain more is one line here
and `projections rebuild`.
"""

from collections.abc import Collection

# In the order of the index: what narrows well without a body first. A unit or a topic belongs to one body.
DIMENSIONS = ("kind", "channel", "governorate", "language", "entity", "service", "unit")
TEXT_DIMENSIONS = frozenset({"kind", "channel", "language"})  # text; the others are keys

# From the smallest to the one that keeps all. Their places are what rows name them by.
GRAINS: tuple[frozenset[str], ...] = tuple(
    frozenset(kept.split())
    for kept in (
        "",
        "kind",
        "channel",
        "governorate",
        "language",
        "entity",
        "kind channel",
        "kind governorate",
        "kind channel governorate",
        "entity kind",
        "entity channel",
        "entity governorate",
        "entity unit",
        "entity service",
        "entity kind channel",
        "entity kind governorate",
        "entity kind channel governorate",
        "entity service kind",
        "entity service governorate",
        "entity service channel",
        "entity service kind channel governorate",
        "entity service unit language",
        "entity service unit kind channel governorate language",
    )
)
FINEST_GRAIN = len(GRAINS) - 1  # whose sums nobody keeps: its rows are the facts themselves
# The topics of all bodies by more than one thing: many rows, read for a few measures alone. They have no others.
LIGHT_GRAINS = frozenset(
    number
    for number, kept in enumerate(GRAINS)
    if kept > {"entity", "service"} and "unit" not in kept  # a topic's units are few
)
COUNT_MEASURES = ("received", "answered", "kept", "missed", "yes", "no")
BACKLOG_MEASURES = ("entered", "gone", "late_in", "late_out")
LIGHT_MEASURES = (*COUNT_MEASURES, *BACKLOG_MEASURES, "appealed", "upheld", "partly", "rejected")


def find_grain(dimensions: Collection[str], *, light: bool = False) -> int:
    """The coarsest that has all of these; `light` where the measures `OF_LIGHT` are all that is asked for."""
    return next(
        number
        for number, kept in enumerate(GRAINS)
        if kept.issuperset(dimensions) and (light or number not in LIGHT_GRAINS)
    )
