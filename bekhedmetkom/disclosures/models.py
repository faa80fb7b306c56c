"""What the box keeps: ciphertext of few sizes, and days. No column says who, when within a day, or in which order.

Every key is random; nothing counts up but the journal. What the service must know of a report (its status, the turns
of its talk, its files, who may not read it) lies in `state` under the report's outer key, which is kept outside the
database.
"""

from typing import ClassVar
from uuid import uuid4

from django.db import models


class Report(models.Model):
    """What somebody disclosed."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    day = models.DateField()
    lookup = models.BinaryField(unique=True)  # what the receipt's words lead to
    reader = models.TextField()  # the discloser's public key, of the same words
    recipient = models.TextField()  # R's public key
    anchor = models.BinaryField()  # the discloser's mark on it
    ring = models.BinaryField()  # R's secret, to the Commission's officers
    identity = models.BinaryField()  # to the custodians; of equal size where none was given
    state = models.BinaryField()

    objects: ClassVar[models.Manager["Report"]] = models.Manager()

    class Meta:
        indexes = [models.Index("day", name="report_day")]


class Piece(models.Model):
    """256 KiB at most of a text, a message or a file. Which report it belongs to, that report's `state` alone says."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    day = models.DateField()
    part = models.UUIDField()
    n = models.PositiveSmallIntegerField()
    sealed = models.BinaryField()

    objects: ClassVar[models.Manager["Piece"]] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint("part", "n", name="piece_once")]
        indexes = [models.Index("day", name="piece_day")]


class Entry(models.Model):
    """The Commission's own journal: who did what with which report, each line chained to the one before."""

    n = models.PositiveBigIntegerField(primary_key=True)
    day = models.DateField()
    who = models.TextField()
    what = models.TextField()
    report = models.UUIDField(null=True)
    before = models.BinaryField()
    hash = models.BinaryField()

    objects: ClassVar[models.Manager["Entry"]] = models.Manager()


class Epoch(models.Model):
    """The highest epoch of a manifest that was ever seen. A file beside the outer keys says the same."""

    only = models.BooleanField(primary_key=True, default=True)
    epoch = models.PositiveIntegerField()

    objects: ClassVar[models.Manager["Epoch"]] = models.Manager()


class CompletedJob(models.Model):
    """What the box's clock has done, and for which day or hour last."""

    job = models.TextField(primary_key=True)
    period = models.TextField(default="")

    objects: ClassVar[models.Manager["CompletedJob"]] = models.Manager()
