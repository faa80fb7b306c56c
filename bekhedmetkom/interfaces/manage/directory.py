"""Bodies, their units, sectors and governorates."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.model import ModelViewSetGroup

from bekhedmetkom.entities.models import Entity, Governorate, Sector, Unit

from .command_viewsets import CommandViewSet, NamedMultipleChoiceField, ReadOnlyViewSet
from .list_columns import DateColumn, NameColumn


class EntityViewSet(CommandViewSet):
    model = Entity
    icon = "site"
    name = "entities"
    menu_label = _("الجهات")
    fixed_fields = ("code",)
    edit_template_name = "manage/entity.html"
    form_fields = (
        "code", "name_ar", "name_en", "kind", "parent", "governorates", "email", "phone", "embed_origins",
    )  # fmt: skip
    select_related_fields = ("parent",)
    list_display = (
        "name_ar", "name_en", "code", "kind", NameColumn("parent", label=_("تتبع إلى")),
        DateColumn("closed_on", label=_("أُغلقت في")),
    )  # fmt: skip
    list_filter = ("kind", "sector")
    search_fields = ("name_ar", "name_en", "code")

    def formfield_for_dbfield(self, db_field: Any, **kwargs: Any) -> Any:
        if db_field.name == "governorates":
            kwargs |= {"widget": forms.CheckboxSelectMultiple, "form_class": NamedMultipleChoiceField}
        return super().formfield_for_dbfield(db_field, **kwargs)


class UnitViewSet(CommandViewSet):
    model = Unit
    icon = "group"
    name = "units"
    menu_label = _("الوحدات")
    fixed_fields = ("entity", "code")
    form_fields = ("entity", "code", "name_ar", "name_en", "parent", "closed_on")
    select_related_fields = ("entity",)
    list_display = (
        "name_ar",
        "name_en",
        "code",
        NameColumn("entity", label=_("الجهة")),
        DateColumn("closed_on", label=_("أُغلقت في")),
    )
    list_filter = ("entity",)
    search_fields = ("name_ar", "name_en", "code", "entity__name_ar", "entity__code")


class SectorViewSet(ReadOnlyViewSet):
    model = Sector
    icon = "folder-inverse"
    name = "sectors"
    menu_label = _("القطاعات")
    select_related_fields = ("ministry",)
    list_display = ("name_ar", "name_en", "code", NameColumn("ministry", label=_("الوزارة")))
    inspect_view_fields = ("name_ar", "name_en", "code", "ministry")


class GovernorateViewSet(ReadOnlyViewSet):
    model = Governorate
    icon = "globe"
    name = "governorates"
    menu_label = _("المحافظات")
    list_display = ("name_ar", "name_en", "code", "region_ar")
    inspect_view_fields = ("name_ar", "name_en", "code", "iso_3166_2", "region_ar")


class DirectoryGroup(ModelViewSetGroup):
    menu_label = _("الدليل")
    menu_icon = "site"
    menu_name = "directory"
    menu_order = 100
    items = (EntityViewSet, UnitViewSet, SectorViewSet, GovernorateViewSet)
