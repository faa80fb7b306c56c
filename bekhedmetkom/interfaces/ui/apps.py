from django.apps import AppConfig


class UiConfig(AppConfig):
    """Templates, styles and tags only: no models, no URLs."""

    name = "bekhedmetkom.interfaces.ui"
    label = "ui"
