"""The box's addresses. Pages come in both languages; what machines ask comes in none."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from django.views.generic import RedirectView

handler400 = "bekhedmetkom.interfaces.box.errors.misread"
handler403 = "bekhedmetkom.interfaces.box.errors.refused"
handler404 = "bekhedmetkom.interfaces.box.errors.unknown"
handler500 = "bekhedmetkom.interfaces.box.errors.fault"

urlpatterns = [
    path("", include("bekhedmetkom.interfaces.box.machine_urls")),
    path("en", RedirectView.as_view(pattern_name="box:home"), name="typed"),  # as it is typed
    *i18n_patterns(path("", include("bekhedmetkom.interfaces.box.urls")), prefix_default_language=False),
]
