"""Tells Django about the folder."""

from django.apps import AppConfig


class ManageConfig(AppConfig):
    name = "bekhedmetkom.interfaces.manage"
    label = "manage"
