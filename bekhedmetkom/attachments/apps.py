"""Tells Django about the folder."""

from django.apps import AppConfig


class AttachmentsConfig(AppConfig):
    name = "bekhedmetkom.attachments"
