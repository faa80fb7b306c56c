"""Messenger contacts, push subscriptions and stopped channels."""

from django.db import models

from bekhedmetkom.cases.models import Case
from bekhedmetkom.entities.choices import is_one_of

from .rules.delivery import Channel


class MessengerPerson(models.Model):
    """Who has written to the page. `psid`: what Meta calls them before this page, and no other.

    `heard_at`: their last message, by Meta's own clock: from it the window counts in which they may be written to.
    `refused`: they have blocked the page or are gone; a new message of theirs takes it back.
    """

    psid = models.CharField(max_length=64, unique=True)
    heard_at = models.DateTimeField()
    refused = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"Messenger person {self.pk}"


class ByMessenger(models.Model):
    """A case that came by Messenger, and whom its news go back to."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="+")
    person = models.ForeignKey(MessengerPerson, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"case {self.case_id} by Messenger"


class PushSubscription(models.Model):
    """A browser that is told of a case: where its maker's service takes messages for it, and the keys that are its own.

    Gone with the case's words, and once the service says that the browser is (`senders/push.py`).
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="+", db_index=False)
    endpoint = models.CharField(max_length=1000)
    p256dh = models.BinaryField()
    auth = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("case", "endpoint", name="push_once")]

    def __str__(self) -> str:
        return f"push subscription {self.pk}"


class Stop(models.Model):
    """A way on which nothing goes out, because its provider refused us and not a message. What waits, waits.

    It holds `until` its time, or without one as long as our key there is the one that was refused (`key`: a hash).
    """

    channel = models.CharField(max_length=10, primary_key=True)
    code = models.IntegerField()
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    key = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="stop_channel_is_known", condition=is_one_of("channel", Channel)),
        ]

    def __str__(self) -> str:
        return f"{self.channel} stopped by {self.code}"
