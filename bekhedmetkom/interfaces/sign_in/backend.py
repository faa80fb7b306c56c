"""Django authentication backend: password by e-mail, session while a role is active, permissions by role."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model

from bekhedmetkom.identity import queries
from bekhedmetkom.kernel import clock

# Apps that administrators manage in Wagtail. Cases are not among them.
ADMINISTERED_APPS = {
    "wagtailadmin", "wagtailcore", "wagtaildocs", "wagtailimages", "wagtailsearch",
    "entities", "identity", "catalogue", "routing", "notifications", "webhooks", "analytics",
}  # fmt: skip


class OfficersBackend(ModelBackend):
    """`ModelBackend` with two differences.

    A session ends with the officer's last active role, and permissions come from the administrator role, never from
    Django's tables.
    """

    def get_user(self, user_id: int) -> Any:
        return queries.get_active_officer(user_id, clock.now())

    def has_perm(
        self, user_obj: AbstractBaseUser | AnonymousUser, perm: str, obj: Model | None = None
    ) -> bool:
        return obj is None and self.has_module_perms(user_obj, perm.partition(".")[0])

    def has_module_perms(self, user_obj: AbstractBaseUser | AnonymousUser, app_label: str) -> bool:
        return app_label in ADMINISTERED_APPS and getattr(user_obj, "is_administrator", False)

    def get_user_permissions(self, user_obj: Any, obj: Model | None = None) -> set[str]:
        return set()

    def get_group_permissions(self, user_obj: Any, obj: Model | None = None) -> set[str]:
        return set()

    def get_all_permissions(self, user_obj: Any, obj: Model | None = None) -> set[str]:
        """Return the permission to open the administration, if the user has it; templates ask for it."""
        return (
            {"wagtailadmin.access_admin"} if self.has_perm(user_obj, "wagtailadmin.access_admin") else set()
        )
