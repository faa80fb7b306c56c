"""Django app configuration of live updates."""

from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "bekhedmetkom.live"
    default_auto_field = "django.db.models.BigAutoField"
