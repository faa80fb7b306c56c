"""The pages of the dashboard, in the order of its navigation."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class NavigationItem(NamedTuple):
    route: str
    title: str | Promise


NAVIGATION_ITEMS = (
    NavigationItem("dashboard:board", _("المؤشرات")),
    NavigationItem("dashboard:forecast", _("المتوقع")),
    NavigationItem("dashboard:alerts", _("تنبيهات")),
    NavigationItem("dashboard:priorities", _("أولويات التخطيط")),
    NavigationItem("dashboard:interaction", _("التفاعل")),
    NavigationItem("dashboard:reports", _("تقارير الأشهر")),
    NavigationItem("dashboard:definitions", _("تعريف المؤشرات")),
)
