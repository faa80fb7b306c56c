"""What officers keep for themselves, no fact about any case: their lists, what they are writing, whom they follow."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.entities.models import Entity
from bekhedmetkom.identity.models import Officer

from .rules.drafts import REPLY_DRAFT


class SavedView(models.Model):
    """A list under a name. `address` is what follows the question mark: whoever opens it sees their own cases by it.

    `entity`: the body whose officers have it too.
    """

    officer = models.ForeignKey(Officer, models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=60)
    address = models.CharField(max_length=1000)
    entity = models.ForeignKey(Entity, models.CASCADE, null=True, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        db_table = "saved_view"
        constraints = [models.UniqueConstraint(name="saved_view_by_name", fields=["officer", "name"])]

    def __str__(self) -> str:
        return self.name


class ListLook(models.Model):
    """The columns that an officer's lists have, and how close their lines stand; without a row: as everybody's."""

    officer = models.OneToOneField(Officer, models.CASCADE, primary_key=True, related_name="+")
    columns = ArrayField(models.CharField(max_length=20))
    compact = models.BooleanField()

    class Meta:
        db_table = "list_look"

    def __str__(self) -> str:
        return f"lists of {self.officer_id}"


class Draft(models.Model):
    """What an officer is writing and has not sent. Not a fact about the case, so no event; one for each thing written.

    `place` says what it is: "reply", else the verb (rules.drafts). `version` counts how often it was kept.
    """

    case = models.ForeignKey("Case", models.CASCADE, related_name="drafts")
    officer = models.ForeignKey(Officer, models.CASCADE, related_name="+")
    place = models.CharField(max_length=20, default=REPLY_DRAFT, db_default=REPLY_DRAFT)
    version = models.IntegerField(default=1, db_default=1)
    text = models.TextField(blank=True)
    disposition = models.CharField(max_length=30, blank=True)
    quality_reason = models.TextField(blank=True, db_default="")
    parts = models.JSONField(default=dict, db_default={})  # of a reply, as they were typed
    saved_at = models.DateTimeField()

    class Meta:
        db_table = "case_draft"
        constraints = [
            models.UniqueConstraint(name="one_draft_an_officer", fields=["case", "officer", "place"])
        ]

    def __str__(self) -> str:
        return f"draft of {self.officer_id} on {self.case_id}"


class Presence(models.Model):
    """Who has a case open on their screen just now. No fact about it: unlogged, and over half a minute later."""

    case = models.ForeignKey("Case", models.CASCADE, related_name="+", db_index=False)
    officer = models.ForeignKey(Officer, models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()
    writing = models.BooleanField()

    class Meta:
        db_table = "case_presence"
        constraints = [models.UniqueConstraint(name="one_presence_an_officer", fields=["case", "officer"])]

    def __str__(self) -> str:
        return f"{self.officer_id} at {self.case_id}"


class Follow(models.Model):
    """An officer wants to hear of a case: no fact about it, so no event. `looked`: the last event that was seen."""

    case = models.ForeignKey("Case", models.CASCADE, related_name="+")
    officer = models.ForeignKey(Officer, models.CASCADE, related_name="+", db_index=False)
    looked = models.IntegerField()

    class Meta:
        db_table = "case_follow"
        verbose_name = _("متابعة طلب")
        constraints = [models.UniqueConstraint(name="followed_once", fields=["officer", "case"])]

    def __str__(self) -> str:
        return f"{self.officer_id} follows {self.case_id}"
