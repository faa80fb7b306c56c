"""Who somebody is for Django: a password by e-mail, a session only while a role stands, permissions by role."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model

from bekhedmetkom.identity import queries
from bekhedmetkom.kernel import clock

# What administrators look after by Wagtail's pages. Cases are not in it, and what is not in it is refused.
ADMINISTERED_APPS = {
    "wagtailadmin", "wagtailcore", "wagtaildocs", "wagtailimages", "wagtailsearch",
    "entities", "identity", "catalogue", "routing", "notifications", "webhooks", "analytics",
}  # fmt: skip


class OfficersBackend(ModelBackend):
    """Django's own check of passwords, which takes the same time for an unknown address, and two differences.

    A session is looked up with the roles that stand today, so it ends with the last of them; and permissions come
    from the role of administrator, never from Django's tables.
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
        """Asked for in templates only: the one that opens the administration."""
        return (
            {"wagtailadmin.access_admin"} if self.has_perm(user_obj, "wagtailadmin.access_admin") else set()
        )
