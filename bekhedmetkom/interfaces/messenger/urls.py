"""URLs that Meta calls."""

from django.urls import path

from . import webhook

urlpatterns = [path("webhooks/messenger", webhook.receive_webhook, name="messenger")]
