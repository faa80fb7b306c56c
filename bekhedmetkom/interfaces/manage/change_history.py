"""Who changed what, when, from what to what. Only read: PostgreSQL refuses any change to it."""

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.db.models import CharField, F, Model, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import IndexView, InspectView

from bekhedmetkom.entities.models import ChangeRecord
from bekhedmetkom.entities.sheet_import import IMPORT_ACTOR
from bekhedmetkom.identity.models import Officer
from bekhedmetkom.kernel.actor import CLOCK
from bekhedmetkom.kernel.formatting import format_datetime

from .command_viewsets import ReadOnlyViewSet


def list_changes_with_names() -> QuerySet[ChangeRecord]:
    """Changes with the name of the officer who made each; what no officer did keeps the actor's own word."""
    officers = Officer.objects.annotate(actor=Concat(Value("officer:"), Cast("pk", CharField())))
    name = officers.filter(actor=OuterRef("actor")).values("name_ar")
    return ChangeRecord.objects.annotate(who=Coalesce(Subquery(name), F("actor")))


# What no row of a table stands for.
OTHER_CHANGE_LABELS: Mapping[str, Any] = {
    "directory": _("استيراد الدليل"),
    "desk.export": _("تنزيل قائمة"),
    "desk.people": _("بحث عن شخص"),
    "desk.people.opened": _("فتح طلب بعد بحث عن شخص"),
}


def get_changed_model(change: ChangeRecord) -> type[Model] | None:
    """What sort of row was changed; an import, a search or a sheet is a change of no single one."""
    return (
        apps.get_model(change.model)
        if "." in change.model and change.model not in OTHER_CHANGE_LABELS
        else None
    )


def get_change_label(change: ChangeRecord) -> Any:
    """The same in words."""
    model = get_changed_model(change)
    return (
        model._meta.verbose_name
        if model
        else OTHER_CHANGE_LABELS.get(change.model, OTHER_CHANGE_LABELS["directory"])
    )


def get_actor_label(change: Any) -> str:
    """Who made it: an officer's name, or what no officer did."""
    others = {str(CLOCK): gettext("المنصة"), str(IMPORT_ACTOR): gettext("استيراد الدليل")}
    return str(others.get(change.who, change.who))


def _format_time(change: ChangeRecord) -> str:
    return format_datetime(change.at, get_language() or "ar", year=True)


def _get_change_url(change: ChangeRecord) -> str:
    return reverse("changes:inspect", args=[change.pk])


class ChangeIndexView(IndexView):
    def get_base_queryset(self) -> QuerySet[ChangeRecord]:
        return list_changes_with_names()


class ChangeInspectView(InspectView):
    page_title = _("تغيير")

    def get_page_subtitle(self) -> str:
        return str(get_change_label(self.object))

    def get_object(self, queryset: Any = None) -> ChangeRecord:
        return list_changes_with_names().get(pk=super().get_object(queryset).pk)

    def get_context_data(self, **kwargs: Any) -> Any:
        change: ChangeRecord = self.object
        model = get_changed_model(change)
        known = [*model._meta.concrete_fields, *model._meta.many_to_many] if model else []
        fields = {field.attname: field for field in known}
        names = [
            *(change.before or {}),
            *(name for name in change.after or {} if name not in (change.before or {})),
        ]
        rows = [
            (
                fields[name].verbose_name if name in fields else name,
                (change.before or {}).get(name),
                (change.after or {}).get(name),
            )
            for name in names
        ]
        return super().get_context_data(
            kind=get_change_label(change), who=get_actor_label(change), rows=rows, **kwargs
        )


class ChangeViewSet(ReadOnlyViewSet):
    model = ChangeRecord
    icon = "history"
    name = "changes"
    menu_label = _("سجل التغييرات")
    menu_name = "changes"
    menu_order = 900
    add_to_admin_menu = True
    index_view_class = ChangeIndexView
    inspect_view_class = ChangeInspectView
    inspect_template_name = "manage/change.html"
    ordering = ("-id",)
    list_display = (
        TitleColumn("at", label=_("الوقت"), accessor=_format_time, get_url=_get_change_url),
        Column("who", label=_("من قام به"), accessor=get_actor_label),
        Column("model", label=_("السجل"), accessor=get_change_label),
        "key",
    )
    list_filter = ("model", "at")
    search_fields = ("actor", "model", "key")
