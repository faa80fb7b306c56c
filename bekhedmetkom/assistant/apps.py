"""App configuration of the assistant."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssistantConfig(AppConfig):
    name = "bekhedmetkom.assistant"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("المحادثات")
