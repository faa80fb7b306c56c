"""What is kept beside the roll-ups: what the hour made of them, and what people said to it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.catalogue.models import Service
from bekhedmetkom.entities.models import Entity, Governorate
from bekhedmetkom.identity.models import Officer
from bekhedmetkom.notifications.models import Message

from .rules.alerts import BandSide
from .rules.indicators import APP_STORES
from .rules.instructions import MAX_ANSWER_LENGTH, MAX_INSTRUCTION_LENGTH, InstructionOutcome


class StoredForecast(models.Model):
    """What is expected of a body or of several: `scope` says how `key` is meant (`rules.scopes`), `what` which figure.

    `first` is the day of the first of the numbers.
    """

    scope = models.CharField(max_length=10)
    key = models.IntegerField()
    measure = models.CharField(max_length=10)
    first_day = models.DateField()
    low = ArrayField(models.FloatField())
    expected = ArrayField(models.FloatField())
    high = ArrayField(models.FloatField())
    error = models.FloatField()
    baseline_error = models.FloatField()
    tested_days = models.IntegerField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "analytics_forecast"
        constraints = [models.UniqueConstraint(name="foreseen_once", fields=["scope", "key", "measure"])]

    def __str__(self) -> str:
        return f"{self.measure} of {self.scope} {self.key}"


class Alert(models.Model):
    """A figure of a body that left its band, until it is back. Numbers only; the band is that of the day it began.

    `weeks`: what the figure was in the weeks before, the oldest first. `value` and `n` are those of `on`.
    `told`: the mail about it has been seen to.
    """

    entity = models.ForeignKey(Entity, models.PROTECT, related_name="+", db_index=False)
    indicator = models.CharField(max_length=20)
    side = models.CharField(max_length=5)
    started_on = models.DateField()
    value_on = models.DateField()
    value = models.FloatField()
    observations = models.IntegerField()
    low = models.FloatField()
    middle = models.FloatField()
    high = models.FloatField()
    baseline_values = ArrayField(models.FloatField())
    ended_on = models.DateField(null=True)
    end_reason = models.CharField(max_length=10, blank=True)
    is_emailed = models.BooleanField(default=False, db_default=False)

    class Meta:
        db_table = "analytics_alert"
        constraints = [
            models.UniqueConstraint(
                name="alert_once", fields=["entity", "indicator"], condition=Q(ended_on__isnull=True)
            ),
            models.CheckConstraint(
                name="alert_side_is_known", condition=Q(side__in=[str(side) for side in BandSide])
            ),
        ]
        indexes = [models.Index("ended_on", name="alert_over")]

    def __str__(self) -> str:
        return f"{self.indicator} of {self.entity_id} {self.side}"


class Mute(models.Model):
    """An official keeps quiet about a figure of a body up to and with a day, with a reason; each is a `Change`.

    Who has more bodies to answer for than the `reach` of whoever did it is told all the same.
    """

    entity = models.ForeignKey(Entity, models.PROTECT, related_name="+", db_index=False)
    indicator = models.CharField(max_length=20)
    until = models.DateField()
    reason = models.CharField(max_length=300)
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+", db_index=False)
    body_count = models.IntegerField()
    at = models.DateTimeField()

    class Meta:
        db_table = "analytics_mute"
        constraints = [models.UniqueConstraint(name="muted_once", fields=["entity", "indicator"])]

    def __str__(self) -> str:
        return f"{self.indicator} of {self.entity_id} until {self.until}"


class PriorityCell(models.Model):
    """What the last 90 days say of a body's topic in a governorate (`rules.gaps.Cell`); made anew each night."""

    entity = models.IntegerField()
    service = models.IntegerField()
    governorate = models.IntegerField()
    received = models.IntegerField()
    urgent = models.IntegerField()
    unsolved = models.IntegerField()
    upheld = models.IntegerField()
    appealed = models.IntegerField()
    recurring = models.IntegerField()
    waiting = models.IntegerField()
    total_age_days = models.IntegerField()
    people = models.IntegerField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "analytics_gap"
        constraints = [
            models.UniqueConstraint(name="weighed_once", fields=["entity", "service", "governorate"])
        ]

    def __str__(self) -> str:
        return f"{self.entity} {self.service} {self.governorate}"


class PlanningDecision(models.Model):
    """What was decided for a body's topic in a governorate, and from which day on it holds: an official's words."""

    entity = models.ForeignKey(Entity, models.PROTECT, related_name="+", db_index=False)
    service = models.ForeignKey(Service, models.PROTECT, related_name="+", db_index=False)
    governorate = models.ForeignKey(Governorate, models.PROTECT, related_name="+", db_index=False)
    effective_on = models.DateField()
    text = models.CharField(max_length=500)
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        db_table = "analytics_decision"
        indexes = [models.Index("effective_on", name="decision_by_day")]

    def __str__(self) -> str:
        return f"{self.entity_id} {self.service_id} {self.governorate_id} {self.effective_on}"


