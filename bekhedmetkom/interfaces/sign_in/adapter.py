"""allauth adapters: messages, redirects, and conditions for signing in."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from nacl.encoding import URLSafeBase64Encoder

from bekhedmetkom.config.key_derivation import get_secret_box
from bekhedmetkom.identity import queries
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.interfaces.access_control import get_request_actor
from bekhedmetkom.kernel import clock

from .login_throttle import remember_browser

REAUTHENTICATION_SECONDS = 300  # after signing in without asking for the password again


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("البريد أو كلمة السر غير صحيح."),
        "incorrect_password": _("كلمة السر غير صحيحة."),
        "incorrect_code": _("الرمز غير صحيح."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Whether a redirect is a relative path of this site."""
        return bool(url) and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        if request.user.has_perm("wagtailadmin.access_admin"):
            return reverse("wagtailadmin_home")
        actor = get_request_actor(request)
        is_minister = actor is not None and any(grant.role == Role.MINISTER for grant in actor.grants)
        return reverse("dashboard:board" if is_minister else "desk:list")

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return reverse("sign-in")

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse | None:
        """Refuse officers without an active role."""
        if queries.get_active_officer(user.pk, clock.now()):
            return None
        messages.error(request, gettext("ليس لك دور قائم اليوم. راجع مدير النظام في جهتك."))
        return HttpResponseRedirect(reverse("sign-in"))

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        super().login(request, user)
        if at_work := queries.get_active_officer(user.pk, clock.now()):
            request.user = at_work

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        remember_browser(request, response, user.get_username())
        return response

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Drop allauth's own success messages."""
        if message:
            messages.add_message(request, level, message, extra_tags=extra_tags)

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        return user.check_password(password)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        records = get_authentication_records(context.request, context.request.user)
        return not any(time.time() - record["at"] < REAUTHENTICATION_SECONDS for record in records)

    def get_reauthentication_methods(self, user: AbstractBaseUser | AnonymousUser) -> list[dict[str, Any]]:
        return [{"id": "reauthenticate", "description": "", "url": reverse("account_reauthenticate")}]


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("الرمز غير صحيح."),
        "cannot_generate_recovery_codes": _("أضف تطبيق الرموز أو مفتاح دخول أولًا."),
    }

    def generate_authenticator_name(self, user: AbstractBaseUser, type: str) -> str:
        """Return the default name, which the officer may change."""
        return gettext("مفتاحي")

    def encrypt(self, text: str) -> str:
        """Encrypt TOTP seeds, so that the database and its backups do not reveal them."""
        return get_secret_box("second-factor").encrypt(text.encode(), encoder=URLSafeBase64Encoder).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return (
            get_secret_box("second-factor")
            .decrypt(encrypted_text.encode(), encoder=URLSafeBase64Encoder)
            .decode()
        )
