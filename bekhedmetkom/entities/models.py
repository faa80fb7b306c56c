"""Models of the directory: governorates, sectors, bodies, units, working calendar, change log."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.kernel.text import BilingualText

from .choices import is_one_of, list_entity_kinds
from .rules import ORIGINS_PATTERN, EntityKind


class Bilingual(models.Model):
    """Abstract model with a name in both languages; `str()` is the Arabic name."""

    name_ar = models.CharField(_("الاسم بالعربية"), max_length=200)
    name_en = models.CharField(_("الاسم بالإنجليزية"), max_length=200)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name_ar

    @property
    def name(self) -> BilingualText:
        return BilingualText(self.name_ar, self.name_en)

    def get_name(self, language: str) -> str:
        return self.name_en if language.startswith("en") else self.name_ar


class Governorate(Bilingual):
    code = models.CharField(_("الرمز"), max_length=10, unique=True)
    iso_3166_2 = models.CharField("ISO 3166-2", max_length=6, unique=True)
    region_ar = models.CharField(_("الإقليم"), max_length=40)

    class Meta:
        ordering = ["id"]
        verbose_name = _("محافظة")
        verbose_name_plural = _("المحافظات")


class Sector(Bilingual):
    """A minister's area of responsibility. `ministry` leads it; null only during the first import."""

    code = models.CharField(_("الرمز"), max_length=20, unique=True)
    ministry = models.OneToOneField(
        "entities.Entity", models.PROTECT, null=True, related_name="leads", verbose_name=_("الوزارة")
    )

    class Meta:
        ordering = ["id"]
        verbose_name = _("قطاع")
        verbose_name_plural = _("القطاعات")


class Entity(Bilingual):
    """A public body. `ancestors` holds the ids from the root to itself, so that a subtree is one condition."""

    code = models.CharField(_("الرمز"), max_length=20, unique=True)
    kind = models.CharField(_("النوع"), max_length=20, choices=list_entity_kinds)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("تتبع إلى")
    )
    sector = models.ForeignKey(Sector, models.PROTECT, related_name="entities", verbose_name=_("القطاع"))
    ancestors = ArrayField(models.BigIntegerField(), default=list, editable=False)
    governorates = models.ManyToManyField(
        Governorate, blank=True, related_name="entities", verbose_name=_("المحافظات التي تخدمها")
    )
    email = models.EmailField(_("البريد الإلكتروني"), blank=True)
    phone = models.CharField(_("الهاتف"), max_length=20, blank=True)
    embed_origins = models.CharField(
        _("مواقع تعرض نموذجنا"),
        max_length=500,
        blank=True,
        db_default="",
        validators=[RegexValidator(ORIGINS_PATTERN, _("اكتب عناوين مثل https://www.amman.jo وبينها فراغ"))],
        help_text=_("مواقع الجهة التي يجوز أن يظهر نموذج الطلب في صفحاتها، وبين العناوين فراغ"),
    )
    closed_on = models.DateField(_("أُغلقت في"), null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name=_("حلّت محلها"),
    )
    decision = models.CharField(_("القرار الذي أُغلقت به"), max_length=300, blank=True, db_default="")

    class Meta:
        ordering = ["id"]
        verbose_name = _("جهة")
        verbose_name_plural = _("الجهات")
        constraints = [
            models.CheckConstraint(name="entity_kind_is_known", condition=is_one_of("kind", EntityKind)),
            models.CheckConstraint(
                name="entity_is_not_its_own_parent", condition=Q(parent=None) | ~Q(parent=F("id"))
            ),
            models.CheckConstraint(
                name="entity_is_not_its_own_successor", condition=Q(successor=None) | ~Q(successor=F("id"))
            ),
        ]

    def is_open(self, on: date) -> bool:
        return self.closed_on is None or on < self.closed_on


