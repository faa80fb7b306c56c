"""Routes that gateways call."""

from django.urls import path

from . import views

urlpatterns = [
    path("webhooks/sms", views.receive_receipts, name="sms-receipts"),
    path("webhooks/sms/answers", views.receive_sms, name="sms-answers"),
    path("webhooks/mail", views.receive_email, name="mail-answers"),
]
