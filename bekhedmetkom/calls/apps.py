"""App configuration of the call centre."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CallsConfig(AppConfig):
    name = "bekhedmetkom.calls"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("مركز الاتصال")
