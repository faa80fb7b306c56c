"""Only what an officer needs: no sign-up, no addresses to manage. allauth's names, for it looks them up."""

from django.urls import path

from . import factors, telling, views

urlpatterns = [
    path("sign-in", views.SignIn.as_view(), name="sign-in"),
    path("sign-in", views.SignIn.as_view(), name="account_login"),
    path("sign-in/code", factors.Code.as_view(), name="mfa_authenticate"),
    path("sign-in/passkey", factors.PasskeyAlone.as_view(), name="mfa_login_webauthn"),
    path("sign-in/again", views.PasswordAgain.as_view(), name="account_reauthenticate"),
    path("sign-out", views.SignOut.as_view(), name="account_logout"),
    path("invitation/<str:token>", views.invitation, name="invitation"),
    path("account", factors.Account.as_view(), name="mfa_index"),
    path("account/telling", telling.telling, name="telling"),
    path("account/password", views.change_password, name="account_change_password"),
    path("account/app", factors.AddApp.as_view(), name="mfa_activate_totp"),
    path("account/app/remove", factors.RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path("account/passkeys/new", factors.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("account/passkeys/<int:pk>/remove", factors.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("account/recovery-codes", factors.RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path(
        "account/recovery-codes/new", factors.NewRecoveryCodes.as_view(), name="mfa_generate_recovery_codes"
    ),
]
