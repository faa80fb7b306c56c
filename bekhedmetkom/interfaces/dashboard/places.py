"""The pages of the dashboard, in the order of its navigation."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Place(NamedTuple):
    route: str
    title: str | Promise


PLACES = (
    Place("dashboard:board", _("المؤشرات")),
    Place("dashboard:forecast", _("المتوقع")),
    Place("dashboard:alerts", _("تنبيهات")),
    Place("dashboard:priorities", _("أولويات التخطيط")),
    Place("dashboard:interaction", _("التفاعل")),
    Place("dashboard:reports", _("تقارير الأشهر")),
    Place("dashboard:definitions", _("تعريف المؤشرات")),
)
