"""When offices work: hours, and holidays that the moon or the government decides."""

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.admin.viewsets.model import ModelViewSetGroup

from bekhedmetkom.entities import commands
from bekhedmetkom.entities.models import Holiday, WorkingHours
from bekhedmetkom.kernel.actor import Actor

from .command_viewsets import CommandForm, CommandViewSet
from .list_columns import DateColumn

CONFIRMED, WITHDRAWN = "confirmed", "withdrawn"


class DeclareHolidayForm(CommandForm):
    class Meta:
        model = Holiday
        fields = ("date", "name_ar", "name_en", "decision")
        widgets: ClassVar = {"date": forms.DateInput({"type": "date"}, format="%Y-%m-%d")}


class DecideHolidayForm(CommandForm):
    """What was decided of a day: whether it is a holiday, and by which decision."""

    becomes = forms.ChoiceField(
        label=_("القرار"),
        choices=[
            (CONFIRMED, _("هذا اليوم عطلة: تُغلق الدوائر")),
            (WITHDRAWN, _("هذا اليوم يوم عمل: لا عطلة فيه")),
        ],
        widget=forms.RadioSelect,
        help_text=_("إن ثبتت العطلة في يوم آخر فاجعل هذا اليوم يوم عمل، ثم أضف اليوم الآخر."),
    )

    class Meta:
        model = Holiday
        fields = ("decision",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["decision"] = ""  # the last one is shown above; this one is another


class HolidayViewSet(CommandViewSet):
    model = Holiday
    icon = "calendar-alt"
    name = "holidays"
    menu_label = _("العطل الرسمية")
    form = DeclareHolidayForm
    edit_form = DecideHolidayForm
    edit_template_name = "manage/holiday.html"
    ordering = ("date",)
    list_display = (
        "name_ar", "name_en", DateColumn("date", label=_("التاريخ"), sort_key="date"),
        BooleanColumn("expected", label=_("متوقعة")), DateColumn("withdrawn_on", label=_("سُحبت في")), "decision",
    )  # fmt: skip
    list_filter: ClassVar = {"expected": ["exact"], "date": ["gte"]}
    search_fields = ("name_ar", "name_en", "decision")

    def create_instance(self, form: Any, actor: Actor, at: datetime) -> Holiday:
        given = form.cleaned_data
        key = commands.declare_holiday(
            day=given["date"], name_ar=given["name_ar"], name_en=given["name_en"], decision=given["decision"],
            actor=actor, at=at,
        )  # fmt: skip
        return Holiday.objects.get(pk=key)

    def update_instance(self, form: Any, actor: Actor, at: datetime) -> Holiday:
        row, decision = Holiday.objects.get(pk=form.instance.pk), form.cleaned_data["decision"]
        if form.cleaned_data["becomes"] == WITHDRAWN:
            commands.withdraw_holiday(holiday=row.pk, decision=decision, actor=actor, at=at)
        elif row.withdrawn_on:
            commands.declare_holiday(
                day=row.date, name_ar=row.name_ar, name_en=row.name_en, decision=decision, actor=actor, at=at
            )
        else:
            commands.confirm_holiday(holiday=row.pk, decision=decision, actor=actor, at=at)
        return Holiday.objects.get(pk=row.pk)


class WorkingHoursViewSet(CommandViewSet):
    model = WorkingHours
    icon = "time"
    name = "working-hours"
    menu_label = _("ساعات الدوام")
    form_fields = ("label_ar", "label_en", "valid_from", "valid_until", "opens", "closes", "decision")
    list_display = (
        "label_ar",
        "label_en",
        DateColumn("valid_from", label=_("من")),
        DateColumn("valid_until", label=_("إلى")),
        "opens",
        "closes",
        "decision",
    )


class WorkingCalendarGroup(ModelViewSetGroup):
    menu_label = _("تقويم الدوام")
    menu_icon = "calendar"
    menu_name = "calendar"
    menu_order = 500
    items = (HolidayViewSet, WorkingHoursViewSet)
