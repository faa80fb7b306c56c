"""URLs of signing in, without sign-up. allauth looks up its own names."""

from django.urls import path

from . import notification_preferences, two_factor, views

urlpatterns = [
    path("sign-in", views.SignInView.as_view(), name="sign-in"),
    path("sign-in", views.SignInView.as_view(), name="account_login"),
    path("sign-in/code", two_factor.TwoFactorCodeView.as_view(), name="mfa_authenticate"),
    path("sign-in/passkey", two_factor.PasskeySignInView.as_view(), name="mfa_login_webauthn"),
    path("sign-in/again", views.ConfirmPasswordView.as_view(), name="account_reauthenticate"),
    path("sign-out", views.SignOutView.as_view(), name="account_logout"),
    path("invitation/<str:token>", views.invitation, name="invitation"),
    path("account", two_factor.AccountView.as_view(), name="mfa_index"),
    path(
        "account/telling",
        notification_preferences.edit_notification_preferences,
        name="notification_preferences",
    ),
    path("account/password", views.change_password, name="account_change_password"),
    path("account/app", two_factor.AddTotpView.as_view(), name="mfa_activate_totp"),
    path("account/app/remove", two_factor.RemoveTotpView.as_view(), name="mfa_deactivate_totp"),
    path("account/passkeys/new", two_factor.AddPasskeyView.as_view(), name="mfa_add_webauthn"),
    path(
        "account/passkeys/<int:pk>/remove", two_factor.RemovePasskeyView.as_view(), name="mfa_remove_webauthn"
    ),
    path("account/recovery-codes", two_factor.RecoveryCodesView.as_view(), name="mfa_view_recovery_codes"),
    path(
        "account/recovery-codes/new",
        two_factor.NewRecoveryCodesView.as_view(),
        name="mfa_generate_recovery_codes",
    ),
]
