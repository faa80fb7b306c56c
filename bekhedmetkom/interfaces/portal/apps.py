from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Pages only: data is stored by other packages' commands."""

    name = "bekhedmetkom.interfaces.portal"
    label = "portal"
