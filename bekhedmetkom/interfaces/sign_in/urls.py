"""Only what an officer needs: no sign-up, no addresses to manage. allauth's names, for it looks them up."""

from django.urls import path

from . import factors, views

urlpatterns = [
    path("sign-in", views.sign_in, name="sign-in"),
    path("sign-in", views.sign_in, name="account_login"),
    path("sign-in/code", factors.code, name="mfa_authenticate"),
    path("sign-in/passkey", factors.passkey_alone, name="mfa_login_webauthn"),
    path("sign-in/again", views.password_again, name="account_reauthenticate"),
    path("sign-out", views.sign_out, name="account_logout"),
    path("invitation/<str:token>", views.invitation, name="invitation"),
    path("account", factors.account, name="mfa_index"),
    path("account/password", views.change_password, name="account_change_password"),
    path("account/app", factors.add_app, name="mfa_activate_totp"),
    path("account/app/remove", factors.remove_app, name="mfa_deactivate_totp"),
    path("account/passkeys/new", factors.add_passkey, name="mfa_add_webauthn"),
    path("account/passkeys/<int:pk>/remove", factors.remove_passkey, name="mfa_remove_webauthn"),
    path("account/recovery-codes", factors.recovery_codes, name="mfa_view_recovery_codes"),
    path("account/recovery-codes/new", factors.new_recovery_codes, name="mfa_generate_recovery_codes"),
]
