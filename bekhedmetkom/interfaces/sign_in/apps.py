"""Tells Django about the folder."""

from django.apps import AppConfig


class SignInConfig(AppConfig):
    """Pages over allauth; officers, roles and the pace of guessing are identity's."""

    name = "bekhedmetkom.interfaces.sign_in"
    label = "sign_in"
