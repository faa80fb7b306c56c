"""Tells Django about the door."""

from django.apps import AppConfig


class CallsInterfaceConfig(AppConfig):
    name = "bekhedmetkom.interfaces.calls"
    label = "calls_door"
