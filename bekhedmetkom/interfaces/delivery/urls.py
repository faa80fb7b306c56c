"""What gateways call."""

from django.urls import path

from . import answers, receipts

urlpatterns = [
    path("webhooks/sms", receipts.sms, name="sms-receipts"),
    path("webhooks/sms/answers", answers.sms, name="sms-answers"),
    path("webhooks/mail", answers.mail, name="mail-answers"),
]
