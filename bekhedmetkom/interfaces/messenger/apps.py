"""App configuration of the Messenger interface."""

from django.apps import AppConfig


class MessengerInterfaceConfig(AppConfig):
    name = "bekhedmetkom.interfaces.messenger"
    label = "messenger_interface"
