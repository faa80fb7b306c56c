"""Officers and their roles. A new officer is given a link that is shown this once."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.model import ModelViewSetGroup
from wagtail.admin.widgets.button import HeaderButton

from bekhedmetkom.entities.models import Unit
from bekhedmetkom.identity import commands
from bekhedmetkom.identity.commands.officer_import import COLUMNS, REQUIRED_COLUMNS
from bekhedmetkom.identity.models import LostDevice, Membership, Officer
from bekhedmetkom.identity.rules import ROLE_LABELS
from bekhedmetkom.interfaces.access_control import administrator_required, audience, get_request_actor
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import InvalidInput, NotAllowed

from .command_viewsets import (
    CommandCreateView,
    CommandEditView,
    CommandForm,
    CommandViewSet,
    NamedChoiceField,
    RelatedIndexView,
    act_as_officer,
)
from .list_columns import DateColumn, NameColumn

MAX_SHEET_BYTES = 1024 * 1024  # of a sheet; 2,000 rows have a fifth of it


class OfficerForm(CommandForm):
    class Meta:
        model = Officer
        fields: tuple[str, ...] = ("email", "name_ar", "name_en", "language")


class OfficerEditForm(OfficerForm):
    class Meta(OfficerForm.Meta):
        fields = (*OfficerForm.Meta.fields, "is_active")


def _render_invitation(request: HttpRequest, officer: Any, token: str) -> HttpResponse:
    """The link itself is stored nowhere, so this answer is the only place where it ever stands."""
    page = {
        "officer": officer,
        "link": request.build_absolute_uri(reverse("invitation", args=[token])),
        "roles": f"{reverse('memberships:add')}?officer={officer.pk}",
        "back": reverse("officers:index"),
    }
    return never_cache(lambda request: render(request, "manage/invitation.html", page))(request)


@audience("administrator")
@administrator_required
@require_POST
def invite_officer(request: HttpRequest, officer: int) -> HttpResponse:
    """A new link for an officer whose first one has expired, or who has lost the password or the device.

    A lost device takes two people: one puts it out, another lets the officer in again.
    """
    person = get_object_or_404(get_user_model(), pk=officer)
    with act_as_officer(request) as actor:
        given: dict[str, Any] = {"officer": officer, "actor": actor, "at": clock.now()}
        try:
            if "lost_device" not in request.POST:
                again = (
                    commands.approve_device_reset if "confirm" in request.POST else commands.invite_officer
                )
                return _render_invitation(request, person, again(**given))
            commands.report_lost_device(**given)
        except NotAllowed as own:
            raise PermissionDenied(own.message.in_language(get_language() or "ar")) from own
        messages.success(request, gettext("خرج من كل الأجهزة. يدخل ثانية بعد أن يؤكد مدير نظام آخر."))
    return redirect("officers:edit", officer)


class SheetForm(forms.Form):
    sheet = forms.FileField(label=_("الجدول"), help_text=_("ملف CSV بترميز UTF-8، حتى 2,000 صف."))


if TYPE_CHECKING:  # generic for mypy alone
    _SheetFormView = FormView[SheetForm]
else:
    _SheetFormView = FormView


@method_decorator([administrator_required, never_cache], name="dispatch")
class ImportOfficersView(WagtailAdminTemplateMixin, _SheetFormView):
    """Many officers with their roles from one sheet. The links of its answer stand nowhere else."""

    audience = "administrator"
    template_name = "manage/import_officers.html"
    form_class = SheetForm
    page_title = _("إضافة موظفين من جدول")
    header_icon = "user"

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("officers:index"), "label": gettext("الموظفون")},
            {"url": "", "label": gettext("إضافة موظفين من جدول")},
        ]

    def get_context_data(self, **kwargs: Any) -> Any:
        roles = [(role, words.in_language(get_language() or "ar")) for role, words in ROLE_LABELS.items()]
        return super().get_context_data(columns=COLUMNS, needed=REQUIRED_COLUMNS, roles=roles, **kwargs)

    def form_valid(self, form: SheetForm) -> HttpResponse:
        actor = get_request_actor(self.request)
        assert actor is not None
        try:
            joined = commands.import_officers(
                sheet=form.cleaned_data["sheet"].read(MAX_SHEET_BYTES), actor=actor, at=clock.now()
            )
        except InvalidInput as refusal:
            language = get_language() or "ar"
            wrong = [
                (*error.field.split("."), error.message.in_language(language)) for error in refusal.errors
            ]
            return self.render_to_response(self.get_context_data(form=form, wrong=wrong), status=422)
        links = [
            (one, self.request.build_absolute_uri(reverse("invitation", args=[one.invitation])))
            if one.invitation
            else (one, "")
            for one in joined
        ]
        return self.render_to_response(self.get_context_data(form=form, links=links))


class OfficerCreateView(CommandCreateView):
    def save_action(self) -> HttpResponse:
        actor = get_request_actor(self.request)
        assert actor is not None
        token = commands.invite_officer(officer=self.object.pk, actor=actor, at=clock.now())
        return _render_invitation(self.request, self.object, token)


class OfficerIndexView(RelatedIndexView):
    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        sheet = HeaderButton(_("من جدول"), url=reverse("manage-import-officers"), icon_name="table")
        return [*super().header_buttons, sheet]


class OfficerEditView(CommandEditView):
    template_name = "manage/officer.html"

    def get_context_data(self, **kwargs: Any) -> Any:
        memberships = (
            Membership.objects.filter(officer=self.object)
            .select_related("entity", "unit")
            .order_by("-valid_from")
        )
        lost_device = LostDevice.objects.filter(officer=self.object).first()
        actor = get_request_actor(self.request)
        return super().get_context_data(
            memberships=memberships,
            lost_device=lost_device,
            requested_by_me=lost_device and lost_device.asked_by == str(actor),
            **kwargs,
        )


class OfficerViewSet(CommandViewSet):
    model = Officer
    icon = "user"
    name = "officers"
    menu_label = _("الموظفون")
    index_view_class = OfficerIndexView
    add_view_class = OfficerCreateView
    edit_view_class = OfficerEditView
    edit_template_name = "manage/officer.html"
    form = OfficerForm
    edit_form = OfficerEditForm
    ordering = ("name_ar",)
    list_display = ("name_ar", "name_en", "email", BooleanColumn("is_active", label=_("حسابه فعّال")))
    list_filter = ("is_active", "language")
    search_fields = ("name_ar", "name_en", "email")

    def create_instance(self, form: Any, actor: Actor, at: datetime) -> Officer:
        return Officer.objects.get(pk=commands.create_officer(**form.cleaned_data, actor=actor, at=at))

    def update_instance(self, form: Any, actor: Actor, at: datetime) -> Officer:
        commands.change_officer(officer=form.instance.pk, **form.cleaned_data, actor=actor, at=at)
        return Officer.objects.get(pk=form.instance.pk)


class MembershipForm(CommandForm):
    unit = NamedChoiceField(
        Unit.objects.select_related("entity").filter(closed_on=None), required=False, label=_("الوحدة")
    )
    valid_from = forms.DateField(
        label=_("من"),
        required=False,
        help_text=_("يبدأ اليوم إن تركته فارغًا."),
        widget=forms.DateInput({"type": "date"}),
    )

    class Meta:
        model = Membership
        fields = ("officer", "role", "entity", "unit", "valid_from", "valid_until")
        field_classes: ClassVar = {"officer": NamedChoiceField, "entity": NamedChoiceField}
        widgets: ClassVar = {"valid_until": forms.DateInput({"type": "date"}, format="%Y-%m-%d")}


class EndMembershipForm(CommandForm):
    """A role is not changed: it ends, and another begins."""

    on = forms.DateField(
        label=_("أول يوم بلا هذا الدور"), required=False, help_text=_("ينتهي اليوم إن تركته فارغًا."),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip

    class Meta:
        model = Membership
        fields = ()


class MembershipCreateView(CommandCreateView):
    def get_initial(self) -> dict[str, Any]:
        officer = self.request.GET.get("officer", "")
        return {"officer": officer} if officer.isdecimal() else {}


class MembershipEditView(CommandEditView):
    submit_button_label = _("إنهاء الدور")
    template_name = "manage/membership.html"


class MembershipViewSet(CommandViewSet):
    model = Membership
    icon = "key"
    name = "memberships"
    menu_label = _("الأدوار")
    add_view_class = MembershipCreateView
    edit_view_class = MembershipEditView
    edit_template_name = "manage/membership.html"
    form = MembershipForm
    edit_form = EndMembershipForm
    ordering = ("-valid_from", "-id")
    select_related_fields = ("officer", "entity", "unit")
    list_display = (
        "officer", "role", NameColumn("entity", label=_("الجهة")), NameColumn("unit", label=_("الوحدة")),
        DateColumn("valid_from", label=_("من")), DateColumn("valid_until", label=_("حتى")),
    )  # fmt: skip
    list_filter = ("role", "entity")
    search_fields = ("officer__name_ar", "officer__email", "entity__name_ar", "entity__code")

    def create_instance(self, form: Any, actor: Actor, at: datetime) -> Membership:
        given = form.cleaned_data
        key = commands.grant_role(
            officer=given["officer"].pk,
            role=given["role"],
            entity=given["entity"].pk if given["entity"] else None,
            unit=given["unit"].pk if given["unit"] else None,
            valid_from=given["valid_from"],
            valid_until=given["valid_until"],
            actor=actor,
            at=at,
        )
        return Membership.objects.get(pk=key)

    def update_instance(self, form: Any, actor: Actor, at: datetime) -> Membership:
        commands.end_membership(membership=form.instance.pk, on=form.cleaned_data["on"], actor=actor, at=at)
        return Membership.objects.get(pk=form.instance.pk)


class OfficersGroup(ModelViewSetGroup):
    menu_label = _("الموظفون والأدوار")
    menu_icon = "user"
    menu_name = "people"
    menu_order = 200
    items = (OfficerViewSet, MembershipViewSet)
