"""Apps of others under a name that leaves ours free."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Django's flash messages; the label `messages` belongs to what the platform tells people."""

    name = "django.contrib.messages"
    label = "notices"
    verbose_name = "Notices"
