"""Every door's addresses. Pages come in both languages; what machines call comes in none."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLResolver, include, path


def door(prefix: str, name: str) -> URLResolver:
    return path(prefix, include(f"bekhedmetkom.interfaces.{name}.urls"))


handler400 = "bekhedmetkom.config.errors.misread"
handler500 = "bekhedmetkom.config.errors.fault"

urlpatterns = [
    door("api/v1/", "api"),
    door("open311/", "open311"),
    door("", "health"),
    door("", "files"),
    door("", "delivery"),
    door("", "messenger"),
    door("", "portal.app"),
    door("", "calls.hooks"),
    door("", "live"),
    *i18n_patterns(
        door("", "sign_in"),
        door("api/v1/", "api.docs"),
        door("", "desk"),
        door("", "dashboard"),
        door("", "calls"),
        door("manage/", "manage"),
        door("", "delivery.stopping"),
        door("", "chat"),
        door("", "portal"),
        prefix_default_language=False,
    ),
]
