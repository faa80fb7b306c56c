"""URLs of the box: pages in both languages, the API without a language prefix."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from django.views.generic import RedirectView

handler400 = "bekhedmetkom.interfaces.box.errors.show_bad_request"
handler403 = "bekhedmetkom.interfaces.box.errors.show_forbidden"
handler404 = "bekhedmetkom.interfaces.box.errors.show_not_found"
handler500 = "bekhedmetkom.interfaces.box.errors.show_server_error"

urlpatterns = [
    path("", include("bekhedmetkom.interfaces.box.api_urls")),
    path("en", RedirectView.as_view(pattern_name="box:home"), name="typed"),  # typed without the final slash
    *i18n_patterns(path("", include("bekhedmetkom.interfaces.box.urls")), prefix_default_language=False),
]
