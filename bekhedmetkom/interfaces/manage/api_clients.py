"""Programs of bodies and companies: what each may do, how often, its keys, and how its webhooks stand."""

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from bekhedmetkom.identity import commands
from bekhedmetkom.identity.models import ApiClient
from bekhedmetkom.identity.rules import DEFAULT_HOURLY_QUOTA, SCOPE_LABELS
from bekhedmetkom.interfaces.access_control import administrator_required, audience, get_request_actor
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.webhooks.commands import retry_parked_deliveries
from bekhedmetkom.webhooks.models import Subscription
from bekhedmetkom.webhooks.queries import list_subscriptions

from .command_viewsets import (
    CommandCreateView,
    CommandEditView,
    CommandForm,
    CommandViewSet,
    NamedChoiceField,
    act_as_officer,
)
from .list_columns import DateColumn, NameColumn

MAX_QUOTA_PER_HOUR = 1_000_000


def _list_scope_choices() -> list[tuple[str, str]]:
    return [(name, words.in_language(get_language() or "ar")) for name, words in SCOPE_LABELS.items()]


class ApiClientForm(CommandForm):
    scopes = forms.MultipleChoiceField(
        label=_("النطاقات"), choices=_list_scope_choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("إرسال الطلبات لا يحتاج نطاقًا."),
    )  # fmt: skip

    per_hour = forms.IntegerField(
        label=_("الحد في الساعة"), min_value=1, max_value=MAX_QUOTA_PER_HOUR, initial=DEFAULT_HOURLY_QUOTA
    )

    class Meta:
        model = ApiClient
        fields: tuple[str, ...] = ("name", "entity", "scopes", "per_hour")
        field_classes: ClassVar = {"entity": NamedChoiceField}


class ApiClientEditForm(ApiClientForm):
    class Meta(ApiClientForm.Meta):
        fields = ("entity", "scopes", "per_hour")


def _render_key(request: HttpRequest, program: ApiClient, key: str) -> HttpResponse:
    """The key itself is stored nowhere, so this answer is the only place where it ever stands."""
    page = {"program": program, "key": key, "back": reverse("programs:edit", args=[program.pk])}
    return never_cache(lambda request: render(request, "manage/api_key.html", page))(request)


@audience("administrator")
@administrator_required
@require_POST
def change_api_keys(request: HttpRequest, program: int) -> HttpResponse:
    """Another key for a program, beside which the old one counts for a week; or none any more."""
    row = get_object_or_404(ApiClient, pk=program)
    with act_as_officer(request) as actor:
        given: dict[str, Any] = {"client": program, "actor": actor, "at": clock.now()}
        if "revoke" not in request.POST:
            return _render_key(request, row, commands.rotate_key(**given))
        commands.revoke_client(**given)
        messages.success(request, gettext("أُلغي. لا يعمل أي مفتاح له بعد الآن."))
    return redirect("programs:edit", program)


@audience("administrator")
@administrator_required
@require_POST
def resend_webhooks(request: HttpRequest, subscription: int) -> HttpResponse:
    """What an address of a program did not take in three days goes out once more."""
    row = get_object_or_404(Subscription, pk=subscription)
    with act_as_officer(request) as actor:
        retry_parked_deliveries(subscription=subscription, actor=actor, at=clock.now())
        messages.success(request, gettext("عاد ما لم يُستلم إلى الانتظار، ويُرسل خلال دقيقة."))
    return redirect("programs:edit", row.client_id)


class ApiClientCreateView(CommandCreateView):
    def save_instance(self) -> ApiClient:
        actor = get_request_actor(self.request)
        assert actor is not None
        name = self.form.cleaned_data["name"]
        made = commands.create_client(
            **_get_command_arguments(self.form), name=name, actor=actor, at=clock.now()
        )
        self.key = made.key
        return ApiClient.objects.get(pk=made.id)

    def save_action(self) -> HttpResponse:
        return _render_key(self.request, self.object, self.key)


class ApiClientEditView(CommandEditView):
    template_name = "manage/api_client.html"

    def get_context_data(self, **kwargs: Any) -> Any:
        return super().get_context_data(
            keys=self.object.keys.order_by("-created_at"),
            webhooks=list_subscriptions(self.object.pk),
            now=clock.now(),
            **kwargs,
        )


class ApiClientViewSet(CommandViewSet):
    model = ApiClient
    icon = "desktop"
    name = "programs"
    menu_label = _("الأنظمة المتصلة")
    menu_name = "programs"
    menu_order = 250
    add_to_admin_menu = True
    add_view_class = ApiClientCreateView
    edit_view_class = ApiClientEditView
    edit_template_name = "manage/api_client.html"
    form = ApiClientForm
    edit_form = ApiClientEditForm
    ordering = ("name",)
    select_related_fields = ("entity",)
    list_display = (
        "name", NameColumn("entity", label=_("الجهة")), "per_hour", DateColumn("created_at", label=_("صدر في")),
        DateColumn("revoked_at", label=_("أُلغي في")),
    )  # fmt: skip
    list_filter = ("entity",)
    search_fields = ("name",)

    def update_instance(self, form: Any, actor: Actor, at: datetime) -> ApiClient:
        commands.change_client(client=form.instance.pk, **_get_command_arguments(form), actor=actor, at=at)
        return ApiClient.objects.get(pk=form.instance.pk)


def _get_command_arguments(form: Any) -> dict[str, Any]:
    given = form.cleaned_data
    return {
        "entity": given["entity"].pk if given["entity"] else None, "scopes": given["scopes"],
        "per_hour": given["per_hour"],
    }  # fmt: skip
