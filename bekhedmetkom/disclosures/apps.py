from django.apps import AppConfig


class DisclosuresConfig(AppConfig):
    """Installed by the box's own process only; the main service cannot import it."""

    name = "bekhedmetkom.disclosures"
    label = "disclosures"
