"""Forms of signing in. Each attempt is throttled before the secret is checked."""

from datetime import timedelta
from math import ceil
from typing import Any

from allauth.account.forms import LoginForm, ReauthenticateForm
from allauth.core import context
from allauth.mfa.adapter import get_adapter as get_factors
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm, LoginWebAuthnForm
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from bekhedmetkom.identity import throttle
from bekhedmetkom.kernel import clock

from .login_throttle import LoginAttempts

CODE_LIFETIME = timedelta(minutes=2)  # longer than any code is accepted


class TooManyAttempts(ValidationError):
    """Too many attempts in a row; the next is possible in `seconds`."""

    def __init__(self, wait: timedelta):
        self.seconds = max(1, ceil(wait.total_seconds()))
        message = ngettext("انتظر ثانية ثم جرّب من جديد.", "انتظر %(n)d ثانية ثم جرّب من جديد.", self.seconds)
        super().__init__(message, code="wait", params={"n": self.seconds})


def _build_password_field(label: Any, autocomplete: str, **attrs: Any) -> forms.CharField:
    widget = forms.PasswordInput(
        attrs={"class": "input", "autocomplete": autocomplete, "dir": "ltr", **attrs}
    )
    return forms.CharField(label=label, widget=widget, strip=False, max_length=200)


def _build_code_field() -> forms.CharField:
    widget = forms.TextInput(
        attrs={
            "class": "input input--code",
            "autocomplete": "one-time-code",
            "inputmode": "numeric",
            "dir": "ltr",
            "autofocus": True,
        }
    )
    return forms.CharField(label=_("الرمز"), widget=widget, max_length=20)


class SignInForm(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        mail = forms.EmailInput(
            attrs={"class": "input", "autocomplete": "username", "dir": "ltr", "autofocus": True}
        )
        self.fields["login"] = forms.EmailField(label=_("البريد الإلكتروني"), widget=mail)
        self.fields["password"] = _build_password_field(_("كلمة السر"), "current-password")
        self.order_fields(["login", "password"])

    def clean(self) -> dict[str, Any]:
        if self.errors:
            return self.cleaned_data
        attempts = LoginAttempts(self.request, self.cleaned_data["login"], "password")
        if wait := attempts.take_attempt():
            raise TooManyAttempts(wait)
        cleaned: dict[str, Any] = super().clean()
        attempts.reset()
        return cleaned


class ConfirmPasswordForm(ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["password"] = _build_password_field(_("كلمة السر"), "current-password", autofocus=True)

    def clean_password(self) -> str:
        attempts = LoginAttempts(context.request, self.user.get_username(), "password")
        if wait := attempts.take_attempt():
            raise TooManyAttempts(wait)
        password: str = super().clean_password()
        attempts.reset()
        return password


class TwoFactorCodeForm(AuthenticateForm):
    """The six digits of the TOTP app, or a recovery code."""

    code = _build_code_field()

    def clean_code(self) -> str:
        attempts = LoginAttempts(context.request, self.user.get_username(), "code")
        if wait := attempts.take_attempt():
            raise TooManyAttempts(wait)
        code: str = super().clean_code()
        if not throttle.claim_once("code", str(self.user.pk), code, at=clock.now(), lasts=CODE_LIFETIME):
            raise get_factors().validation_error("incorrect_code")
        attempts.reset()
        return code


class TotpForm(ActivateTOTPForm):
    code = _build_code_field()


class CredentialField(forms.JSONField):
    """A passkey as JSON; oversized numbers and deeply nested values are validation errors."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except (ValueError, RecursionError) as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error


class PasskeyForm(AuthenticateWebAuthnForm):
    """Passkey as second factor after the password."""

    credential = CredentialField()

    def clean_credential(self) -> Any:
        return _clean_credential(super().clean_credential)


class PasskeySignInForm(LoginWebAuthnForm):
    """Passkey instead of password and code."""

    credential = CredentialField()

    def clean_credential(self) -> Any:
        return _clean_credential(super().clean_credential)


class NewPasskeyForm(AddWebAuthnForm):
    """Registers a passkey for passwordless sign-in: discoverable, with user verification."""

    credential = CredentialField()
    name = forms.CharField(
        label=_("اسم يميّز هذا الجهاز"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"class": "input"}),
    )
    passwordless = forms.BooleanField(initial=True, widget=forms.HiddenInput)

    def clean(self) -> Any:
        return _clean_credential(super().clean)


class NewPasswordForm(forms.Form):
    password = _build_password_field(_("كلمة سر جديدة"), "new-password")
    password.help_text = _("12 حرفًا أو أكثر. جملة طويلة تتذكرها خير من كلمة معقدة.")


class ChangePasswordForm(NewPasswordForm):
    current = _build_password_field(_("كلمة السر الحالية"), "current-password")
    field_order = ("current", "password")


def _clean_credential(clean: Any) -> Any:
    """Call `clean`; parser errors of third-party code count as a wrong passkey."""
    try:
        return clean()
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise get_factors().validation_error("incorrect_code") from error
