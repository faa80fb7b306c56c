"""App configuration of the call console."""

from django.apps import AppConfig


class CallsInterfaceConfig(AppConfig):
    name = "bekhedmetkom.interfaces.calls"
    label = "calls_interface"
