"""Live updates of the last hour, passed on to open pages."""

from django.db import models
from django.db.models.functions import Now

from bekhedmetkom.entities.choices import is_one_of

from .rules import Topic


class Told(models.Model):
    """One update. Ids grow in commit order (`commands.publish_updates`), so a reader can continue after the last one.

    `case` (feed only) is never sent; by it a case that becomes confidential is removed. `whose` decides who receives
    it: the body's id for the feed, the cases' locations for the desk. `says` is sent as it is.
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
