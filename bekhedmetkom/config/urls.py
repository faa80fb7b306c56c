"""Every door's addresses. Pages come in both languages; what machines call comes in none."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLResolver, include, path


def include_interface(prefix: str, name: str) -> URLResolver:
    return path(prefix, include(f"bekhedmetkom.interfaces.{name}.urls"))


handler400 = "bekhedmetkom.config.error_pages.handle_bad_request"
handler500 = "bekhedmetkom.config.error_pages.handle_server_error"

urlpatterns = [
    include_interface("api/v1/", "api"),
    include_interface("open311/", "open311"),
    include_interface("", "health"),
    include_interface("", "files"),
    include_interface("", "delivery"),
    include_interface("", "messenger"),
    include_interface("", "portal.pwa"),
    include_interface("", "calls.webhook"),
    include_interface("", "live"),
    *i18n_patterns(
        include_interface("", "sign_in"),
        include_interface("api/v1/", "api.docs"),
        include_interface("", "desk"),
        include_interface("", "dashboard"),
        include_interface("", "calls"),
        include_interface("manage/", "manage"),
        include_interface("", "delivery.unsubscribe"),
        include_interface("", "chat"),
        include_interface("", "portal"),
        prefix_default_language=False,
    ),
]
