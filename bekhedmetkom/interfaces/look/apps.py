from django.apps import AppConfig


class LookConfig(AppConfig):
    """Templates, styles and tags only; no models, no addresses of its own."""

    name = "bekhedmetkom.interfaces.look"
    label = "look"
