from django.apps import AppConfig


class BoxConfig(AppConfig):
    """Web interface of the disclosure box, in its own process."""

    name = "bekhedmetkom.interfaces.box"
    label = "box"
