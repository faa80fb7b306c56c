"""Problems as tables: what is said of each, its history, the cases that may be of it, and what cases are alike by."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.cases.models import Case
from bekhedmetkom.entities.choices import is_one_of
from bekhedmetkom.entities.models import Entity, Governorate, Unit
from bekhedmetkom.identity.models import Officer
from bekhedmetkom.kernel.text import BilingualText

from .rules.statuses import ProblemAction, ProblemStatus


class Problem(models.Model):
    """One cause of many cases. Who they are is the cases' own column `problem_id`; `reported` counts their people."""

    status = models.CharField(max_length=10, default=str(ProblemStatus.FOUND))
    name_ar = models.CharField(max_length=120, blank=True)
    name_en = models.CharField(max_length=120, blank=True)
    note_ar = models.CharField(max_length=600, blank=True)
    note_en = models.CharField(max_length=600, blank=True)
    entity = models.ForeignKey(Entity, models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    officer = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+", db_index=False)
    governorate = models.ForeignKey(Governorate, models.PROTECT, null=True, related_name="+", db_index=False)
    found_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # dismissed or fixed
    fix_on = models.DateField(null=True)
    people_count = models.IntegerField(default=0)
    version = models.IntegerField(default=0)  # what a form saw: another number, and somebody was first

    # Why the platform thinks so; empty where people said it first.
    mean_vector = models.BinaryField(default=b"")  # what its cases have in common (rules.signs)
    found_cases = models.IntegerField(default=0)  # so many cases in so many hours …
    found_hours = models.IntegerField(default=0)
    expected_cases = models.FloatField(default=0)  # … where so many are usual

    class Meta:
        verbose_name = _("مشكلة مشتركة")
        verbose_name_plural = _("المشكلات المشتركة")
        constraints = [
            models.CheckConstraint(
                name="problem_status_is_known", condition=is_one_of("status", ProblemStatus)
            ),
            models.CheckConstraint(
                name="problem_is_said_before_it_is_shown",
                condition=Q(status__in=[str(ProblemStatus.FOUND), str(ProblemStatus.DISMISSED)])
                | (~Q(name_ar="") & ~Q(name_en="") & Q(fix_on__isnull=False, confirmed_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index("status", models.F("found_at").desc(), name="problem_by_status"),
            models.Index("entity", "status", name="problem_of_body"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def name(self) -> BilingualText:
        return BilingualText(self.name_ar, self.name_en)

    @property
    def note(self) -> BilingualText:
        return BilingualText(self.note_ar, self.note_en or self.note_ar)


class ProblemStep(models.Model):
    """What was done about a problem, by whom and why. Appended; PostgreSQL lets nobody change or delete one."""

    problem = models.ForeignKey(Problem, models.PROTECT, related_name="steps")
    action = models.CharField(max_length=10)
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    previous_fix_on = models.DateField(null=True)  # the fix date before, and from now on
    fix_on = models.DateField(null=True)
    reason_ar = models.CharField(max_length=600, blank=True)
    reason_en = models.CharField(max_length=600, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="step_is_known", condition=is_one_of("action", ProblemAction))
        ]

    def __str__(self) -> str:
        return f"{self.problem_id} {self.action}"

    @property
    def reason(self) -> BilingualText:
        return BilingualText(self.reason_ar, self.reason_en or self.reason_ar)


class SimilarCase(models.Model):
    """A case that says what a problem's cases say. `refused`: somebody has looked, and it is not one of them."""

    problem = models.ForeignKey(Problem, models.CASCADE, related_name="similar_cases")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    received_at = models.DateTimeField()  # when the case came
    similarity = models.SmallIntegerField()  # in hundredths
    is_rejected = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint("problem", "case", name="alike_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.problem_id}"


class CaseVector(models.Model):
    """What a case is alike by, where and when: kept 31 days, gone at once with the case's words. The worker's alone."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="+")
    received_at = models.DateTimeField()
    entity_id = models.BigIntegerField()
    governorate_id = models.BigIntegerField(null=True)
    vector = models.BinaryField()
    is_checked = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index("received_at", name="trace_at"),
            models.Index("entity_id", "received_at", name="trace_of_body"),
            models.Index("governorate_id", "received_at", name="trace_of_place"),
            models.Index("received_at", name="trace_unlooked", condition=Q(is_checked=False)),
        ]

    def __str__(self) -> str:
        return str(self.case_id)
