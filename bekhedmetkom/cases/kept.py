"""How an officer wants the desk's lists: the views that they gave a name, and what their lists look like."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from bekhedmetkom.entities.models import Entity
from bekhedmetkom.identity.models import Officer


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