class EntityName(Bilingual):
    """A name of a body since a date; `since` of the first name is null. Bodies with one name have no row."""

    entity = models.ForeignKey(Entity, models.PROTECT, related_name="names", verbose_name=_("الجهة"))
    since = models.DateField(_("من"), null=True)
    decision = models.CharField(_("القرار الذي استند إليه"), max_length=300, blank=True)

    class Meta:
        ordering = ["entity", "since"]
        verbose_name = _("اسم جهة")
        verbose_name_plural = _("أسماء الجهات")
        constraints = [
            models.UniqueConstraint(name="one_name_a_day", fields=["entity", "since"], nulls_distinct=False)
        ]


class Unit(Bilingual):
    """A department of a body."""

    entity = models.ForeignKey(Entity, models.PROTECT, related_name="units", verbose_name=_("الجهة"))
    code = models.CharField(_("الرمز"), max_length=40)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("تتبع إلى")
    )
    closed_on = models.DateField(_("أُغلقت في"), null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="predecessors",
        verbose_name=_("حلّت محلها"),
    )

    class Meta:
        ordering = ["entity", "id"]
        verbose_name = _("وحدة")
        verbose_name_plural = _("الوحدات")
        constraints = [
            models.UniqueConstraint(name="unit_code_in_entity", fields=["entity", "code"]),
            models.CheckConstraint(
                name="unit_is_not_its_own_parent", condition=Q(parent=None) | ~Q(parent=F("id"))
            ),
        ]


class WorkingHours(models.Model):
    """Opening hours of Sunday to Thursday. A period with an end (Ramadan) has precedence."""

    label_ar = models.CharField(_("الاسم بالعربية"), max_length=100)
    label_en = models.CharField(_("الاسم بالإنجليزية"), max_length=100)
    valid_from = models.DateField(_("بداية السريان"), unique=True)
    valid_until = models.DateField(_("نهاية السريان"), null=True, blank=True)
    opens = models.TimeField(_("بداية الدوام"))
    closes = models.TimeField(_("نهاية الدوام"))
    decision = models.CharField(_("القرار الذي استند إليه"), max_length=300)

    class Meta:
        ordering = ["valid_from"]
        verbose_name = _("ساعات الدوام")
        verbose_name_plural = _("ساعات الدوام")
        constraints = [
            models.CheckConstraint(
                name="working_hours_open_before_close", condition=Q(opens__lt=F("closes"))
            ),
            models.CheckConstraint(
                name="working_hours_begin_before_end",
                condition=Q(valid_until=None) | Q(valid_from__lte=F("valid_until")),
            ),
        ]

    def __str__(self) -> str:
        return self.label_ar


class Holiday(Bilingual):
    """A day on which offices are closed. `expected`: depends on the moon and is not confirmed yet."""

    date = models.DateField(_("التاريخ"), unique=True)
    expected = models.BooleanField(_("متوقعة، لم تُؤكد بعد"), default=False)
    decision = models.CharField(_("القرار الذي استند إليه"), max_length=300)
    withdrawn_on = models.DateField(_("سُحبت في"), null=True, blank=True)

    class Meta:
        ordering = ["date"]
        verbose_name = _("عطلة رسمية")
        verbose_name_plural = _("العطل الرسمية")


class ChangeRecord(models.Model):
    """Change log of administrators: append-only, written in the transaction of the change."""

    at = models.DateTimeField(_("الوقت"))
    actor = models.CharField(_("من قام به"), max_length=100)
    model = models.CharField(_("السجل"), max_length=100)
    key = models.CharField(_("المفتاح"), max_length=100)
    before = models.JSONField(_("القيمة قبل التغيير"), null=True)
    after = models.JSONField(_("القيمة بعد التغيير"), null=True)

    class Meta:
        db_table = "change_record"
        ordering = ["-id"]
        verbose_name = _("تغيير")
        verbose_name_plural = _("التغييرات")
        indexes = [models.Index(name="change_of_one_row", fields=["model", "key", "-id"])]
        constraints = [
            models.CheckConstraint(
                name="change_says_something", condition=Q(before__isnull=False) | Q(after__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.key}"


class Version(models.Model):
    """Version number of a part of the directory; triggers increase it at any change, caches compare it."""

    part = models.CharField(max_length=20, primary_key=True)
    number = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.part} {self.number}"