class Instruction(models.Model):
    """What somebody above asks of a body's head about a figure, by a day. Never rewritten: its end is another row.

    `query`: the figures as the dashboard's address says them; `value` and `n`: what the figure was.
    """

    entity = models.ForeignKey(Entity, models.PROTECT, related_name="+")
    indicator = models.CharField(max_length=20)
    query = models.CharField(max_length=400, blank=True)
    value = models.FloatField(null=True)
    observations = models.IntegerField()
    text = models.CharField(max_length=MAX_INSTRUCTION_LENGTH)
    until = models.DateField()
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "analytics_instruction"

    def __str__(self) -> str:
        return f"{self.indicator} of {self.entity_id} until {self.until}"


class InstructionEnd(models.Model):
    """The answer to an instruction, or that its giver took it back: one of both, once."""

    instruction = models.OneToOneField(Instruction, models.PROTECT, primary_key=True, related_name="end")
    outcome = models.CharField(max_length=10)
    text = models.CharField(max_length=MAX_ANSWER_LENGTH, blank=True)
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        db_table = "analytics_instruction_end"
        constraints = [
            models.CheckConstraint(
                name="instruction_end_is_known",
                condition=Q(outcome__in=[str(outcome) for outcome in InstructionOutcome]),
            )
        ]
        indexes = [models.Index("at", name="instruction_end_at")]

    def __str__(self) -> str:
        return f"{self.instruction_id} {self.outcome}"


class WallScreen(models.Model):
    """A wall that stays on without anybody's session: which figures, by whose right, until when.

    `pairing` is the hash of what its address has, which opens it once; `secret` of what the browser keeps that did.
    """

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=400, blank=True)
    pairing_hash = models.BinaryField(unique=True)
    secret_hash = models.BinaryField(unique=True, null=True)
    created_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "analytics_screen"

    def __str__(self) -> str:
        return f"{self.name} until {self.until}"


class CasePageView(models.Model):
    """Somebody opened a case's page. Says of which body, and nothing of whom; folded away within minutes."""

    day = models.DateField()
    entity = models.IntegerField()

    class Meta:
        db_table = "analytics_visit"

    def __str__(self) -> str:
        return f"{self.day} {self.entity}"


class DailyPageViews(models.Model):
    """How often pages of cases of a body were opened on a day."""

    pk = models.CompositePrimaryKey("day", "entity")
    day = models.DateField()
    entity = models.IntegerField()
    count = models.IntegerField()

    class Meta:
        db_table = "analytics_visits"

    def __str__(self) -> str:
        return f"{self.count} on {self.day}"


class AppDownloads(models.Model):
    """How often a store says that the app was taken in a month: read there by hand, with where it says so."""

    month = models.DateField(_("الشهر"), help_text=_("أي يوم منه."))
    store = models.CharField(_("المتجر"), max_length=20, choices=APP_STORES)
    count = models.PositiveIntegerField(_("عدد التنزيلات"))
    source = models.CharField(_("المصدر"), max_length=300, help_text=_("أين قرأت العدد، ومتى."))

    class Meta:
        db_table = "analytics_download"
        ordering = ["-month", "store"]
        verbose_name = _("تنزيلات شهر")
        verbose_name_plural = _("تنزيلات التطبيق")
        constraints = [
            models.UniqueConstraint(name="download_once", fields=["month", "store"]),
            models.CheckConstraint(name="download_of_a_month", condition=Q(month__day=1)),
        ]

    def __str__(self) -> str:
        return f"{self.store} {self.month:%Y-%m}"


class MonthReport(models.Model):
    """What a report says (`queries.reports.Report`), letter by letter. PostgreSQL lets nobody change or delete one.

    `entity`: whose; empty for the Cabinet's. `sha256`: of `content` in UTF-8, and printed on every page of the paper.
    """

    entity = models.ForeignKey(Entity, models.PROTECT, null=True, related_name="+", db_index=False)
    month = models.DateField()
    created_at = models.DateTimeField()
    content = models.TextField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        db_table = "analytics_report"
        constraints = [
            models.UniqueConstraint(
                name="one_report_a_month", fields=["entity", "month"], nulls_distinct=False
            ),
            models.CheckConstraint(name="report_of_a_month", condition=Q(month__day=1)),
        ]

    def __str__(self) -> str:
        return f"{self.entity_id or 'cabinet'} {self.month:%Y-%m}"


class ReportSubscription(models.Model):
    """An officer who wants a report by mail each month, of what ends after `since`; `entity` as above."""

    officer = models.ForeignKey(Officer, models.CASCADE, related_name="+", db_index=False)
    entity = models.ForeignKey(Entity, models.CASCADE, null=True, related_name="+", db_index=False)
    since = models.DateTimeField()

    class Meta:
        db_table = "analytics_subscriber"
        constraints = [
            models.UniqueConstraint(
                name="subscribed_once", fields=["officer", "entity"], nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.officer_id} {self.entity_id or 'cabinet'}"


class ReportEmail(models.Model):
    """The mail about a month's reports has been seen to, whether or not there was anything to send."""

    officer = models.ForeignKey(Officer, models.CASCADE, related_name="+", db_index=False)
    month = models.DateField()
    message = models.ForeignKey(Message, models.CASCADE, null=True, related_name="+")

    class Meta:
        db_table = "analytics_report_mail"
        constraints = [models.UniqueConstraint(name="one_report_mail_a_month", fields=["month", "officer"])]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} of {self.officer_id}"
