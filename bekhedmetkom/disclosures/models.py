"""Tables of the box: ciphertext in few sizes, and days.

No column reveals a person, a time within a day or the order of rows. All keys are random except in the journal.
Everything else about a report (status, turns, files, exclusions) is in `state`, encrypted with the report's
outer key, which is stored outside the database.
"""

from typing import ClassVar
from uuid import uuid4

from django.db import models


class Report(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid4)
    day = models.DateField()
    lookup = models.BinaryField(unique=True)  # derived from the receipt
    reader = models.TextField()  # public key derived from the receipt
    recipient = models.TextField()  # R's public key
    anchor = models.BinaryField()  # the discloser's MAC over `recipient`
    ring = models.BinaryField()  # key ring for the officers
    identity = models.BinaryField()  # encrypted to the custodians; the same size if empty
    state = models.BinaryField()

    objects: ClassVar[models.Manager["Report"]] = models.Manager()

    class Meta:
        indexes = [models.Index("day", name="report_day")]


class Piece(models.Model):
    """A block of at most 256 KiB of an encrypted part. Only the report's `state` says which report it belongs
    to.
    """

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
    """An entry of the Commission's journal, chained to the one before."""

    n = models.PositiveBigIntegerField(primary_key=True)
    day = models.DateField()
    who = models.TextField()
    what = models.TextField()
    report = models.UUIDField(null=True)
    before = models.BinaryField()
    hash = models.BinaryField()

    objects: ClassVar[models.Manager["Entry"]] = models.Manager()


class Epoch(models.Model):
    """The highest manifest epoch ever seen. A file in the key folder says the same."""

    only = models.BooleanField(primary_key=True, default=True)
    epoch = models.PositiveIntegerField()

    objects: ClassVar[models.Manager["Epoch"]] = models.Manager()


class CompletedJob(models.Model):
    """The last period for which a scheduled job has run."""

    job = models.TextField(primary_key=True)
    period = models.TextField(default="")

    objects: ClassVar[models.Manager["CompletedJob"]] = models.Manager()
