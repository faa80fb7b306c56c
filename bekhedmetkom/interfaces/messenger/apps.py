"""Tells Django about the folder."""

from django.apps import AppConfig


class MessengerDoorConfig(AppConfig):
    name = "bekhedmetkom.interfaces.messenger"
    label = "messenger_door"
