"""The first page: what waits for an administrator."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from bekhedmetkom.entities.models import Entity, Holiday
from bekhedmetkom.identity.models import LostDevice, Membership
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.interfaces.access_control import administrator_required, audience
from bekhedmetkom.kernel import clock
from bekhedmetkom.notifications.models import Message
from bekhedmetkom.notifications.queries import find_messenger_stop, list_sms_usage
from bekhedmetkom.notifications.rules.delivery import MessageState
from bekhedmetkom.notifications.senders import has_all_providers

HOLIDAYS_AHEAD = timedelta(days=60)
SMS_COST_PERIOD = timedelta(days=30)


@method_decorator(administrator_required, name="dispatch")
class HomeView(WagtailAdminTemplateMixin, TemplateView):
    audience = "administrator"
    template_name = "manage/home.html"
    page_title = _("إدارة المنصة")
    header_icon = "home"

    def get_context_data(self, **kwargs: Any) -> Any:
        at = clock.now()
        today = clock.get_local_date(at)
        served = Membership.objects.active_on(today).filter(role=Role.MAIN_OFFICER).values("entity")
        expected = Holiday.objects.filter(
            expected=True, withdrawn_on=None, date__range=(today, today + HOLIDAYS_AHEAD)
        )
        return super().get_context_data(
            expected=expected,
            lost_devices=LostDevice.objects.select_related("officer").order_by("asked_at"),
            body_count_without_officer=Entity.objects.filter(closed_on=None).exclude(pk__in=served).count(),
            messenger_stop=find_messenger_stop(at),
            parked=Message.objects.filter(state=MessageState.PARKED).count(),
            failed=Message.objects.filter(state=MessageState.FAILED).count(),
            sms_usage=list_sms_usage(at - SMS_COST_PERIOD, at),
            kept_count=None
            if has_all_providers()
            else Message.objects.filter(state=MessageState.KEPT).count(),
            **kwargs,
        )


@audience("administrator")
@administrator_required
def redirect_to_account(request: HttpRequest) -> HttpResponse:
    """Wagtail's menu asks for an account page; officers have one of ours."""
    return redirect(reverse("mfa_index"))
