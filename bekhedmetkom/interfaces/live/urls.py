"""What a page asks the web process for, so that the live process lets it in."""

from django.urls import path

from . import views

app_name = "live"
urlpatterns = [path("live/token", views.get_stream_token, name="token")]
