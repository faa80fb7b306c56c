"""The portal's addresses: Arabic as they stand, English under `/en`."""

from django.urls import path

from . import pages

app_name = "portal"

urlpatterns = [
    path("", pages.home, name="home"),
    path("help", pages.help_page, name="help"),
    path("privacy", pages.privacy, name="privacy"),
    path("terms", pages.terms, name="terms"),
    path("accessibility", pages.accessibility, name="accessibility"),
    path("confidential", pages.confidential, name="confidential"),
]
