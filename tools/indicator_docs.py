"""Generate docs/indicators.md from the registry of indicators."""

from pathlib import Path

from bekhedmetkom.analytics.rules.indicators import INDICATORS, MIN_OBSERVATIONS, VERSION, Indicator
from bekhedmetkom.analytics.rules.measures import BUCKET_RATIO
from bekhedmetkom.analytics.rules.totals import MIN_PUBLISHED_COUNT

PAGE = Path(__file__).resolve().parent.parent / "docs" / "indicators.md"
HEAD = f"""# Indicators

Written by `tools/indicator_docs.py` from `bekhedmetkom/analytics/rules/indicators.py`; version {VERSION} of \
the formulas. \
Every figure of the dashboard, the API and the reports is one of these, worked out from sums that the follower \
`analytics` keeps of the journal (`analytics/facts.py` says which event adds to which). Days are Jordan's, each event \
counts on its \
own day, where the case stood then. An act that was taken back never happened. What is kept with care counts for its \
body, but under no unit, topic or place.

Shares carry a 95 per cent interval (Wilson). What people say is not shown as a share below \
{MIN_OBSERVATIONS} of them. Lengths \
of time come from histograms whose buckets are {round(100 * (BUCKET_RATIO - 1))} per cent wide: a median lies \
within 7 per \
cent of the true one. The public API says nothing of numbers below {MIN_PUBLISHED_COUNT}.
"""


def render_page() -> str:
    """Return the text of the page."""
    return "\n".join([HEAD, *(_render_section(one) for one in INDICATORS.values())])


def _render_section(one: Indicator) -> str:
    lines = [
        f"## {one.name.en} (`{one.key}`)",
        f"{one.name.ar}. {one.definition.ar}",
        one.definition.en,
        f"Formula: {one.formula.en}.",
    ]
    if one.target is not None and one.source:
        lines.append(f"Target: {_format_target(one)}. {one.source.en}.")
    if one.unavailable_reason:
        lines.append(f"Cannot be worked out yet: {one.unavailable_reason.en}")
    return "\n\n".join(lines) + "\n"


def _format_target(one: Indicator) -> str:
    return f"{one.target:.0%}" if one.unit == "share" else f"{one.target:g} {one.unit}"


if __name__ == "__main__":
    PAGE.write_text(render_page())
