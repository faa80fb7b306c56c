"""What open screens are told, for an hour: small rows that the live process passes on and forgets."""

from django.db import models
from django.db.models.functions import Now

from bekhedmetkom.entities.choices import is_one_of

from .rules import Topic


class Told(models.Model):
    """One thing to tell. Numbers grow in the order of commits (`commands.tell`), so a reader can go by the last one.

    `case` (of the feed) is never told: by it a case that has become need-to-know is taken out again. `whose` decides
    who hears it: for the feed the body's id, for the desk where the cases stand. `says` goes out as it is.
    """

    topic = models.CharField(max_length=12)
    told_at = models.DateTimeField(db_default=Now(), db_index=True)
    case = models.UUIDField(null=True)
    whose = models.JSONField(null=True)
    says = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(name="live_topic_is_known", condition=is_one_of("topic", Topic))
        ]
        indexes = [models.Index("topic", "id", name="live_of_topic")]
