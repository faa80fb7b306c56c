"""Sign-in, sign-out, password confirmation, invitation and password change, over allauth."""

from typing import Any

from allauth.account.views import LoginView, LogoutView, ReauthenticateView
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from bekhedmetkom.identity import commands
from bekhedmetkom.identity.authentication import find_invited_officer
from bekhedmetkom.interfaces.access_control import audience, officer_required
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.errors import InvalidInput

from .forms import ChangePasswordForm, ConfirmPasswordForm, NewPasswordForm, SignInForm, TooManyAttempts


def add_retry_after(response: HttpResponse, form: Any) -> HttpResponse:
    """Answer a throttled form with status 429 and Retry-After."""
    waits = [
        error
        for errors in form.errors.as_data().values()
        for error in errors
        if isinstance(error, TooManyAttempts)
    ]
    if waits:
        response.status_code = 429
        response["Retry-After"] = str(max(wait.seconds for wait in waits))
    return response


@audience("public")
class SignInView(LoginView):
    form_class = SignInForm
    template_name = "sign_in/sign_in.html"

    def form_invalid(self, form: Any) -> HttpResponse:
        return add_retry_after(super().form_invalid(form), form)


@audience("public")
class SignOutView(LogoutView):
    """POST only, so that a foreign page cannot sign anyone out."""

    http_method_names = ("post",)


@audience("officer")
class ConfirmPasswordView(ReauthenticateView):
    form_class = ConfirmPasswordForm
    template_name = "sign_in/confirm_password.html"
    allowed_before_second_factor = True

    def form_invalid(self, form: Any) -> HttpResponse:
        return add_retry_after(super().form_invalid(form), form)


@audience("public")
@never_cache
@sensitive_post_parameters("password")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Page where an invited officer chooses a password; the link works once."""
    officer = find_invited_officer(token, clock.now())
    if officer is None:
        return render(request, "sign_in/invitation_expired.html", status=410)
    form = NewPasswordForm(request.POST or None)
    if form.is_valid():
        try:
            commands.accept_invitation(token=token, password=form.cleaned_data["password"], at=clock.now())
        except commands.InvitationNotUsable:
            return render(request, "sign_in/invitation_expired.html", status=410)
        except InvalidInput as error:
            add_form_errors(form, error)
        else:
            messages.success(request, gettext("كلمة السر جاهزة. ادخل بها الآن."))
            return redirect("sign-in")
    return render(request, "sign_in/invitation.html", {"form": form, "officer": officer})


@audience("officer")
@officer_required
@never_cache
@sensitive_post_parameters("password", "current")
def change_password(request: HttpRequest) -> HttpResponse:
    """Change the password; all other sessions end."""
    assert request.user.is_authenticated
    form = ChangePasswordForm(request.POST or None)
    if form.is_valid():
        try:
            commands.change_password(officer=request.user.pk, **form.cleaned_data)
        except InvalidInput as error:
            add_form_errors(form, error)
        else:
            request.user.refresh_from_db(fields=["password"])
            update_session_auth_hash(request, request.user)
            messages.success(request, gettext("تغيّرت كلمة السر."))
            return redirect("mfa_index")
    return render(request, "sign_in/change_password.html", {"form": form})


def add_form_errors(form: Any, invalid: InvalidInput) -> None:
    """Add a command's errors to the fields of the form."""
    for error in invalid.errors:
        form.add_error(error.field, error.message.in_language(get_language() or "ar"))
