from django.apps import AppConfig


class UiConfig(AppConfig):
    """Templates, styles and tags only; no models, no addresses of its own."""

    name = "bekhedmetkom.interfaces.ui"
    label = "ui"
