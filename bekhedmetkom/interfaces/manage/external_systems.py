"""Bodies' own systems that speak Open311: where each is, what it is told, what is called what; and what went there."""

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.db.models import CharField, Count, Func, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import IndexView, InspectView, WagtailAdminTemplateMixin

from bekhedmetkom.catalogue.rules import KIND_LABELS, Kind
from bekhedmetkom.interfaces.access_control import administrator_required, audience, get_request_actor
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import InvalidInput
from bekhedmetkom.webhooks import commands
from bekhedmetkom.webhooks.models import Connection, Forwarding
from bekhedmetkom.webhooks.rules.forwarding import ForwardingStep

from .command_viewsets import (
    CommandEditView,
    CommandForm,
    CommandViewSet,
    NamedChoiceField,
    ReadOnlyViewSet,
    act_as_officer,
)
from .list_columns import DateColumn, DateTimeColumn, IsolatedTextColumn, NameColumn, get_display_name


def _list_kind_choices() -> list[tuple[str, str]]:
    language = get_language() or "ar"
    return [
        (str(kind), words.in_language(language))
        for kind, words in KIND_LABELS.items()
        if kind is not Kind.VIOLATION
    ]


class ExternalSystemForm(CommandForm):
    kinds = forms.MultipleChoiceField(
        label=_("أنواع الطلبات"), choices=_list_kind_choices, required=False, initial=[str(Kind.COMPLAINT)],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("لا يُرسل إليه إبلاغ عن مخالفة، ولا شكوى من شخص، ولا طلب سري."),
    )  # fmt: skip
    api_key = forms.CharField(
        label=_("المفتاح (api_key)"), required=False, max_length=300, strip=True,
        widget=forms.PasswordInput({"autocomplete": "off", "dir": "ltr"}),
        help_text=_("المفتاح الذي أعطته الجهة. يُحفظ مشفرًا ولا يُعرض. إن تركته فارغًا بقي كما هو."),
    )  # fmt: skip

    class Meta:
        model = Connection
        fields: tuple[str, ...] = ("entity", "url", "jurisdiction", "form", "api_key", "kinds", "tells")
        labels: ClassVar = {
            "form": _("صيغة التبادل"),
            "jurisdiction": _("رمز المنطقة في نظامها (jurisdiction_id)"),
        }
        field_classes: ClassVar = {"entity": NamedChoiceField}
        widgets: ClassVar = {
            "url": forms.TextInput({"dir": "ltr"}),
            "jurisdiction": forms.TextInput({"dir": "ltr"}),
        }


class ExternalSystemEditView(CommandEditView):
    template_name = "manage/external_system.html"

    def get_context_data(self, **kwargs: Any) -> Any:
        counts = self.object.forwardings.aggregate(
            there=Count("pk", filter=Q(step=ForwardingStep.FORWARDED, parked_at=None)),
            waiting=Count(
                "pk",
                filter=Q(
                    step__in=[ForwardingStep.PENDING, ForwardingStep.IN_DOUBT, ForwardingStep.AWAITING_ID],
                    parked_at=None,
                ),
            ),
            parked=Count("pk", filter=Q(parked_at__isnull=False)),
        )
        return super().get_context_data(counts=counts, matches=self.object.matches.count(), **kwargs)


class ExternalSystemViewSet(CommandViewSet):
    model = Connection
    icon = "link"
    name = "systems"
    menu_label = _("أنظمة الجهات")
    menu_name = "systems"
    menu_order = 260
    add_to_admin_menu = True
    edit_view_class = ExternalSystemEditView
    edit_template_name = "manage/external_system.html"
    form = ExternalSystemForm
    fixed_fields = ("entity",)
    select_related_fields = ("entity",)
    ordering = ("-id",)
    list_display = (
        NameColumn("entity", label=_("الجهة")), IsolatedTextColumn("url", label=_("عنوان النظام")), "tells",
        Column("failures", label=_("محاولات لم تنجح")),
        DateColumn("ended_at", label=_("أُوقف في")),
    )  # fmt: skip

    def update_instance(self, form: Any, actor: Actor, at: datetime) -> Connection:
        return commands.save_connection(form.instance, key=form.cleaned_data["api_key"], actor=actor, at=at)


class TopicMappingForm(forms.Form):
    """One of the body's topics: what it is called there, and what is always said with it."""

    code = forms.CharField(label=_("رمزه هناك"), required=False, max_length=100)
    attributes = forms.CharField(
        label=_("سمات تُرسل معه"), required=False, max_length=2000, widget=forms.Textarea({"rows": 1, "dir": "ltr"})
    )  # fmt: skip

    def __init__(self, topic: Any, data: Any, initial: dict[str, str]) -> None:
        self.topic = topic
        super().__init__(data, prefix=str(topic.id), initial=initial)
        self.fields["code"].widget.attrs |= {"list": "far-services", "dir": "ltr", "autocomplete": "off"}


