"""Which case was counted when and where: what stands behind the figures, from the same facts as their sums."""

from .facts import CELL_COLUMNS
from .rules.drill_down import MEASURE_GROUPS, TIMED
from .rules.grains import DIMENSIONS
from .rules.measures import CODES_PER_HISTOGRAM, HISTOGRAMS, Histogram

TABLE = "analytics_counted"
KEY = "case_id, seq, measure_group"
COLUMNS = f"{KEY}, measure_bits, day, {CELL_COLUMNS}"
_FIRST_TERM_CODE = HISTOGRAMS.index(Histogram.TERM_USED) * CODES_PER_HISTOGRAM
_TIMED_CONDITION = (
    "(answered = 1 AND EXISTS (SELECT FROM unnest(histogram) AS one"
    f" WHERE one >> 32 BETWEEN {_FIRST_TERM_CODE} AND {_FIRST_TERM_CODE + CODES_PER_HISTOGRAM - 1}))::int"
)
# As `rules.behind.GROUPS` says: what is counted of an event in each group, as bits.
_GROUP_BITS = ", ".join(
    f"({group}, "
    + " + ".join(
        f"{1 << place} * " + (_TIMED_CONDITION if measure == TIMED else f"coalesce({measure}, 0)")
        for place, measure in enumerate(measures)
    )
    + ")"
    for group, measures in enumerate(MEASURE_GROUPS)
)


_COUNTED_MEASURES = ", ".join(
    dict.fromkeys(name for measures in MEASURE_GROUPS for name in measures if name != TIMED)
)


def build_counted_rows(source: str, *more: str) -> str:
    """The rows of the table to which facts amount, with `more` of their columns. Half of all facts amount to none."""
    columns = ", ".join([*more, COLUMNS])
    return (
        f"SELECT {columns} FROM {source}, LATERAL (VALUES {_GROUP_BITS}) AS groups (measure_group, measure_bits)"
        f" WHERE num_nonnulls({_COUNTED_MEASURES}) > 0 AND measure_bits <> 0"
    )


def build_count_changes(source: str, table: str) -> str:
    """The table brought from what `source` says with sign -1 to what it says with sign 1: parts of a statement that
    has `%(cases)s`."""
    kept, old, new = (
        f"({', '.join(f'{of}.{name}' for name in KEY.split(', '))})" for of in ("kept", "old", "new")
    )
    moved = ", ".join(f"{name} = excluded.{name}" for name in ("measure_bits", "day", *DIMENSIONS))
    return f"""
    counting AS MATERIALIZED ({build_counted_rows(source, "sign")}),
    uncounted AS (
        DELETE FROM {table} AS kept USING counting AS old
        WHERE kept.case_id = ANY (%(cases)s) AND sign = -1 AND {kept} = {old}
          AND NOT EXISTS (SELECT FROM counting AS new WHERE new.sign = 1 AND {new} = {old})),
    counted AS (
        INSERT INTO {table} ({COLUMNS}) SELECT {COLUMNS} FROM counting WHERE sign = 1
        ON CONFLICT ({KEY}) DO UPDATE SET {moved})"""
