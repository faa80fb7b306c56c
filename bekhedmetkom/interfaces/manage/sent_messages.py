"""What was sent, waits, could not be sent, or would have been sent if a provider were set up."""

from typing import Any

from django.conf import settings
from django.db.models import CharField, Func, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages as notices
from wagtail.admin.views.generic import IndexView, InspectView

from bekhedmetkom.interfaces.access_control import administrator_required, audience
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.personal_details import mask_email
from bekhedmetkom.kernel.phone_numbers import format_phone, mask_phone
from bekhedmetkom.notifications.commands import requeue_message
from bekhedmetkom.notifications.models import Message
from bekhedmetkom.notifications.rules.codes import MASK
from bekhedmetkom.notifications.rules.delivery import RESENDABLE_STATES, Channel
from bekhedmetkom.notifications.rules.templates import TEMPLATE_LABELS, Template

from .command_viewsets import ReadOnlyViewSet, act_as_officer
from .list_columns import DateTimeColumn, IsolatedTextColumn


def format_recipient(message: Message) -> str:
    """To whom. Citizens' addresses are masked but in the demonstration, whose people are invented."""
    if message.officer:
        return message.officer.name.in_language(get_language() or "ar")
    if not message.address:
        return gettext("مُحي العنوان")
    if message.channel == Channel.SMS:
        return format_phone(message.address) if settings.DEMO else mask_phone(message.address)
    if message.channel == Channel.PUSH:
        return gettext("أجهزة صاحب الطلب")
    if message.channel == Channel.MESSENGER:
        return f"•••{message.address[-4:]}"
    return message.address if settings.DEMO else mask_email(message.address)


class MessageIndexView(IndexView):
    def get_base_queryset(self) -> QuerySet[Message]:
        """Annotate the case's reference: row-level security hides the rest of a case from administrators."""
        reference = Func("case_id", function="case_reference", output_field=CharField())
        return Message.objects.select_related("officer").annotate(reference=reference)


class MessageInspectView(InspectView):
    page_title = _("رسالة")

    def get_page_subtitle(self) -> str:
        return TEMPLATE_LABELS[Template(self.object.template)].in_language(get_language() or "ar")

    def get_context_data(self, **kwargs: Any) -> Any:
        # Without DEMO a code is shown to its recipient only.
        body_text = self.object.full_text if settings.DEMO else self.object.body
        can_resend = self.object.state in RESENDABLE_STATES and MASK not in self.object.body
        return super().get_context_data(
            recipient=format_recipient(self.object), body_text=body_text, can_resend=can_resend, **kwargs
        )


@audience("administrator")
@administrator_required
@require_POST
def resend_message(request: HttpRequest, message: int) -> HttpResponse:
    """What failed or was parked goes out once more; who wanted it is written down."""
    with act_as_officer(request) as actor:
        requeue_message(message=message, actor=actor, at=clock.now())
        notices.success(request, gettext("عادت الرسالة إلى الانتظار، وتُرسل في وقتها."))
    return redirect("messages:index")


class MessageViewSet(ReadOnlyViewSet):
    model = Message
    icon = "mail"
    name = "messages"
    menu_label = _("الرسائل")
    index_view_class = MessageIndexView
    inspect_view_class = MessageInspectView
    inspect_template_name = "manage/message.html"
    ordering = ("-id",)
    list_display = (
        "template",
        IsolatedTextColumn("reference", label=_("رقم الطلب")),
        IsolatedTextColumn("to", label=_("إلى"), accessor=format_recipient),
        "channel",
        "language",
        "state",
        "why",
        DateTimeColumn("not_before", label=_("ليس قبل")),
        DateTimeColumn("sent_at", label=_("أُرسلت في")),
    )
    list_filter = ("state", "why", "channel", "template", "language")
