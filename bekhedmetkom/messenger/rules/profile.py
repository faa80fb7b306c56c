"""The Messenger page's profile: greeting, start button and menu."""

from collections.abc import Sequence
from typing import Any

GREETINGS = {
    "default": "أهلًا {{user_first_name}}. نوصل شكواك أو سؤالك أو اقتراحك إلى الجهة الحكومية المسؤولة، ونتابعه معك.",
    "en_US": "Hello {{user_first_name}}. We take your complaint, question or suggestion to the public body responsible"
    " and follow it with you.",
}
# Payload, title in Arabic and in English; the assistant handles the payloads (assistant/rules).
MENU: Sequence[tuple[str, str, str]] = (
    ("kind:complaint", "شكوى", "Complaint"),
    ("kind:question", "سؤال", "Question"),
    ("kind:suggestion", "اقتراح", "Suggestion"),
    ("kind:praise", "شكر وثناء", "Praise"),
    ("kind:violation", "الإبلاغ عن مخالفة", "Report a violation"),
    ("track", "متابعة طلب", "Follow a case"),
    ("person", "أريد موظفًا", "Talk to a person"),
    ("en", "English", "العربية"),
)
_SITE_TITLES = ("الموقع", "Website")


def build_profile_calls(site: str) -> list[dict[str, Any]]:
    """Return the calls that set up the profile, in order: the menu needs the start button."""
    return [
        {"get_started": {"payload": "start"}},
        {
            "greeting": [{"locale": locale, "text": text} for locale, text in GREETINGS.items()],
            "persistent_menu": [_build_menu("default", 1, site), _build_menu("en_US", 2, f"{site}/en")],
        },
    ]


def _build_menu(locale: str, column: int, site: str) -> dict[str, Any]:
    items = [
        {
            "type": "postback",
            "title": row[column],
            "payload": "ar" if row[0] == "en" and column == 2 else row[0],
        }
        for row in MENU
    ]
    site_item = {
        "type": "web_url",
        "title": _SITE_TITLES[column - 1],
        "url": site,
        "webview_height_ratio": "full",
    }
    return {"locale": locale, "composer_input_disabled": False, "call_to_actions": [*items, site_item]}
