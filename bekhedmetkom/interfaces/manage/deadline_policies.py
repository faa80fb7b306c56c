"""Deadline rules. A save is the next version; the one before stays, for cases were promised under it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.forms import ModelChoiceField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.generic import IndexView

from bekhedmetkom.catalogue.commands import add_policy_version
from bekhedmetkom.catalogue.models import Policy, Service
from bekhedmetkom.catalogue.rules import LEVEL_LABELS, Duration, EscalationLevel, EscalationStep, PolicyTerms
from bekhedmetkom.entities.choices import build_choices
from bekhedmetkom.entities.models import Entity
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.text import BilingualText

from .command_viewsets import CommandEditView, CommandForm, CommandViewSet, NamedChoiceField
from .list_columns import DateTimeColumn, NameColumn

MAX_ESCALATION_STEPS = 4
SPAN_LABELS = (("due", _("مدة الرد")), ("classify", _("مدة التصنيف")))
NUMBER_LABELS = (
    ("extension_days", _("أيام التمديد")),
    ("extensions", _("كم مرة يُمدّد")),
    ("appeal_window_days", _("أيام فتح الاعتراض بعد الرد")),
    ("appeal_due_days", _("أيام العمل لقرار الاعتراض")),
    ("rating_window_days", _("أيام فتح التقييم بعد الرد")),
)


def _list_level_choices() -> list[tuple[str, str]]:
    return [("", gettext("لا أحد")), *build_choices(LEVEL_LABELS)]


def _build_number_field(label: Any, most: int = 400) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=most)


class PolicyForm(CommandForm):
    """The terms as fields: each span in working days, or in hours by the clock for what runs day and night."""

    remind = forms.CharField(
        label=_("التذكير عند"), help_text=_("نسب من المدة، مثل: 50، 80، 100"), required=False, max_length=40
    )

    class Meta:
        model = Policy
        fields = ("name_ar", "name_en", "entity", "service", "basis", "valid_from")
        field_classes: ClassVar = {"entity": NamedChoiceField, "service": NamedChoiceField}
        widgets: ClassVar = {
            "valid_from": forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        }
        help_texts: ClassVar = {
            "entity": _("اختر جهة أو موضوعًا لتكون لهما قاعدة خاصة، أو اتركهما كما هما."),
            "valid_from": _("من الآن فصاعدًا. الطلبات المفتوحة تبقى على ما وُعد به أصحابها."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        terms = PolicyTerms.from_json(self.instance.terms)
        services, entities = self.fields["service"], self.fields["entity"]
        assert isinstance(services, ModelChoiceField)
        assert isinstance(entities, ModelChoiceField)
        services.queryset = Service.objects.filter(
            Q(closed_on=None) | Q(pk=self.instance.service_id)
        ).select_related("entity")
        entities.queryset = Entity.objects.filter(closed_on=None)
        self.fields["valid_from"].required = False
        self.initial["valid_from"] = None
        self.initial["remind"] = "، ".join(map(str, terms.remind))
        for name, label in SPAN_LABELS:
            self._add_span(name, label, getattr(terms, name))
        for name, label in NUMBER_LABELS:
            self.fields[name] = _build_number_field(label)
            self.initial[name] = getattr(terms, name)
        self._add_rung("idle", _("يُبلَّغ إن لم يُتخذ إجراء"), terms.no_action)
        for place in range(MAX_ESCALATION_STEPS):
            rung = terms.ladder[place] if place < len(terms.ladder) else None
            self._add_rung(f"rung{place}", _("يُرفع عند التأخر (%s)") % (place + 1), rung)

    def _add_span(self, name: str, label: Any, span: Duration) -> None:
        self.fields[f"{name}_days"] = _build_number_field(_("%s: أيام عمل") % label)
        self.fields[f"{name}_hours"] = _build_number_field(
            _("%s: ساعات على مدار الساعة") % label, most=10_000
        )
        self.initial.update({f"{name}_days": span.working_days, f"{name}_hours": span.clock_hours})

    def _add_rung(self, name: str, label: Any, rung: EscalationStep | None) -> None:
        self.fields[f"{name}_level"] = forms.ChoiceField(
            label=label, choices=_list_level_choices, required=False
        )
        self._add_span(name, label, rung.after if rung else Duration())
        self.fields[f"{name}_from_receipt"] = forms.BooleanField(
            label=_("تُحسب من وصول الطلب"), required=False
        )
        if rung:
            self.initial.update({f"{name}_level": str(rung.level), f"{name}_from_receipt": rung.from_receipt})

    def clean_remind(self) -> tuple[int, ...]:
        parts = self.cleaned_data["remind"].replace("،", " ").replace(",", " ").replace("%", " ").split()
        if not all(part.isascii() and part.isdigit() and 0 < int(part) <= 100 for part in parts):
            raise ValidationError(gettext("اكتب أعدادًا من 1 إلى 100."))
        return tuple(sorted({int(part) for part in parts}))

    def clean_valid_from(self) -> datetime | None:
        given: datetime | None = self.cleaned_data["valid_from"]
        if given and given < clock.now():
            raise ValidationError(gettext("لا تسري قاعدة في وقت مضى: قد وُعد الناس بغيرها."))
        return given

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("entity") and given.get("service"):
            self.add_error("service", gettext("اختر جهة أو موضوعًا، لا كليهما."))
        if not (given.get("due_days") or given.get("due_hours")):
            self.add_error("due_days", gettext("اكتب مدة الرد."))
        for name in ["due", "classify", "idle", *(f"rung{place}" for place in range(MAX_ESCALATION_STEPS))]:
            if given.get(f"{name}_days") and given.get(f"{name}_hours"):
                self.add_error(f"{name}_hours", gettext("أيام عمل أو ساعات، لا كلاهما."))
        return given

    @property
    def terms(self) -> PolicyTerms:
        given = self.cleaned_data
        return PolicyTerms(
            due=self._span("due"),
            classify=self._span("classify"),
            remind=given["remind"],
            no_action=self._rung("idle"),
            ladder=tuple(self._rungs()),
            **{name: given[name] for name, _label in NUMBER_LABELS},
        )

    def _span(self, name: str) -> Duration:
        return Duration(self.cleaned_data[f"{name}_days"], self.cleaned_data[f"{name}_hours"])

    def _rung(self, name: str) -> EscalationStep | None:
        level = self.cleaned_data[f"{name}_level"]
        return (
            EscalationStep(
                EscalationLevel(level), self._span(name), self.cleaned_data[f"{name}_from_receipt"]
            )
            if level
            else None
        )

    def _rungs(self) -> Iterator[EscalationStep]:
        for place in range(MAX_ESCALATION_STEPS):
            if rung := self._rung(f"rung{place}"):
                yield rung


class NewestPolicyIndexView(IndexView):
    """The version of each rule, in each scope, that was made last."""

    def get_base_queryset(self) -> QuerySet[Policy]:
        scope = ("code", "entity_id", "service_id")
        last = Policy.objects.order_by(*scope, "-version").distinct(*scope)
        return Policy.objects.filter(pk__in=last.values("pk")).select_related("entity", "service")


class PolicyVersionEditView(CommandEditView):
    submit_button_label = _("حفظ إصدار جديد")


class PolicyViewSet(CommandViewSet):
    model = Policy
    icon = "time"
    name = "policies"
    menu_label = _("قواعد المدد")
    menu_name = "policies"
    menu_order = 400
    add_to_admin_menu = True
    enabled_pages = ("index", "index_results", "edit")
    index_view_class = NewestPolicyIndexView
    edit_view_class = PolicyVersionEditView
    form = PolicyForm
    list_display = (
        "name_ar", "name_en", "code", NameColumn("entity", label=_("الجهة")), NameColumn("service", label=_("الموضوع")),
        "version", DateTimeColumn("valid_from", label=_("تسري من")),
    )  # fmt: skip
    list_filter = ("kind", "entity")
    search_fields = ("name_ar", "name_en", "code")

    def update_instance(self, form: Any, actor: Actor, at: datetime) -> Policy:
        given = form.cleaned_data
        return add_policy_version(
            code=form.instance.code,
            kind=form.instance.kind,
            terms=form.terms,
            names=BilingualText(given["name_ar"], given["name_en"]),
            basis=given["basis"],
            valid_from=given["valid_from"] or at,
            entity=given["entity"].pk if given["entity"] else None,
            service=given["service"].pk if given["service"] else None,
            actor=actor,
            at=at,
        )
