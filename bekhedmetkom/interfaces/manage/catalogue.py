"""What people write about, and the texts that replies begin with."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.generic import IndexView

from bekhedmetkom.catalogue.commands import add_template_version
from bekhedmetkom.catalogue.models import ResponseTemplate, Service
from bekhedmetkom.catalogue.rules import Disposition, Kind
from bekhedmetkom.kernel.actor import Actor

from .command_viewsets import CommandViewSet
from .list_columns import DateColumn, NameColumn


class TopicViewSet(CommandViewSet):
    model = Service
    icon = "tag"
    name = "topics"
    menu_label = _("الموضوعات")
    menu_name = "topics"
    menu_order = 300
    add_to_admin_menu = True
    fixed_fields = ("entity", "code")
    form_fields = (
        "entity", "code", "name_ar", "name_en", "typical_kind", "complexity", "handling", "receiver", "policy_code",
        "needs_identity", "about_place", "urgent", "public", "closed_on",
    )  # fmt: skip
    select_related_fields = ("entity",)
    list_display = (
        "name_ar", "name_en", "code", NameColumn("entity", label=_("الجهة")), "typical_kind", "complexity", "handling",
        DateColumn("closed_on", label=_("أُغلق في")),
    )  # fmt: skip
    list_filter = ("typical_kind", "complexity", "handling", "urgent", "entity")
    search_fields = ("name_ar", "name_en", "code", "entity__name_ar", "entity__code")


TEMPLATE_KEY_FIELDS = ("kind", "disposition", "entity", "name_ar")


class NewestReplyTemplateIndexView(IndexView):
    """Only the version that holds now of each text."""

    def get_base_queryset(self) -> QuerySet[ResponseTemplate]:
        series = ("kind", "disposition", "entity_id", "name_ar")
        last = ResponseTemplate.objects.order_by(*series, "-version").distinct(*series)
        return ResponseTemplate.objects.filter(pk__in=last.values("pk")).select_related("entity")


class ReplyTemplateViewSet(CommandViewSet):
    """A change is the next version; replies that were begun from an older one stay what they are."""

    model = ResponseTemplate
    icon = "doc-full"
    name = "reply-texts"
    menu_label = _("نماذج الردود")
    index_view_class = NewestReplyTemplateIndexView
    fixed_fields = TEMPLATE_KEY_FIELDS
    form_fields = (*TEMPLATE_KEY_FIELDS, "body_ar", "body_en", "closed_on")
    list_display = (
        "name_ar", "kind", "disposition", NameColumn("entity", label=_("الجهة")), "version",
        DateColumn("closed_on", label=_("أُغلق في")),
    )  # fmt: skip
    list_filter = ("kind", "disposition", "entity")
    search_fields = ("name_ar", "body_ar", "body_en")

    def update_instance(self, form: Any, actor: Actor, at: datetime) -> ResponseTemplate:
        row: ResponseTemplate = form.instance
        return add_template_version(
            kind=Kind(row.kind), disposition=Disposition(row.disposition), name=row.name_ar, body_ar=row.body_ar,
            body_en=row.body_en, entity=row.entity_id, closed_on=row.closed_on, actor=actor, at=at,
        )  # fmt: skip
