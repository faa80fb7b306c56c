"""Django app configuration of webhooks."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebhooksConfig(AppConfig):
    name = "bekhedmetkom.webhooks"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("إشعارات الأنظمة")
