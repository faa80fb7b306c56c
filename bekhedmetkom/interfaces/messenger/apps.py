"""Tells Django about the folder."""

from django.apps import AppConfig


class MessengerInterfaceConfig(AppConfig):
    name = "bekhedmetkom.interfaces.messenger"
    label = "messenger_door"
