"""Calls of the national call centre, the cases opened and registered during them, and call-backs."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.cases.models import Case
from bekhedmetkom.entities.choices import is_one_of
from bekhedmetkom.identity.models import Officer

from .rules.call_backs import CallBackOutcome, CallBackReason
from .rules.wrap_up import WrapUp


class Line(models.Model):
    """The phone line of an agent, as the exchange names it."""

    officer = models.OneToOneField(Officer, models.CASCADE, primary_key=True, related_name="+")
    name = models.CharField(max_length=100, unique=True)

    def __str__(self) -> str:
        return self.name


class Call(models.Model):
    """One call. The fields before `officer` are computed from the events in `heard`; the others are the agent's.

    `number` and `heard` are emptied after a week.
    """

    call_id = models.CharField(max_length=100, unique=True)
    heard = models.JSONField(default=list)
    number = models.CharField(max_length=20, blank=True)
    direction = models.CharField(max_length=3)
    lines = ArrayField(models.CharField(max_length=100), default=list)  # the lines that ring or that answered
    queue = models.CharField(max_length=100, blank=True)
    cause = models.CharField(max_length=100, blank=True)
    began_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    officer = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+", db_index=False)
    taken_at = models.DateTimeField(null=True)  # set where the exchange did not report who answered
    draft = models.JSONField(default=dict)  # the case that is being written during the call
    proven_at = models.DateTimeField(null=True)  # when the caller read back a code sent to `number`
    wrapped_at = models.DateTimeField(null=True)
    wrap = models.CharField(max_length=20, blank=True)

    class Meta:
        verbose_name = _("مكالمة")
        verbose_name_plural = _("مكالمات")
        constraints = [
            models.CheckConstraint(
                name="call_wrap_is_known", condition=models.Q(wrap="") | is_one_of("wrap", WrapUp)
            )
        ]
        indexes = [
            models.Index("began_at", name="call_began"),
            models.Index("officer", name="call_in_hand", condition=models.Q(wrapped_at=None)),
        ]

    def __str__(self) -> str:
        return self.call_id


class Opened(models.Model):
    """A case that the caller proved to be theirs during a call, and how."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="opened")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+", db_index=False)
    how = models.CharField(max_length=10)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("call", "case", name="call_opened_once"),
            models.CheckConstraint(
                name="call_opened_how_is_known", condition=models.Q(how__in=("code", "number"))
            ),
        ]


class Taken(models.Model):
    """A case that an agent registered during a call. `by_call`: the answer is to be read out by phone."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="+")
    call = models.ForeignKey(Call, models.PROTECT, related_name="taken")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+", db_index=False)
    by_call = models.BooleanField(default=False)


class CallBack(models.Model):
    """A person to call. `seq`: the case event that it follows from. Held by one agent at a time."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    seq = models.IntegerField()
    why = models.CharField(max_length=10)
    since = models.DateTimeField()
    not_before = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    officer = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+", db_index=False)
    held_at = models.DateTimeField(null=True)
    proven_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, blank=True)

    class Meta:
        verbose_name = _("اتصال لاحق")
        verbose_name_plural = _("اتصالات لاحقة")
        constraints = [
            models.UniqueConstraint("case", "seq", "why", name="call_back_once"),
            models.CheckConstraint(name="call_back_why_is_known", condition=is_one_of("why", CallBackReason)),
            models.CheckConstraint(
                name="call_back_outcome_is_known",
                condition=models.Q(outcome="") | is_one_of("outcome", CallBackOutcome),
            ),
        ]
        indexes = [
            models.Index("not_before", name="call_back_due", condition=models.Q(done_at=None)),
            models.Index("officer", name="call_back_held", condition=models.Q(done_at=None)),
        ]
