"""Reports of months that have ended, as they were made once; who wants which by mail, and which mail has gone."""

from django.db import models
from django.db.models import Q

from bekhedmetkom.entities.models import Entity
from bekhedmetkom.identity.models import Officer
from bekhedmetkom.messages.models import Message


class MonthReport(models.Model):
    """What a report says (`queries.reports.Report`), letter by letter. PostgreSQL lets nobody change or delete one.

    `entity`: whose; empty for the Cabinet's. `sha256`: of `content` in UTF-8, and printed on every page of the paper.
    """

    entity = models.ForeignKey(Entity, models.PROTECT, null=True, related_name="+", db_index=False)
    month = models.DateField()
    made_at = models.DateTimeField()
    content = models.TextField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        db_table = "insight_report"
        constraints = [
            models.UniqueConstraint(
                name="one_report_a_month", fields=["entity", "month"], nulls_distinct=False
            ),
            models.CheckConstraint(name="report_of_a_month", condition=Q(month__day=1)),
        ]

    def __str__(self) -> str:
        return f"{self.entity_id or 'cabinet'} {self.month:%Y-%m}"


class Subscriber(models.Model):
    """An officer who wants a report by mail each month, of what ends after `since`; `entity` as above."""

    officer = models.ForeignKey(Officer, models.CASCADE, related_name="+", db_index=False)
    entity = models.ForeignKey(Entity, models.CASCADE, null=True, related_name="+", db_index=False)
    since = models.DateTimeField()

    class Meta:
        db_table = "insight_subscriber"
        constraints = [
            models.UniqueConstraint(
                name="subscribed_once", fields=["officer", "entity"], nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.officer_id} {self.entity_id or 'cabinet'}"


class ReportMail(models.Model):
    """The mail about a month's reports has been seen to, whether or not there was anything to send."""

    officer = models.ForeignKey(Officer, models.CASCADE, related_name="+", db_index=False)
    month = models.DateField()
    message = models.ForeignKey(Message, models.CASCADE, null=True, related_name="+")

    class Meta:
        db_table = "insight_report_mail"
        constraints = [models.UniqueConstraint(name="one_report_mail_a_month", fields=["month", "officer"])]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} of {self.officer_id}"
