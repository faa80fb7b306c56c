"""Pictures that a program named by their address when it brought a case, until the worker has fetched them."""

from django.db import models
from django.db.models import Q


class PictureToFetch(models.Model):
    """One address. It is gone once the picture is the case's; `given_up_at`: it will not come."""

    case = models.ForeignKey("Case", models.PROTECT, related_name="+")
    url = models.CharField(max_length=500)
    next_at = models.DateTimeField()
    tries = models.SmallIntegerField(default=0)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "case_picture"
        indexes = [models.Index("next_at", name="case_picture_due", condition=Q(given_up_at=None))]

    def __str__(self) -> str:
        return f"a picture of {self.case_id}"
