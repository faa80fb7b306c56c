"""What gateways call."""

from django.urls import path

from . import receipts

urlpatterns = [path("webhooks/sms", receipts.sms, name="sms-receipts")]
