"""Tells Django about the door."""

from django.apps import AppConfig


class LiveInterfaceConfig(AppConfig):
    name = "bekhedmetkom.interfaces.live"
    label = "live_door"
