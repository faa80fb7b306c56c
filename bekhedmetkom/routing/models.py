"""A body's own settings: distribution rules, officers' skills, approval rules."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.catalogue.choices import list_kinds
from bekhedmetkom.catalogue.models import Service
from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.entities.choices import is_one_of
from bekhedmetkom.entities.models import Entity, Governorate, Unit
from bekhedmetkom.identity.models import Officer

from .rules import AssignmentMethod


class Rule(models.Model):
    """A distribution rule: cases of a topic, a governorate, both or neither go to a unit.

    An ended rule stays, because events refer to it.
    """

    entity = models.ForeignKey(Entity, models.PROTECT, related_name="routing_rules", verbose_name=_("الجهة"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("الوحدة"))
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("الموضوع")
    )
    governorate = models.ForeignKey(
        Governorate, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("المحافظة")
    )
    priority = models.PositiveSmallIntegerField(_("الأولوية (الأصغر أولًا)"), default=100)
    give = models.CharField(
        _("لمن في الوحدة"),
        max_length=12,
        default=str(AssignmentMethod.UNIT),
        db_default=str(AssignmentMethod.UNIT),
    )
    automatic = models.BooleanField(_("تلقائيًا"), default=False, db_default=False)
    ended_on = models.DateField(_("انتهت في"), null=True, blank=True)

    class Meta:
        ordering = ["entity", "priority", "id"]
        verbose_name = _("قاعدة توزيع")
        verbose_name_plural = _("قواعد التوزيع")
        constraints = [
            models.UniqueConstraint(
                name="routing_rule_once", fields=["entity", "service", "governorate"], nulls_distinct=False,
                condition=Q(ended_on=None),
            ),
            models.CheckConstraint(name="routing_rule_gives", condition=is_one_of("give", AssignmentMethod)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.entity} ← {self.unit}"


class Skill(models.Model):
    """An officer's knowledge of a topic, for rules that assign by skill."""

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+", verbose_name=_("الموظف"))
    service = models.ForeignKey(Service, models.PROTECT, related_name="+", verbose_name=_("الموضوع"))

    class Meta:
        verbose_name = _("معرفة موظف بموضوع")
        verbose_name_plural = _("معرفة الموظفين بالموضوعات")
        constraints = [models.UniqueConstraint(name="skill_once", fields=["officer", "service"])]

    def __str__(self) -> str:
        return f"{self.officer} · {self.service}"


class ApprovalRule(models.Model):
    """Which replies of a body need approval (`cases.rules.approval`). An ended rule stays."""

    entity = models.ForeignKey(Entity, models.PROTECT, related_name="approval_rules", verbose_name=_("الجهة"))
    kind = models.CharField(_("نوع الطلب"), max_length=12, choices=list_kinds, blank=True)
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("الموضوع")
    )
    officer = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("الموظف")
    )
    new_for = models.PositiveSmallIntegerField(
        _("للموظف الجديد، في أول أيامه"), default=0, help_text=_("بالأيام. صفر: للجدد وغيرهم.")
    )
    ended_on = models.DateField(_("انتهت في"), null=True, blank=True)

    class Meta:
        ordering = ["entity", "id"]
        verbose_name = _("قاعدة اعتماد")
        verbose_name_plural = _("قواعد الاعتماد")
        constraints = [
            models.UniqueConstraint(
                name="approval_rule_once", fields=["entity", "kind", "service", "officer", "new_for"],
                condition=Q(ended_on=None), nulls_distinct=False,
            ),
            models.CheckConstraint(name="approval_rule_kind_is_known", condition=Q(kind="") | is_one_of("kind", Kind)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.entity} · {self.pk}"
