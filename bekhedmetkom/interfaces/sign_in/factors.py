"""The second factor: shown when signing in, set up and removed on the officer's own page."""

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

from bekhedmetkom.cases.rules.access import holds
from bekhedmetkom.identity.rules import ROLE_WORDS, Permission, Role
from bekhedmetkom.interfaces.actor import actor_of_request, officer_required
from bekhedmetkom.interfaces.audience import audience

from .forms import AppForm, CodeForm, NewPasskeyForm, PasskeyAloneForm, PasskeyForm
from .views import slowed

View = TypeVar("View", bound=type[Any])


def own_page(view: View) -> View:
    """An officer's own page, not kept by browsers, and open before the second factor is set up."""
    view.before_second_factor = True
    for decorator in (never_cache, officer_required):
        view = method_decorator(decorator, name="dispatch")(view)
    return audience("officer")(view)


@audience("public")
class Code(AuthenticateView):
    """The step after the password, for who has a second factor."""

    form_class = CodeForm
    webauthn_form_class = PasskeyForm
    template_name = "sign_in/code.html"

    def form_invalid(self, form: Any) -> HttpResponse:
        return slowed(super().form_invalid(form), form)


@audience("public")
class PasskeyAlone(LoginWebAuthnView):
    """Signing in by a passkey: the device has asked for a finger, a face or a PIN, so it is both factors."""

    form_class = PasskeyAloneForm


@own_page
class Account(IndexView):
    """An officer's own page: who they are here, how they sign in, the way out."""

    template_name = "sign_in/account.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        actor = actor_of_request(self.request)
        roles = dict.fromkeys(Role(grant.role) for grant in (actor.grants if actor else ()))
        return context | {
            "roles": [ROLE_WORDS[role] for role in roles],
            "needed": settings.OFFICERS_NEED_SECOND_FACTOR,
            "watches": actor is not None and holds(actor, Permission.WATCH),
        }


@own_page
class AddApp(ActivateTOTPView):
    form_class = AppForm
    template_name = "sign_in/app_add.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        secret = context["form"].secret
        return context | {
            "drawing": _drawing(context["totp_svg"]),
            "secret": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        }

    def form_valid(self, form: Any) -> HttpResponse:
        return _shown(self.request, "totp", super().form_valid(form))


@own_page
class RemoveApp(DeactivateTOTPView):
    template_name = "sign_in/remove.html"


@own_page
class AddPasskey(AddWebAuthnView):
    form_class = NewPasskeyForm
    template_name = "sign_in/passkey_add.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        assert self.request.user.is_authenticated
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"js_data": {"creation_options": auth.begin_registration(self.request.user, True)}}

    def form_valid(self, form: Any) -> HttpResponse:
        return _shown(self.request, "webauthn", super().form_valid(form))


@own_page
class RemovePasskey(RemoveWebAuthnView):
    template_name = "sign_in/remove.html"
    success_url = reverse_lazy("mfa_index")


@own_page
class RecoveryCodes(ViewRecoveryCodesView):
    template_name = "sign_in/recovery_codes.html"


@own_page
class NewRecoveryCodes(GenerateRecoveryCodesView):
    template_name = "sign_in/recovery_codes_new.html"


def _shown(request: HttpRequest, factor: str, response: HttpResponse) -> HttpResponse:
    """Who has just set a factor up has also shown it: the session goes on."""
    assert request.user.is_authenticated
    record_authentication(request, request.user, "mfa", type=factor)
    return response


def _drawing(svg: str) -> SafeString:
    """The QR code as part of the page: allauth draws it from our own text, without its XML declaration."""
    return SafeString(svg[svg.index("<svg") :])
