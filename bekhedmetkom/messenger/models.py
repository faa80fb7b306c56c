"""What came by Messenger and was not worked yet, and what is still to be said there.

What people said lies here sealed, and only until it was worked or sent; the name of an event stays a month, so that
one that comes again is known.
"""

from django.db import models
from django.db.models import Q


class Event(models.Model):
    """Something that a person said, as Meta posted it. Of one that the gate turned away only who waits for an answer.

    Once it is worked, `key` and the times are all that is left. `files`: what was attached, as uploads taken in.
    """

    key = models.CharField(max_length=200, unique=True)
    person = models.BinaryField(max_length=32)  # a keyed hash: what one person said is worked in order
    item = models.BinaryField()  # sealed
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
    """One call that is still to be made. `line`: the officer's line of the talk that it carries; none: the assistant's.

    An officer's that could not be said stays, without its words, and says why.
    """

    person = models.BinaryField(max_length=32)
    call = models.BinaryField()  # sealed: to whom, and what
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
    """That a saying was said: Meta posts back what the page says. Kept for a day, for those that are left in doubt."""

    saying = models.BigIntegerField(primary_key=True)
    came_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index("came_at", name="messenger_echo_came")]

    def __str__(self) -> str:
        return f"echo of {self.saying}"
