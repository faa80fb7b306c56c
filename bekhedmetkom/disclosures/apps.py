from django.apps import AppConfig


class DisclosuresConfig(AppConfig):
    """Reports of corruption. The main service does not install it, and cannot import it."""

    name = "bekhedmetkom.disclosures"
    label = "disclosures"
