"""The roll-ups: sums of what all cases say, by day and slice, at several coarsenesses; made anew at will.

Nothing here points at other tables: a row is a sum, and 0 or '' stands for "all of them" or "none". Under them lie the
facts that they are sums of, a row each in `analytics_fact`, which no key tells apart and so no model describes.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from . import storage as storage  # its tables belong to this app, and so do the next
from .rules.grains import DIMENSIONS
from .rules.measures import MEASURES, STOCK_MEASURES


class RollUp(models.Model):
    """What the cases of a cell add to one day (`day`), or to a longer span (`week`, `month`, `year`: by its first
    day), or what of those that came on a day is open now (`open`). The finest grain has only what is open.

    `histogram`: histograms, one number a bucket: its code × 2^32 + how many.
    """

    id = None
    pk = models.CompositePrimaryKey("grain", "span", "day", *DIMENSIONS)
    grain = models.SmallIntegerField()
    span = models.CharField(max_length=5)
    day = models.DateField()
    kind = models.CharField(max_length=12)
    channel = models.CharField(max_length=20)
    governorate = models.IntegerField()
    language = models.CharField(max_length=2)
    entity = models.IntegerField()
    service = models.IntegerField()
    unit = models.IntegerField()
    histogram = ArrayField(models.BigIntegerField(), null=True)

    class Meta:
        db_table = "analytics_rollup"
        indexes = [
            # What a body has lies together here: by the key a dozen bodies are found among all.
            models.Index("grain", "entity", "span", "day", "kind", "channel", "governorate", "language",
                         name="rollup_of_bodies", condition=Q(entity__gt=0, service=0, unit=0)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.span} {self.day} of grain {self.grain}"


# Null for zero: most cells have few measures, and a null takes no room.
for _name in (*MEASURES, *STOCK_MEASURES):
    RollUp.add_to_class(_name, models.IntegerField(null=True))


class CaseFlow(models.Model):
    """How many cases one body sent to another on one day, in a week of a month, in a month, or in a year."""

    pk = models.CompositePrimaryKey("span", "day", "sent_from", "sent_to")
    span = models.CharField(max_length=5)
    day = models.DateField()
    sent_from = models.IntegerField()
    sent_to = models.IntegerField()
    cases = models.IntegerField()

    class Meta:
        db_table = "analytics_flow"

    def __str__(self) -> str:
        return f"{self.sent_from} to {self.sent_to}, {self.span} {self.day}"


_NEWEST_FIRST = (F("day").desc(), F("case_id").desc(), F("seq").desc())


class CountedCase(models.Model):
    """What an event of a case was counted as, and in which cell: what stands behind the figures.

    `what` is one of `rules.behind.GROUPS`, `which` the bits of its measures.
    """

    pk = models.CompositePrimaryKey("case_id", "seq", "measure_group")
    case_id = models.UUIDField()
    seq = models.IntegerField()
    entity = models.IntegerField()
    service = models.IntegerField()
    unit = models.IntegerField()
    governorate = models.IntegerField()
    day = models.DateField()
    measure_group = models.SmallIntegerField()
    measure_bits = models.SmallIntegerField()
    kind = models.CharField(max_length=12)
    channel = models.CharField(max_length=20)
    language = models.CharField(max_length=2)

    class Meta:
        db_table = "analytics_counted"
        indexes = [  # as `commands.rebuilding.COUNTED_BY` makes them anew
            models.Index("measure_group", *_NEWEST_FIRST, name="counted_by_day"),
            models.Index("measure_group", "entity", *_NEWEST_FIRST, name="counted_of_body"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} at {self.seq} on {self.day}"
