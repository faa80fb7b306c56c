"""Two-factor authentication: verification at sign-in, setup and removal on the account page."""

from typing import Any, TypeVar

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.base.views import AuthenticateView, IndexView
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.internal import auth
from allauth.mfa.webauthn.views import AddWebAuthnView, LoginWebAuthnView, RemoveWebAuthnView
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache

from bekhedmetkom.cases.rules.access import has_permission_anywhere
from bekhedmetkom.identity.rules import ROLE_LABELS, Permission, Role
from bekhedmetkom.interfaces.access_control import audience, get_request_actor, officer_required

from .forms import NewPasskeyForm, PasskeyForm, PasskeySignInForm, TotpForm, TwoFactorCodeForm
from .views import add_retry_after

ViewClass = TypeVar("ViewClass", bound=type[Any])


def account_page(view: ViewClass) -> ViewClass:
    """Class decorator: officers only, not cached, allowed before the second factor is set up."""
    view.allowed_before_second_factor = True
    for decorator in (never_cache, officer_required):
        view = method_decorator(decorator, name="dispatch")(view)
    return audience("officer")(view)


@audience("public")
class TwoFactorCodeView(AuthenticateView):
    """Verification of the second factor after the password."""

    form_class = TwoFactorCodeForm
    webauthn_form_class = PasskeyForm
    template_name = "sign_in/two_factor_code.html"

    def form_invalid(self, form: Any) -> HttpResponse:
        return add_retry_after(super().form_invalid(form), form)


@audience("public")
class PasskeySignInView(LoginWebAuthnView):
    """Sign-in by passkey alone: the device verifies the user, so it counts as both factors."""

    form_class = PasskeySignInForm


@account_page
class AccountView(IndexView):
    """Account page: name and roles, sign-in methods, sign-out."""

    template_name = "sign_in/account.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        actor = get_request_actor(self.request)
        roles = dict.fromkeys(Role(grant.role) for grant in (actor.grants if actor else ()))
        return context | {
            "roles": [ROLE_LABELS[role] for role in roles],
            "needed": settings.OFFICERS_NEED_SECOND_FACTOR,
            "watches": actor is not None and has_permission_anywhere(actor, Permission.WATCH),
        }


@account_page
class AddTotpView(ActivateTOTPView):
    form_class = TotpForm
    template_name = "sign_in/totp_add.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        secret = context["form"].secret
        return context | {
            "drawing": _clean_qr_svg(context["totp_svg"]),
            "secret": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        }

    def form_valid(self, form: Any) -> HttpResponse:
        return _record_factor(self.request, "totp", super().form_valid(form))


@account_page
class RemoveTotpView(DeactivateTOTPView):
    template_name = "sign_in/two_factor_remove.html"


@account_page
class AddPasskeyView(AddWebAuthnView):
    form_class = NewPasskeyForm
    template_name = "sign_in/passkey_add.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        assert self.request.user.is_authenticated
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"js_data": {"creation_options": auth.begin_registration(self.request.user, True)}}

    def form_valid(self, form: Any) -> HttpResponse:
        return _record_factor(self.request, "webauthn", super().form_valid(form))


@account_page
class RemovePasskeyView(RemoveWebAuthnView):
    template_name = "sign_in/two_factor_remove.html"
    success_url = reverse_lazy("mfa_index")


@account_page
class RecoveryCodesView(ViewRecoveryCodesView):
    template_name = "sign_in/recovery_codes.html"


@account_page
class NewRecoveryCodesView(GenerateRecoveryCodesView):
    template_name = "sign_in/recovery_codes_generate.html"


def _record_factor(request: HttpRequest, factor: str, response: HttpResponse) -> HttpResponse:
    """Record the new factor as verified in this session."""
    assert request.user.is_authenticated
    record_authentication(request, request.user, "mfa", type=factor)
    return response


def _clean_qr_svg(svg: str) -> SafeString:
    """Return allauth's QR code as inline SVG, without the XML declaration."""
    return SafeString(svg[svg.index("<svg") :])
