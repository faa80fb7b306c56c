"""Tells Django about the door."""

from django.apps import AppConfig


class LiveDoorConfig(AppConfig):
    name = "bekhedmetkom.interfaces.live"
    label = "live_door"
