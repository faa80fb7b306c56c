from django.apps import AppConfig


class EntitiesConfig(AppConfig):
    name = "bekhedmetkom.entities"
    default_auto_field = "django.db.models.BigAutoField"
