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

from .api_clients import ApiClientViewSet
from .app_downloads import DownloadViewSet
from .approval_rules import ApprovalRuleViewSet
from .catalogue import ReplyTemplateViewSet, TopicViewSet
from .change_history import ChangeViewSet
from .deadline_policies import PolicyViewSet
from .directory import DirectoryGroup
from .external_systems import ExternalSystemViewSet, ForwardingViewSet
from .officers import OfficersGroup
from .sent_messages import MessageViewSet
from .working_calendar import WorkingCalendarGroup

VISIBLE_MENU_ITEMS = (
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
def list_viewsets() -> list[object]:
    return [
        DirectoryGroup(),
        OfficersGroup(),
        ApiClientViewSet(),
        ExternalSystemViewSet(),
        ForwardingViewSet(),
        TopicViewSet(),
        PolicyViewSet(),
        WorkingCalendarGroup(),
        ReplyTemplateViewSet(),
        ApprovalRuleViewSet(),
        MessageViewSet(),
        ChangeViewSet(),
        DownloadViewSet(),
    ]


@hooks.register("register_admin_menu_item")
def build_home_menu_item() -> MenuItem:
    return MenuItem(_("ما ينتظرك"), reverse("manage"), name="home", icon_name="home", order=10)


@hooks.register("register_admin_menu_item")
def build_texts_menu_item() -> SubmenuMenuItem:
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
def hide_unused_menu_items(request: HttpRequest, items: list[MenuItem]) -> None:
    """Nothing uses pages, images, documents or workflows yet, so they are not in the menu."""
    items[:] = [item for item in items if item.name in VISIBLE_MENU_ITEMS]
    other, name = ("en", "English") if (get_language() or "ar") == "ar" else ("ar", "العربية")
    address = translate_url(request.get_full_path(), other)
    items.append(MenuItem(name, address, name="language", icon_name="globe", order=1000))


@hooks.register("register_admin_search_area")
def build_body_search_area() -> SearchArea:
    """The first area is where the menu's search leads."""
    return SearchArea(_("الجهات"), reverse("entities:index"), name="bodies", icon_name="site", order=1)


@hooks.register("insert_global_admin_css")
def render_admin_css() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("manage/manage.css"))
