"""Who is told of which cases by web, and what is on its way to them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.cases.models import Case, Event
from bekhedmetkom.entities.choices import one_of
from bekhedmetkom.identity.models import ApiClient

from .rules.telling import Whose


class Subscription(models.Model):
    """An address of a program that is told what happens.

    While it does not answer it sleeps until `awake_at`, longer each time (`failures`), and nothing is lost meanwhile.
    Secrets are sealed (config.keys); the old one signs too until `old_until`.
    """

    client = models.ForeignKey(
        ApiClient, models.PROTECT, related_name="subscriptions", verbose_name=_("النظام")
    )
    url = models.CharField(_("العنوان"), max_length=500)
    whose = models.CharField(max_length=10)
    events = ArrayField(models.CharField(max_length=40))
    secret = models.BinaryField()
    old_secret = models.BinaryField(null=True)
    old_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(_("بدأ في"))
    ended_at = models.DateTimeField(_("انتهى في"), null=True)
    awake_at = models.DateTimeField()
    failures = models.PositiveIntegerField(default=0)
    last_status = models.SmallIntegerField(null=True)  # of its last answer; 0: there was none

    class Meta:
        verbose_name = _("اشتراك نظام")
        verbose_name_plural = _("اشتراكات الأنظمة")
        constraints = [
            models.CheckConstraint(name="webhook_whose_is_known", condition=one_of("whose", Whose))
        ]

    def __str__(self) -> str:
        return self.url


class Brought(models.Model):
    """Which program brought a case, so that it can be told what becomes of it."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="+")
    client = models.ForeignKey(ApiClient, models.PROTECT, related_name="+", db_index=False)


class Delivery(models.Model):
    """One event on its way to one address, at least once, in order where nothing goes wrong."""

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="deliveries", db_index=False)
    event = models.ForeignKey(Event, models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    body = models.TextField()
    not_before = models.DateTimeField()
    created_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    taken_at = models.DateTimeField(null=True)
    parked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("إشعار نظام")
        verbose_name_plural = _("إشعارات الأنظمة")
        constraints = [models.UniqueConstraint("subscription", "event", name="webhook_once")]
        indexes = [
            models.Index(
                "subscription", "not_before", "id", name="webhook_due",
                condition=models.Q(taken_at=None, parked_at=None),
            ),
            models.Index("parked_at", name="webhook_parked", condition=models.Q(parked_at__isnull=False)),
            models.Index("taken_at", name="webhook_taken", condition=models.Q(taken_at__isnull=False)),
        ]  # fmt: skip
