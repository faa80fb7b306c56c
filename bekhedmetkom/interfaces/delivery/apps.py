from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "bekhedmetkom.interfaces.delivery"
    label = "delivery"
