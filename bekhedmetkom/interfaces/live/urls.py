"""Route by which a page gets a token for the live process."""

from django.urls import path

from . import views

app_name = "live"
urlpatterns = [path("live/token", views.get_stream_token, name="token")]