@method_decorator([administrator_required, never_cache], name="dispatch")
class TopicMappingView(WagtailAdminTemplateMixin, TemplateView):
    """Tries the system: its services stand beside the body's topics, and who is called what is said here."""

    audience = "administrator"
    template_name = "manage/external_system_topics.html"
    page_title = _("الموضوعات في نظام الجهة")
    header_icon = "link"
    system: Connection

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.system = get_object_or_404(
            Connection.objects.select_related("entity"), pk=kwargs["system"], ended_at=None
        )
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        system = reverse("systems:edit", args=[self.system.pk])
        return [
            *self.breadcrumbs_items,
            {"url": reverse("systems:index"), "label": gettext("أنظمة الجهات")},
            {"url": system, "label": get_display_name(self.system)},
            {"url": "", "label": gettext("الموضوعات")},
        ]

    def get_context_data(self, **kwargs: Any) -> Any:
        offer = commands.fetch_services(self.system)
        return super().get_context_data(
            **({"forms": self._build_forms(None)} | kwargs | {"system": self.system}), services=offer.services,
            trouble=offer.problem.in_language(get_language() or "ar") if offer.problem else "",
        )  # fmt: skip

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        filled = self._build_forms(request.POST)
        actor = get_request_actor(request)
        assert actor is not None
        if not all(form.is_valid() for form in filled):
            return self.render_to_response(self.get_context_data(forms=filled))
        codes = {
            form.topic.id: (form.cleaned_data["code"], form.cleaned_data["attributes"]) for form in filled
        }
        try:
            lacking = commands.save_service_codes(
                connection=self.system.pk, codes=codes, actor=actor, at=clock.now()
            )
        except InvalidInput as invalid:
            wrong = {error.field: error.message for error in invalid.errors}
            for form in filled:
                if words := wrong.get(f"attributes-{form.topic.id}"):
                    form.add_error("attributes", words.in_language(get_language() or "ar"))
            return self.render_to_response(self.get_context_data(forms=filled))
        for code, names in lacking:
            said = gettext("يطلب النظام مع %(code)s سمات لم تُكتب: %(names)s")
            messages.warning(request, said % {"code": code, "names": "، ".join(names)})
        messages.success(request, gettext("حُفظ. ما يصل من الآن في هذه الموضوعات يُرسل إلى نظام الجهة."))
        return redirect("manage-system-topics", self.system.pk)

    def _build_forms(self, data: Any) -> list[TopicMappingForm]:
        kept = {one.service_id: one for one in self.system.matches.all()}
        return [
            TopicMappingForm(topic, data, {
                "code": kept[topic.id].code,
                "attributes": "\n".join(f"{name} = {value}" for name, value in kept[topic.id].attributes.items()),
            } if topic.id in kept else {})
            for topic in commands.list_forwardable_topics(self.system)
        ]  # fmt: skip


@audience("administrator")
@administrator_required
@require_POST
def disconnect_system(request: HttpRequest, system: int) -> HttpResponse:
    """Nothing more goes to a body's system."""
    return _run_command(
        request, lambda actor, at: commands.end_connection(connection=system, actor=actor, at=at),
        gettext("أُوقف. لا يُرسل إليه شيء بعد الآن، ولا يُسأل عن شيء."), "systems:index",
    )  # fmt: skip


@audience("administrator")
@administrator_required
@require_POST
def retry_forwarding(request: HttpRequest, forwarding: int) -> HttpResponse:
    """What was given up goes once more; or it is there already, under a number that somebody has seen."""
    far_id = request.POST.get("far_id", "")
    if "found" in request.POST:
        return _run_command(
            request,
            lambda actor, at: commands.confirm_forwarding(
                forwarding=forwarding, far_id=far_id, actor=actor, at=at
            ),
            gettext("سُجّل رقمه هناك، ويُسأل النظام عنه."),
            "forwarded:index",
        )
    return _run_command(
        request, lambda actor, at: commands.retry_forwarding(forwarding=forwarding, actor=actor, at=at),
        gettext("عاد إلى الانتظار، ويُرسل أو يُسأل عنه خلال دقيقة."), "forwarded:index",
    )  # fmt: skip


def _run_command(request: HttpRequest, act: Any, said: str, to: str) -> HttpResponse:
    with act_as_officer(request) as actor:
        act(actor, clock.now())
        messages.success(request, said)
    return redirect(to)


class ForwardingIndexView(IndexView):
    def get_base_queryset(self) -> QuerySet[Forwarding]:
        """With the reference of its case, which is all that an administrator may know of it (cases/wall.py)."""
        reference = Func("case_id", function="case_reference", output_field=CharField())
        return Forwarding.objects.select_related("connection__entity").annotate(reference=reference)


class ForwardingInspectView(InspectView):
    page_title = _("طلب أُرسل إلى نظام جهة")

    def get_page_subtitle(self) -> str:
        return get_display_name(self.object.connection)

    def get_context_data(self, **kwargs: Any) -> Any:
        return super().get_context_data(unknown=not self.object.far_id and self.object.sent_at, **kwargs)


class ForwardingViewSet(ReadOnlyViewSet):
    model = Forwarding
    icon = "link"
    name = "forwarded"
    menu_label = _("ما أُرسل إلى أنظمة الجهات")
    index_view_class = ForwardingIndexView
    inspect_view_class = ForwardingInspectView
    inspect_template_name = "manage/forwarded_case.html"
    ordering = ("-id",)
    list_display = (
        IsolatedTextColumn("reference", label=_("رقم الطلب")),
        NameColumn("connection", label=_("الجهة")),
        "step",
        "why",
        IsolatedTextColumn("far_id", label=_("رقمه هناك")),
        DateTimeColumn("sent_at", label=_("أُرسلت في")),
        "tries",
    )
    list_filter = ("step", "why", "connection")
