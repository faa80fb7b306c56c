"""Incoming Messenger events that wait and outgoing messages. Content is encrypted and erased after use.

Keys of events stay for a month, so that a repeated one is recognised.
"""

from django.db import models
from django.db.models import Q


class Event(models.Model):
    """An event that Meta posted. Of a text about corruption only whom to answer is stored.

    After processing only `key` and the times remain. `files`: attachments stored as uploads.
    """

    key = models.CharField(max_length=200, unique=True)
    person = models.BinaryField(max_length=32)  # keyed hash: the events of one person are processed in order
    item = models.BinaryField()  # encrypted
    gated = models.BooleanField(default=False)
    at = models.DateTimeField()
    came_at = models.DateTimeField()
    not_before = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    files = models.JSONField(null=True)
    worked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                "person", "at", "id", name="messenger_event_waits", condition=Q(worked_at__isnull=True)
            ),
            models.Index("not_before", name="messenger_event_due", condition=Q(worked_at__isnull=True)),
            models.Index("worked_at", name="messenger_event_worked"),
        ]

    def __str__(self) -> str:
        return f"Messenger event {self.pk}"


class Saying(models.Model):
    """An outgoing call. `line`: the officer's line that it carries; `None` for the assistant's messages.

    An officer's message that could not be delivered stays without content, with the reason.
    """

    person = models.BinaryField(max_length=32)
    call = models.BinaryField()  # encrypted: recipient and message
    line = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, default="queued")  # queued, sending, parked
    why = models.CharField(max_length=20, default="")
    at = models.DateTimeField()
    not_before = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="saying_state_is_known", condition=Q(state__in=["queued", "sending", "parked"])
            ),
            models.CheckConstraint(
                name="saying_parked_is_an_officers", condition=~Q(state="parked") | Q(line__isnull=False)
            ),
        ]
        indexes = [
            models.Index("person", "id", name="saying_of_person"),
            models.Index("not_before", "id", name="saying_due", condition=~Q(state="parked")),
            models.Index("line", name="saying_of_line", condition=Q(line__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"saying {self.pk}"


class Echo(models.Model):
    """The echo by which Meta confirms a message of the page. Kept for a day."""

    saying = models.BigIntegerField(primary_key=True)
    came_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index("came_at", name="messenger_echo_came")]

    def __str__(self) -> str:
        return f"echo of {self.saying}"
