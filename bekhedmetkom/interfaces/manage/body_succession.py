"""Page on which a body is renamed, or closed and succeeded by another body."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from bekhedmetkom.cases.queries import count_open_cases
from bekhedmetkom.catalogue.models import Service
from bekhedmetkom.entities import succession
from bekhedmetkom.entities.models import Entity, EntityName, Unit
from bekhedmetkom.identity.models import Membership
from bekhedmetkom.interfaces.access_control import administrator_required, get_request_actor
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.errors import Refusal

from .command_viewsets import NamedChoiceField, add_refusal_errors
from .list_columns import get_display_name


class PlannedChangeForm(forms.Form):
    """A change with its day and what it rests on."""

    on = forms.DateField(
        label=_("من يوم"),
        help_text=_("أول يوم يسري فيه. يسري اليوم خلال دقيقة، ويمكن إلغاء ما بعد اليوم حتى يحل."),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    decision = forms.CharField(label=_("القرار الذي يستند إليه"), max_length=300)


class RenameBodyForm(PlannedChangeForm):
    name_ar = forms.CharField(label=_("الاسم الجديد بالعربية"), max_length=200)
    name_en = forms.CharField(label=_("الاسم الجديد بالإنجليزية"), max_length=200)
    field_order = ("name_ar", "name_en", "on", "decision")


class CloseBodyForm(PlannedChangeForm):
    successor = NamedChoiceField(
        Entity.objects.none(), label=_("تحل محلها"), help_text=_("إليها تنتقل الطلبات المفتوحة.")
    )
    field_order = ("successor", "on", "decision")

    def __init__(self, *args: Any, entity: Entity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        successor = self.fields["successor"]
        assert isinstance(successor, forms.ModelChoiceField)
        others = Entity.objects.filter(closed_on=None).exclude(ancestors__contains=[entity.pk])
        successor.queryset = others.order_by("name_ar")


@method_decorator([administrator_required, never_cache], name="dispatch")
class BodySuccessionView(WagtailAdminTemplateMixin, TemplateView):
    """One page a body: what its closing would touch, a form for another name, one for closing."""

    audience = "administrator"
    template_name = "manage/body_succession.html"
    header_icon = "site"
    entity: Entity
    rename_form: RenameBodyForm
    close_form: CloseBodyForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.entity = get_object_or_404(Entity.objects.select_related("successor"), pk=kwargs["entity"])
        act = request.POST.get("act")
        self.rename_form = RenameBodyForm(request.POST if act == "rename" else None)
        self.close_form = CloseBodyForm(request.POST if act == "close" else None, entity=self.entity)
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return gettext("تغيير اسم أو إغلاق")

    def get_page_subtitle(self) -> str:
        return get_display_name(self.entity)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        edit = reverse("entities:edit", args=[self.entity.pk])
        return [
            *self.breadcrumbs_items,
            {"url": reverse("entities:index"), "label": gettext("الجهات")},
            {"url": edit, "label": get_display_name(self.entity)},
            {"url": "", "label": self.get_page_title()},
        ]

    def post(self, request: HttpRequest, entity: int) -> HttpResponse:
        if not (self.rename_form.is_bound or self.close_form.is_bound or "call-off" in request.POST):
            return self.get(request)  # no button of the page was pressed
        given: dict[str, Any] = {"entity": entity, "actor": get_request_actor(request), "at": clock.now()}
        form = self.close_form if self.close_form.is_bound else self.rename_form
        try:
            if "call-off" in request.POST:
                succession.cancel_planned_changes(**given)
                done = gettext("أُلغي ما كان مقررًا.")
            elif self.rename_form.is_bound and self.rename_form.is_valid():
                succession.rename_entity(**given, **self.rename_form.cleaned_data)
                done = gettext("سُجّل الاسم الجديد. ما سبقه يبقى باسمه القديم.")
            elif self.close_form.is_bound and self.close_form.is_valid():
                facts = self.close_form.cleaned_data
                succession.close_entity(**given, **facts | {"successor": facts["successor"].pk})
                done = gettext("سُجّل الإغلاق. في ذلك اليوم تنتقل الطلبات المفتوحة، ويُبلَّغ أصحابها.")
            else:
                return self.render_to_response(self.get_context_data(), status=422)
        except Refusal as refused:
            add_refusal_errors(form, refused)
            return self.render_to_response(self.get_context_data(), status=422)
        messages.success(request, done)
        return redirect("manage-reform", entity)

    def get_context_data(self, **kwargs: Any) -> Any:
        body, today = self.entity, clock.get_local_date(clock.now())
        memberships = (
            Membership.objects.active_on(today).filter(entity=body).select_related("officer", "unit")
        )
        closed = body.closed_on is not None and body.closed_on <= today
        return super().get_context_data(
            body=body,
            closed=closed,
            rename_form=self.rename_form,
            close_form=self.close_form,
            names=EntityName.objects.filter(entity=body).exclude(since=None),
            has_planned_change=(body.closed_on is not None and not closed)
            or body.names.filter(since__gt=today).exists(),
            open_cases=count_open_cases(body.pk),
            topics=Service.objects.filter(entity=body, closed_on=None).count(),
            units=Unit.objects.filter(entity=body).count(),
            subordinate_count=Entity.objects.filter(parent=body).count(),
            continuing_memberships=[membership for membership in memberships if membership.unit_id],
            ending_memberships=[membership for membership in memberships if not membership.unit_id],
            language=get_language(),
            **kwargs,
        )
