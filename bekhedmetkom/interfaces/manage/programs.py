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
from bekhedmetkom.identity.rules import SCOPE_WORDS, USUAL_QUOTA
from bekhedmetkom.interfaces.actor import actor_of_request, administrator_required
from bekhedmetkom.interfaces.audience import audience
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.webhooks.commands import send_all_again
from bekhedmetkom.webhooks.models import Subscription
from bekhedmetkom.webhooks.queries import of_client

from .acting import acting
from .columns import Day, Named
from .recorded import Add, ByName, CheckedByCommand, Edit, Recorded

MOST_PER_HOUR = 1_000_000


def _scopes() -> list[tuple[str, str]]:
    return [(name, words.in_(get_language() or "ar")) for name, words in SCOPE_WORDS.items()]


class ProgramForm(CheckedByCommand):
    scopes = forms.MultipleChoiceField(
        label=_("النطاقات"), choices=_scopes, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("إرسال الطلبات لا يحتاج نطاقًا."),
    )  # fmt: skip

    per_hour = forms.IntegerField(
        label=_("الحد في الساعة"), min_value=1, max_value=MOST_PER_HOUR, initial=USUAL_QUOTA
    )

    class Meta:
        model = ApiClient
        fields: tuple[str, ...] = ("name", "entity", "scopes", "per_hour")
        field_classes: ClassVar = {"entity": ByName}


class ProgramEditForm(ProgramForm):
    class Meta(ProgramForm.Meta):
        fields = ("entity", "scopes", "per_hour")


def _with_key(request: HttpRequest, program: ApiClient, key: str) -> HttpResponse:
    """The key itself is stored nowhere, so this answer is the only place where it ever stands."""
    page = {"program": program, "key": key, "back": reverse("programs:edit", args=[program.pk])}
    return never_cache(lambda request: render(request, "manage/key.html", page))(request)


@audience("administrator")
@administrator_required
@require_POST
def change_keys(request: HttpRequest, program: int) -> HttpResponse:
    """Another key for a program, beside which the old one counts for a week; or none any more."""
    row = get_object_or_404(ApiClient, pk=program)
    with acting(request) as actor:
        given: dict[str, Any] = {"client": program, "actor": actor, "at": clock.now()}
        if "revoke" not in request.POST:
            return _with_key(request, row, commands.rotate_key(**given))
        commands.revoke_client(**given)
        messages.success(request, gettext("أُلغي. لا يعمل أي مفتاح له بعد الآن."))
    return redirect("programs:edit", program)


@audience("administrator")
@administrator_required
@require_POST
def tell_again(request: HttpRequest, subscription: int) -> HttpResponse:
    """What an address of a program did not take in three days goes out once more."""
    row = get_object_or_404(Subscription, pk=subscription)
    with acting(request) as actor:
        send_all_again(subscription=subscription, actor=actor, at=clock.now())
        messages.success(request, gettext("عاد ما لم يُستلم إلى الانتظار، ويُرسل خلال دقيقة."))
    return redirect("programs:edit", row.client_id)


class AddProgram(Add):
    def save_instance(self) -> ApiClient:
        actor = actor_of_request(self.request)
        assert actor is not None
        name = self.form.cleaned_data["name"]
        made = commands.create_client(**_given(self.form), name=name, actor=actor, at=clock.now())
        self.key = made.key
        return ApiClient.objects.get(pk=made.id)

    def save_action(self) -> HttpResponse:
        return _with_key(self.request, self.object, self.key)


class EditProgram(Edit):
    template_name = "manage/program.html"

    def get_context_data(self, **kwargs: Any) -> Any:
        return super().get_context_data(
            keys=self.object.keys.order_by("-created_at"), webhooks=of_client(self.object.pk), now=clock.now(), **kwargs
        )  # fmt: skip


class Programs(Recorded):
    model = ApiClient
    icon = "desktop"
    name = "programs"
    menu_label = _("الأنظمة المتصلة")
    menu_name = "programs"
    menu_order = 250
    add_to_admin_menu = True
    add_view_class = AddProgram
    edit_view_class = EditProgram
    edit_template_name = "manage/program.html"
    form = ProgramForm
    edit_form = ProgramEditForm
    ordering = ("name",)
    related = ("entity",)
    list_display = (
        "name", Named("entity", label=_("الجهة")), "per_hour", Day("created_at", label=_("صدر في")),
        Day("revoked_at", label=_("أُلغي في")),
    )  # fmt: skip
    list_filter = ("entity",)
    search_fields = ("name",)

    def change(self, form: Any, actor: Actor, at: datetime) -> ApiClient:
        commands.change_client(client=form.instance.pk, **_given(form), actor=actor, at=at)
        return ApiClient.objects.get(pk=form.instance.pk)


def _given(form: Any) -> dict[str, Any]:
    given = form.cleaned_data
    return {
        "entity": given["entity"].pk if given["entity"] else None, "scopes": given["scopes"],
        "per_hour": given["per_hour"],
    }  # fmt: skip
