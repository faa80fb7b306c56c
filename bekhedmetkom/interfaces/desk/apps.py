"""The officers' door."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "bekhedmetkom.interfaces.desk"
    label = "desk"
