from django.apps import AppConfig
from django.db.models.signals import post_migrate

from bekhedmetkom.config.database.roles import grant_privileges


class CasesConfig(AppConfig):
    name = "bekhedmetkom.cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(grant_privileges, sender=self)  # once a migration: every app sends this signal
