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

from bekhedmetkom.entities.importing import OPERATOR
from bekhedmetkom.entities.models import Change
from bekhedmetkom.identity.models import Officer
from bekhedmetkom.kernel.actor import CLOCK
from bekhedmetkom.kernel.dates import say_moment

from .recorded import ReadOnly


def with_names() -> QuerySet[Change]:
    """Changes with the name of the officer who made each; what no officer did keeps the actor's own word."""
    officers = Officer.objects.annotate(actor=Concat(Value("officer:"), Cast("pk", CharField())))
    name = officers.filter(actor=OuterRef("actor")).values("name_ar")
    return Change.objects.annotate(who=Coalesce(Subquery(name), F("actor")))


# What no row of a table stands for.
OTHERS: Mapping[str, Any] = {
    "directory": _("استيراد الدليل"),
    "desk.export": _("تنزيل قائمة"),
    "desk.people": _("بحث عن شخص"),
    "desk.people.opened": _("فتح طلب بعد بحث عن شخص"),
}


def model_of(change: Change) -> type[Model] | None:
    """What sort of row was changed; an import, a search or a sheet is a change of no single one."""
    return apps.get_model(change.model) if "." in change.model and change.model not in OTHERS else None


def kind_of(change: Change) -> Any:
    """The same in words."""
    model = model_of(change)
    return model._meta.verbose_name if model else OTHERS.get(change.model, OTHERS["directory"])


def who(change: Any) -> str:
    """Who made it: an officer's name, or what no officer did."""
    others = {str(CLOCK): gettext("المنصة"), str(OPERATOR): gettext("استيراد الدليل")}
    return str(others.get(change.who, change.who))


def _when(change: Change) -> str:
    return say_moment(change.at, get_language() or "ar", year=True)


def _address(change: Change) -> str:
    return reverse("changes:inspect", args=[change.pk])


class ListChanges(IndexView):
    def get_base_queryset(self) -> QuerySet[Change]:
        return with_names()


class ShowChange(InspectView):
    page_title = _("تغيير")

    def get_page_subtitle(self) -> str:
        return str(kind_of(self.object))

    def get_object(self, queryset: Any = None) -> Change:
        return with_names().get(pk=super().get_object(queryset).pk)

    def get_context_data(self, **kwargs: Any) -> Any:
        change: Change = self.object
        model = model_of(change)
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
        return super().get_context_data(kind=kind_of(change), who=who(change), rows=rows, **kwargs)


class Changes(ReadOnly):
    model = Change
    icon = "history"
    name = "changes"
    menu_label = _("سجل التغييرات")
    menu_name = "changes"
    menu_order = 900
    add_to_admin_menu = True
    index_view_class = ListChanges
    inspect_view_class = ShowChange
    inspect_template_name = "manage/change.html"
    ordering = ("-id",)
    list_display = (
        TitleColumn("at", label=_("الوقت"), accessor=_when, get_url=_address),
        Column("who", label=_("من قام به"), accessor=who),
        Column("model", label=_("السجل"), accessor=kind_of),
        "key",
    )
    list_filter = ("model", "at")
    search_fields = ("actor", "model", "key")
