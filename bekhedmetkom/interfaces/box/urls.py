"""The box's pages."""

from django.urls import path

from . import pages

app_name = "box"
urlpatterns = [
    path("", pages.home, name="home"),
]
