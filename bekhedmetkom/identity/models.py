"""Models of officers, memberships, leave, credentials and rate-limit counters."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Coalesce, Lower
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.kernel.text import BilingualText

from . import rules

# Nationwide roles; every other role is held at a body.
NATIONWIDE_ROLES = (rules.Role.PM_UNIT, rules.Role.AGENT, rules.Role.ADMINISTRATOR)


def list_roles() -> list[tuple[str, str]]:
    """Return the roles as choices in the active language."""
    return [
        (role.value, label.in_language(get_language() or "ar")) for role, label in rules.ROLE_LABELS.items()
    ]


class OfficerManager(BaseUserManager["Officer"]):
    def get_by_natural_key(self, username: str | None) -> Officer:
        """Look up by lower-case address, as stored."""
        return self.get(email=(username or "").strip().lower())


class Officer(AbstractBaseUser, PermissionsMixin):
    """An account of staff. Permissions come from memberships alone; nobody is a superuser.

    The columns for groups and permissions exist because Wagtail requires them; they stay empty.
    """

    email = models.EmailField(_("البريد الإلكتروني"), unique=True)
    name_ar = models.CharField(_("الاسم"), max_length=200)
    name_en = models.CharField(_("الاسم بالإنجليزية"), max_length=200, blank=True)
    language = models.CharField(
        _("اللغة"), max_length=2, choices=[("ar", "العربية"), ("en", "English")], default="ar"
    )
    is_active = models.BooleanField(_("حسابه فعّال"), default=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name_ar"]

    objects: ClassVar[OfficerManager] = OfficerManager()

    # Set by queries.get_active_officer for the officer of a session.
    active_memberships: list[dict[str, Any]] | None = None
    is_administrator: bool
    has_second_factor: bool

    class Meta:
        verbose_name = _("موظف")
        verbose_name_plural = _("الموظفون")
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="officer_email_in_small_letters"),
            models.CheckConstraint(condition=Q(is_superuser=False), name="officer_is_never_superuser"),
            models.CheckConstraint(condition=Q(language__in=["ar", "en"]), name="officer_language_known"),
        ]

    def __str__(self) -> str:
        return self.name_ar

    @property
    def name(self) -> BilingualText:
        return BilingualText(self.name_ar, self.name_en or self.name_ar)

    @property
    def is_staff(self) -> bool:
        """False: Django's administration site is not used."""
        return False

    def get_full_name(self) -> str:
        return self.name_ar

    def get_short_name(self) -> str:
        return self.name_ar


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active_on(self, day: date) -> Self:
        """Return memberships valid on that day, of active officers."""
        until = Q(valid_until__isnull=True) | Q(valid_until__gt=day)
        return self.filter(until, valid_from__lte=day, officer__is_active=True)


