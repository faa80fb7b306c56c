"""How often stores say that the app was taken: read there by hand, each number with its source."""

from datetime import date
from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column

from bekhedmetkom.analytics.storage import AppDownloads

from .command_viewsets import CommandViewSet, ModelForm
from .list_columns import DateColumn


class DownloadForm(ModelForm):
    class Meta:
        model = AppDownloads
        fields = ("month", "store", "count", "source")
        widgets: ClassVar = {"month": forms.DateInput({"type": "date"}, format="%Y-%m-%d")}

    def clean_month(self) -> date:
        """Whatever day was chosen."""
        day: date = self.cleaned_data["month"]
        return day.replace(day=1)


class DownloadViewSet(CommandViewSet):
    model = AppDownloads
    icon = "download"
    name = "downloads"
    add_to_admin_menu = True
    menu_name = "downloads"
    menu_order = 550
    menu_label = _("تنزيلات التطبيق")
    form = DownloadForm
    list_display = (
        DateColumn("month", label=_("الشهر"), sort_key="month"),
        Column("get_store_display", label=_("المتجر")),
        "count",
        "source",
    )
