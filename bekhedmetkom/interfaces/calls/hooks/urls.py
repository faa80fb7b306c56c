"""What the telephone exchange calls."""

from django.urls import path

from . import views

urlpatterns = [
    path("webhooks/calls", views.heard, name="call-events"),
    path("webhooks/calls/<str:token>", views.heard, name="call-events-by-path"),
]
