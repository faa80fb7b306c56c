"""The ministers' door."""

from django.apps import AppConfig


class DashboardConfig(AppConfig):
    name = "bekhedmetkom.interfaces.dashboard"
    label = "dashboard"
