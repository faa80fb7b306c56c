from django.apps import AppConfig


class BoxConfig(AppConfig):
    """The sealed box's own door, in a process of its own."""

    name = "bekhedmetkom.interfaces.box"
    label = "box"
