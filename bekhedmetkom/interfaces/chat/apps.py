from django.apps import AppConfig


class ChatConfig(AppConfig):
    """Pages only: everything that is kept goes through the dialogue's commands."""

    name = "bekhedmetkom.interfaces.chat"
    label = "chat"
