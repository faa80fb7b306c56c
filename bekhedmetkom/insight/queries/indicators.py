"""Every indicator of a slice, as a program or a report asks for it. Two statements."""

from collections.abc import Mapping

from ..rules.indicators import INDICATORS
from ..rules.slices import Slice
from ..rules.totals import Reading, Totals
from .reading import BEGINNING, parts, spreads, sums


def totals(wanted: Slice) -> Totals:
    """What the slice's days add up to, and what was open at the end of the last."""
    counts = sums(wanted, [*parts("now", wanted), *parts("ever", Slice(BEGINNING, wanted.end))])
    ever = Totals(counts.get("ever", {}))
    return Totals(
        counts.get("now", {}), spreads(wanted, parts("now", wanted)).get("now", {}),
        ever["entered"] - ever["gone"], ever["late_in"] - ever["late_out"],
    )  # fmt: skip


def figures(wanted: Slice) -> Mapping[str, Reading]:
    """By the keys of `rules.indicators.INDICATORS`."""
    found = totals(wanted)
    return {key: indicator.of(found) for key, indicator in INDICATORS.items()}
