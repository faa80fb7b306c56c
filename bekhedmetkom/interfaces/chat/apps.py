from django.apps import AppConfig


class ChatConfig(AppConfig):
    """Pages only: data is stored by the assistant's commands."""

    name = "bekhedmetkom.interfaces.chat"
    label = "chat"
