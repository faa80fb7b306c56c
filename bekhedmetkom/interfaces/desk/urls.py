"""Addresses of the desk, below `/desk`. A verb's form and its sending have the same address."""

from django.urls import path

from . import acts, lists

app_name = "desk"
urlpatterns = [
    path("", lists.queue, name="list"),
    path("/cases/<str:reference>", acts.case, name="case"),
    path("/cases/<str:reference>/<slug:verb>", acts.act, name="act"),
]
