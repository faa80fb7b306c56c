from django.apps import AppConfig


class SignInConfig(AppConfig):
    """Pages over allauth; officers, roles and throttling belong to `identity`."""

    name = "bekhedmetkom.interfaces.sign_in"
    label = "sign_in"
