"""Tells Django about the door."""

from django.apps import AppConfig


class CallsDoorConfig(AppConfig):
    name = "bekhedmetkom.interfaces.calls"
    label = "calls_door"
