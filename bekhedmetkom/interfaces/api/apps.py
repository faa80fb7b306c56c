from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Endpoints only: everything that is kept goes through a command of another capability."""

    name = "bekhedmetkom.interfaces.api"
    label = "api"
