"""Route of the unsubscribe page, in Arabic and under `/en`."""

from django.urls import path

from . import views

urlpatterns = [path("unsubscribe/<str:token>", views.unsubscribe, name="unsubscribe")]
