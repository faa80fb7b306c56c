"""Webhook subscriptions and deliveries; connections to bodies' Open311 systems and cases forwarded there."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.cases.models import Case, Event
from bekhedmetkom.catalogue.models import Service
from bekhedmetkom.entities.choices import build_choices, is_one_of
from bekhedmetkom.entities.models import Entity
from bekhedmetkom.identity.models import ApiClient
from bekhedmetkom.kernel.text import BilingualText

from .rules.forwarding import (
    DETAIL_LEVEL_LABELS,
    FORWARDING_STEP_LABELS,
    PARKED_REASON_LABELS,
    DataFormat,
    DetailLevel,
    ForwardingStep,
    ParkedReason,
)
from .rules.webhook_protocol import SubscriptionScope


class Subscription(models.Model):
    """A client's address that receives events.

    While it does not answer, delivery pauses until `awake_at`, longer each time (`failures`); nothing is lost.
    Secrets are encrypted (config.key_derivation); the old one signs too until `old_until`.
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
            models.CheckConstraint(
                name="webhook_whose_is_known", condition=is_one_of("whose", SubscriptionScope)
            )
        ]

    def __str__(self) -> str:
        return self.url


class Brought(models.Model):
    """Which client submitted a case, so that it receives the case's events."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="+")
    client = models.ForeignKey(ApiClient, models.PROTECT, related_name="+", db_index=False)


class Delivery(models.Model):
    """One event for one subscription: delivered at least once, in order unless a delivery fails."""

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


def list_detail_levels() -> list[tuple[str, str]]:
    return build_choices(DETAIL_LEVEL_LABELS)


def list_steps() -> list[tuple[str, str]]:
    return build_choices(FORWARDING_STEP_LABELS)


def list_parked_reasons() -> list[tuple[str, str]]:
    return build_choices(PARKED_REASON_LABELS)


def list_formats() -> list[tuple[str, str]]:
    return [(str(form), form.upper()) for form in DataFormat]


class Connection(models.Model):
    """A body's system that speaks GeoReport v2: its address, and what is sent to it. Administrators change it.

    While it does not answer, exchange pauses until `awake_at`, longer each time. Its key is encrypted.
    """

    entity = models.ForeignKey(Entity, models.PROTECT, related_name="+", verbose_name=_("الجهة"))
    url = models.CharField(
        _("عنوان النظام"),
        max_length=500,
        help_text=_("كما في discovery، مثل https://311.example.jo/open311/v2"),
    )
    jurisdiction = models.CharField("jurisdiction_id", max_length=100, blank=True)
    form = models.CharField(_("الصيغة"), max_length=4, choices=list_formats, default=str(DataFormat.JSON))
    kinds = ArrayField(models.CharField(max_length=12), verbose_name=_("أنواع الطلبات"))
    tells = models.CharField(
        _("ماذا يُرسل إليه"), max_length=10, choices=list_detail_levels, default=str(DetailLevel.TOPIC),
        help_text=_("كثير من هذه الأنظمة يعرض طلباته لكل الناس. لا ترسل إليه أكثر مما تحتاج الجهة."),
    )  # fmt: skip
    ended_at = models.DateTimeField(_("أُوقف في"), null=True, blank=True)
    created_at = models.DateTimeField(_("وُصل في"), editable=False)
    key = models.BinaryField(null=True, editable=False)
    key_since = models.DateTimeField(_("مفتاحه منذ"), null=True, blank=True)
    awake_at = models.DateTimeField(editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False)
    last_status = models.SmallIntegerField(null=True, editable=False)  # of its last answer; 0: there was none
    # It showed at once what it was sent last: then what it does not show did not come.
    shows = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("نظام جهة")
        verbose_name_plural = _("أنظمة الجهات")
        constraints = [
            models.UniqueConstraint("entity", name="connection_of_body", condition=models.Q(ended_at=None)),
            models.CheckConstraint(name="connection_form_is_known", condition=is_one_of("form", DataFormat)),
            models.CheckConstraint(
                name="connection_tells_is_known", condition=is_one_of("tells", DetailLevel)
            ),
        ]

    def __str__(self) -> str:
        return self.url

    @property
    def name(self) -> BilingualText:
        return self.entity.name


class Match(models.Model):
    """The code and fixed attributes of one of our topics in a body's system."""

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="matches", db_index=False)
    service = models.ForeignKey(Service, models.PROTECT, related_name="+", verbose_name=_("الموضوع"))
    code = models.CharField(_("رمزه هناك"), max_length=100)
    attributes = models.JSONField(_("سمات تُرسل معه"), default=dict)

    class Meta:
        verbose_name = _("موضوع في نظام جهة")
        constraints = [models.UniqueConstraint("connection", "service", name="match_of_topic")]

    def __str__(self) -> str:
        return self.code


class Forwarding(models.Model):
    """One case on its way to a body's system and back. It stores no text of the case."""

    connection = models.ForeignKey(
        Connection, models.PROTECT, related_name="forwardings", db_index=False, verbose_name=_("نظام جهة")
    )
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    step = models.CharField(
        _("الحالة"), max_length=10, choices=list_steps, default=str(ForwardingStep.PENDING)
    )
    next_at = models.DateTimeField(_("ليس قبل"))
    created_at = models.DateTimeField()
    tries = models.PositiveIntegerField(_("المحاولات"), default=0)  # of this step
    sent_at = models.DateTimeField(_("أُرسلت في"), null=True)
    told = models.CharField(max_length=10, default="")
    token = models.CharField(max_length=500, default="")
    far_id = models.CharField(_("رقمه هناك"), max_length=100, default="")
    heard = models.CharField(max_length=64, default="")  # a hash of what the system said last
    parked_at = models.DateTimeField(null=True)
    why = models.CharField(_("السبب"), max_length=10, choices=list_parked_reasons, default="")
    last_status = models.SmallIntegerField(null=True)
    said = models.CharField(
        _("ما قاله النظام"), max_length=200, default=""
    )  # why it refuses, where that names nobody

    class Meta:
        verbose_name = _("طلب أُرسل إلى نظام جهة")
        verbose_name_plural = _("طلبات أُرسلت إلى أنظمة الجهات")
        constraints = [
            models.UniqueConstraint("connection", "case", name="forwarded_once"),
            models.CheckConstraint(
                name="forwarding_step_is_known", condition=is_one_of("step", ForwardingStep)
            ),
            models.CheckConstraint(
                name="forwarding_why_is_known", condition=is_one_of("why", ParkedReason) | models.Q(why="")
            ),
        ]
        indexes = [
            models.Index(
                "connection", "next_at", name="forwarding_due",
                condition=models.Q(parked_at=None) & ~models.Q(step=str(ForwardingStep.ENDED)),
            ),
            models.Index("parked_at", name="forwarding_parked", condition=models.Q(parked_at__isnull=False)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.connection_id} {self.far_id}"