class Membership(models.Model):
    """An officer's role at a body, optionally at one of its units. `valid_until` is exclusive."""

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="memberships", verbose_name=_("الموظف"))
    role = models.CharField(_("الدور"), max_length=20, choices=list_roles)
    entity = models.ForeignKey(
        "entities.Entity", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("الجهة")
    )
    unit = models.ForeignKey(
        "entities.Unit", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("الوحدة")
    )
    valid_from = models.DateField(_("من"))
    valid_until = models.DateField(_("حتى"), null=True, blank=True, help_text=_("أول يوم بلا هذا الدور"))

    objects: ClassVar[models.Manager[Membership]] = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("دور موظف")
        verbose_name_plural = _("أدوار الموظفين")
        indexes = [models.Index(fields=["role", "entity"], name="membership_by_role")]
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in rules.Role]), name="membership_role_known"
            ),
            models.CheckConstraint(
                condition=Q(entity__isnull=False) | Q(role__in=[role.value for role in NATIONWIDE_ROLES]),
                name="membership_names_its_entity",
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=False) | ~Q(role=rules.Role.SUB_OFFICER.value),
                name="membership_names_its_unit",
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=True) | Q(entity__isnull=False), name="membership_unit_has_entity"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="membership_ends_after_start",
            ),
            ExclusionConstraint(
                name="membership_held_once",
                expressions=[
                    ("officer", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (Coalesce("entity", 0), RangeOperators.EQUAL),
                    (Coalesce("unit", 0), RangeOperators.EQUAL),
                    (
                        Func(
                            "valid_from",
                            "valid_until",
                            RangeBoundary(),
                            function="DATERANGE",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.officer} · {rules.ROLE_LABELS[rules.Role(self.role)].ar}"


class Leave(models.Model):
    """An officer's leave; `until` is the day of return. `deputy` acts meanwhile, if any."""

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="leaves", verbose_name=_("الموظف"))
    deputy = models.ForeignKey(
        Officer, models.PROTECT, null=True, related_name="+", verbose_name=_("ينوب عنه")
    )
    since = models.DateField(_("من"))
    until = models.DateField(_("يوم العودة"))

    class Meta:
        verbose_name = _("إجازة")
        verbose_name_plural = _("الإجازات")
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="leave_ends_after_start"),
            models.CheckConstraint(
                condition=Q(deputy=None) | ~Q(deputy=F("officer")), name="leave_deputy_is_somebody_else"
            ),
            ExclusionConstraint(
                name="leave_taken_once",
                expressions=[
                    ("officer", RangeOperators.EQUAL),
                    (
                        Func(
                            "since",
                            "until",
                            RangeBoundary(),
                            function="DATERANGE",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.officer} · {self.since} – {self.until}"


class Secret(models.Model):
    """Abstract credential: found by its public prefix, verified by the hash of the rest."""

    prefix = models.CharField(max_length=16, unique=True, editable=False)
    hash = models.BinaryField(max_length=32, editable=False)
    created_at = models.DateTimeField(_("صدر في"))

    class Meta:
        abstract = True


class Invitation(Secret):
    """A one-time link with which an officer chooses a password."""

    officer = models.ForeignKey(Officer, models.CASCADE, related_name="invitations")
    expires_at = models.DateTimeField(_("صالحة حتى"))
    accepted_at = models.DateTimeField(_("قُبلت في"), null=True)

    class Meta:
        verbose_name = _("دعوة موظف")
        verbose_name_plural = _("دعوات الموظفين")

    def is_usable(self, at: datetime) -> bool:
        return self.accepted_at is None and at < self.expires_at


class LostDevice(models.Model):
    """Report of a lost device: one administrator locks the officer out, another restores access."""

    officer = models.OneToOneField(Officer, models.CASCADE, primary_key=True, related_name="lost")
    asked_by = models.CharField(max_length=40)  # an actor
    asked_at = models.DateTimeField()

    class Meta:
        verbose_name = _("جهاز ضائع")
        verbose_name_plural = _("أجهزة ضائعة")

    def __str__(self) -> str:
        return str(self.officer)


class OfficerToken(Secret):
    """A token with which a program acts as an officer, within its scopes."""

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="tokens", verbose_name=_("الموظف"))
    scopes = ArrayField(models.CharField(max_length=40), verbose_name=_("النطاقات"))
    revoked_at = models.DateTimeField(_("أُلغي في"), null=True)

    class Meta:
        verbose_name = _("رمز برنامج لموظف")
        verbose_name_plural = _("رموز برامج الموظفين")


class ApiClient(models.Model):
    """A client of the public API, of a body or a company.

    `entity`: the body that owns it, if any. `per_hour`: its hourly quota.
    """

    name = models.CharField(_("الاسم"), max_length=100, unique=True)
    entity = models.ForeignKey(
        "entities.Entity", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("الجهة")
    )
    scopes = ArrayField(models.CharField(max_length=40), verbose_name=_("النطاقات"))
    per_hour = models.PositiveIntegerField(_("الحد في الساعة"), default=rules.DEFAULT_HOURLY_QUOTA)
    created_at = models.DateTimeField(_("صدر في"))
    revoked_at = models.DateTimeField(_("أُلغي في"), null=True)

    class Meta:
        verbose_name = _("نظام متصل")
        verbose_name_plural = _("الأنظمة المتصلة")

    def __str__(self) -> str:
        return self.name


class ClientKey(Secret):
    """A key of an API client. During rotation the old and the new key are both valid."""

    client = models.ForeignKey(ApiClient, models.CASCADE, related_name="keys")
    ends_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("مفتاح نظام")
        verbose_name_plural = _("مفاتيح الأنظمة")


class SignInPace(models.Model):
    """Throttle counter under a hashed key; the table is UNLOGGED."""

    key = models.BinaryField(max_length=32, primary_key=True)
    failures = models.PositiveIntegerField()
    next_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["next_at"], name="sign_in_pace_by_time")]


class AddressUse(models.Model):
    """Rate-limit counter of an address under a hashed key (`rate_limit`); the table is UNLOGGED."""

    key = models.BinaryField(max_length=32, primary_key=True)
    level = models.FloatField()
    at = models.DateTimeField()


class OneTimeCode(models.Model):
    """A one-time code that was sent (`commands.one_time_codes`), under keyed hashes of address and code."""

    key = models.BinaryField(max_length=32, primary_key=True)
    hash = models.BinaryField(max_length=32)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="one_time_code_by_time")]


class ForgottenCode(models.Model):
    """Encrypted request to recover an access code (`commands.access_code_recovery`); deleted when processed."""

    sealed = models.BinaryField()
    asked_at = models.DateTimeField()
