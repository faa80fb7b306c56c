from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Pages only: everything that is kept goes through a command of another capability."""

    name = "bekhedmetkom.interfaces.portal"
    label = "portal"
