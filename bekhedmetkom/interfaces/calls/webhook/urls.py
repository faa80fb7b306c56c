"""URLs of the telephone exchange's webhook."""

from django.urls import path

from . import views

urlpatterns = [
    path("webhooks/calls", views.receive_event, name="call-events"),
    path("webhooks/calls/<str:token>", views.receive_event, name="call-events-by-path"),
]
