"""App configuration of Messenger."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessengerConfig(AppConfig):
    name = "bekhedmetkom.messenger"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("ماسنجر")
