"""Models of the catalogue: topics, deadline policies, reply templates."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.entities.choices import is_one_of
from bekhedmetkom.entities.models import Bilingual, Entity

from .choices import list_complexities, list_dispositions, list_handlings, list_kinds
from .rules import Complexity, Disposition, Handling, Kind, PolicyTerms


class Service(Bilingual):
    """A topic in an entity's catalogue. Its code never changes and is never reused.

    `receiver` gets the cases instead of the entity where the handling requires it, so that the subject of a complaint
    does not read it.
    """

    entity = models.ForeignKey(Entity, models.PROTECT, related_name="services", verbose_name=_("الجهة"))
    code = models.CharField(_("الرمز"), max_length=30, unique=True)
    typical_kind = models.CharField(_("النوع المعتاد"), max_length=12, choices=list_kinds)
    complexity = models.CharField(
        _("التعقيد"), max_length=10, choices=list_complexities, default=str(Complexity.SIMPLE)
    )
    handling = models.CharField(
        _("طريقة المعالجة"), max_length=20, choices=list_handlings, default=str(Handling.OPEN)
    )
    receiver = models.ForeignKey(
        Entity, models.PROTECT, null=True, blank=True, related_name="receives", verbose_name=_("تستقبله")
    )
    # Empty for nearly every topic: kind and complexity determine the policy.
    policy_code = models.CharField(_("قاعدة المدة الخاصة"), max_length=40, blank=True)
    needs_identity = models.BooleanField(_("يحتاج هوية مقدم الطلب"), default=False)
    about_place = models.BooleanField(_("يتعلق بمكان"), default=False)
    urgent = models.BooleanField(_("عاجل (سلامة أو حياة)"), default=False)
    # Its cases may be published, with the citizen's consent and an officer's release.
    public = models.BooleanField(_("يجوز عرض طلباته للعموم"), default=False, db_default=False)
    closed_on = models.DateField(_("أُغلق في"), null=True, blank=True)

    class Meta:
        ordering = ["entity", "code"]
        verbose_name = _("موضوع")
        verbose_name_plural = _("الموضوعات")
        constraints = [
            models.UniqueConstraint(name="service_name_in_entity", fields=["entity", "name_ar"]),
            models.CheckConstraint(name="service_kind_is_known", condition=is_one_of("typical_kind", Kind)),
            models.CheckConstraint(
                name="service_complexity_is_known", condition=is_one_of("complexity", Complexity)
            ),
            models.CheckConstraint(
                name="service_handling_is_known", condition=is_one_of("handling", Handling)
            ),
            models.CheckConstraint(
                name="service_with_care_has_receiver",
                condition=~Q(handling__in=[str(Handling.HUMAN_RIGHTS), str(Handling.PROTECTED)])
                | Q(receiver__isnull=False),
            ),
            models.CheckConstraint(
                name="service_with_care_is_not_public",
                condition=Q(public=False) | Q(handling=str(Handling.OPEN)),
            ),
        ]


class Policy(Bilingual):
    """A version of deadline rules for the country, an entity or a topic; used versions never change."""

    code = models.CharField(_("الرمز"), max_length=40)
    version = models.PositiveIntegerField(_("الإصدار"), default=1)
    kind = models.CharField(_("نوع الطلب"), max_length=12, choices=list_kinds, blank=True)
    entity = models.ForeignKey(
        Entity, models.PROTECT, null=True, blank=True, related_name="policies", verbose_name=_("الجهة")
    )
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="policies", verbose_name=_("الموضوع")
    )
    valid_from = models.DateTimeField(_("تسري من"))
    terms = models.JSONField(_("الأحكام"))
    basis = models.CharField(_("الأساس"), max_length=300)

    class Meta:
        ordering = ["code", "version"]
        verbose_name = _("قاعدة مدة")
        verbose_name_plural = _("قواعد المدد")
        constraints = [
            models.UniqueConstraint(
                name="policy_version",
                fields=["code", "entity", "service", "version"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="policy_kind_is_known", condition=Q(kind="") | is_one_of("kind", Kind)
            ),
            models.CheckConstraint(
                name="policy_is_for_an_entity_or_a_service", condition=Q(entity=None) | Q(service=None)
            ),
            models.CheckConstraint(name="policy_version_counts_from_one", condition=Q(version__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.name_ar} ({self.version})"

    @property
    def parsed_terms(self) -> PolicyTerms:
        return PolicyTerms.from_json(self.terms)


class ResponseTemplate(models.Model):
    """A text to start a reply from, with `{blanks}` for the officer to fill."""

    kind = models.CharField(_("نوع الطلب"), max_length=12, choices=list_kinds)
    disposition = models.CharField(_("النتيجة"), max_length=30, choices=list_dispositions)
    entity = models.ForeignKey(
        Entity,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="response_templates",
        verbose_name=_("الجهة"),
    )
    name_ar = models.CharField(_("الاسم بالعربية"), max_length=200)
    body_ar = models.TextField(_("النص بالعربية"))
    body_en = models.TextField(_("النص بالإنجليزية"))
    version = models.PositiveIntegerField(_("الإصدار"), default=1)
    closed_on = models.DateField(_("أُغلق في"), null=True, blank=True)

    class Meta:
        ordering = ["kind", "disposition", "entity", "-version"]
        verbose_name = _("نموذج رد")
        verbose_name_plural = _("نماذج الردود")
        constraints = [
            models.UniqueConstraint(
                name="response_template_version",
                fields=["kind", "disposition", "entity", "name_ar", "version"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="response_template_kind_is_known", condition=is_one_of("kind", Kind)),
            models.CheckConstraint(
                name="response_template_disposition_is_known", condition=is_one_of("disposition", Disposition)
            ),
        ]

    def __str__(self) -> str:
        return self.name_ar
