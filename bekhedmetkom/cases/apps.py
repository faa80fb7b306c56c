from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "bekhedmetkom.cases"
    default_auto_field = "django.db.models.BigAutoField"
