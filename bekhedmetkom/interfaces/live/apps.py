"""Django app configuration of the live process."""

from django.apps import AppConfig


class LiveInterfaceConfig(AppConfig):
    name = "bekhedmetkom.interfaces.live"
    label = "live_door"
