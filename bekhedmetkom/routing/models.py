"""How a body distributes its cases to its own units."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.catalogue.models import Service
from bekhedmetkom.entities.models import Entity, Governorate, Unit


class Rule(models.Model):
    """Cases of a body go to one of its units: all, those of a topic, of a governorate, or of both."""

    entity = models.ForeignKey(Entity, models.PROTECT, related_name="routing_rules", verbose_name=_("الجهة"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("الوحدة"))
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("الموضوع")
    )
    governorate = models.ForeignKey(
        Governorate, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("المحافظة")
    )
    priority = models.PositiveSmallIntegerField(_("الأولوية (الأصغر أولًا)"), default=100)

    class Meta:
        ordering = ["entity", "priority", "id"]
        verbose_name = _("قاعدة توزيع")
        verbose_name_plural = _("قواعد التوزيع")
        constraints = [
            models.UniqueConstraint(
                name="routing_rule_once", fields=["entity", "service", "governorate"], nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.entity} ← {self.unit}"
