"""Every door's addresses. Pages come in both languages; what machines call comes in none."""

from importlib.util import find_spec

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path


def door(prefix: str, name: str) -> list[URLPattern | URLResolver]:
    """The addresses of a door that stands in this tree."""
    module = f"bekhedmetkom.interfaces.{name}"
    if find_spec(module) is None or find_spec(f"{module}.urls") is None:
        return []
    return [path(prefix, include(f"{module}.urls"))]


handler500 = "bekhedmetkom.config.errors.fault"

urlpatterns = [
    *door("", "health"),
    *door("api/v1/", "api"),
    *i18n_patterns(
        *door("", "sign_in"),
        *door("api/v1/", "api.docs"),
        *door("", "desk"),
        *door("manage/", "manage"),
        *door("", "portal"),
        prefix_default_language=False,
    ),
]
