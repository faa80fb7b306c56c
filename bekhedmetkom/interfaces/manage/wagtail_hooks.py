"""Where Wagtail asks what there is: our viewsets, our menu, our look."""

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse, translate_url
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem
from wagtail.admin.search import SearchArea

from .approval import ApprovalRules
from .calendar import WorkingCalendar
from .changes import Changes
from .directory import Directory
from .mail import Messages
from .people import People
from .policies import Policies
from .programs import Programs
from .stores import Downloads
from .systems import Forwarded, Systems
from .topics import ReplyTexts, Topics

OURS = (
    "home",
    "directory",
    "people",
    "programs",
    "systems",
    "topics",
    "policies",
    "calendar",
    "texts",
    "downloads",
    "changes",
    "language",
)


@hooks.register("register_admin_viewset")
def viewsets() -> list[object]:
    return [
        Directory(), People(), Programs(), Systems(), Forwarded(), Topics(), Policies(), WorkingCalendar(),
        ReplyTexts(), ApprovalRules(), Messages(), Changes(), Downloads(),
    ]  # fmt: skip


@hooks.register("register_admin_menu_item")
def home() -> MenuItem:
    return MenuItem(_("ما ينتظرك"), reverse("manage"), name="home", icon_name="home", order=10)


@hooks.register("register_admin_menu_item")
def texts() -> SubmenuMenuItem:
    menu = Menu(
        items=[
            MenuItem(
                _("نصوص الرسائل"), reverse("manage-wordings"), name="wordings", icon_name="edit", order=10
            ),
            MenuItem(
                _("نماذج الردود"),
                reverse("reply-texts:index"),
                name="replies",
                icon_name="doc-full",
                order=20,
            ),
            MenuItem(
                _("قواعد الاعتماد"),
                reverse("approval-rules:index"),
                name="approval",
                icon_name="check",
                order=25,
            ),
            MenuItem(_("الرسائل"), reverse("messages:index"), name="messages", icon_name="mail", order=30),
        ]
    )
    return SubmenuMenuItem(_("الرسائل والنصوص"), menu, name="texts", icon_name="mail", order=600)


@hooks.register("construct_main_menu")
def only_ours(request: HttpRequest, items: list[MenuItem]) -> None:
    """Nothing uses pages, images, documents or workflows yet, so they are not in the menu."""
    items[:] = [item for item in items if item.name in OURS]
    other, name = ("en", "English") if (get_language() or "ar") == "ar" else ("ar", "العربية")
    address = translate_url(request.get_full_path(), other)
    items.append(MenuItem(name, address, name="language", icon_name="globe", order=1000))


@hooks.register("register_admin_search_area")
def search_bodies() -> SearchArea:
    """The first area is where the menu's search leads."""
    return SearchArea(_("الجهات"), reverse("entities:index"), name="bodies", icon_name="site", order=1)


@hooks.register("insert_global_admin_css")
def our_look() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("manage/manage.css"))
