"""What programs send and see of their webhooks."""

from datetime import datetime

from ninja import Schema
from pydantic import Field

from bekhedmetkom.webhooks.rules.webhook_protocol import SubscriptionScope

from .shared import RequestBody


class SubscribeIn(RequestBody):
    url: str = Field(max_length=500, description="https, and public")
    whose: SubscriptionScope = Field(
        SubscriptionScope.SUBMITTED, description="Your body's cases, or those that your program brought"
    )
    events: list[str] = Field([], max_length=50, description="None named means all of them")


class SubscriptionOut(Schema):
    id: int
    url: str
    whose: SubscriptionScope
    events: list[str]
    created_at: datetime
    waiting: int = Field(description="Deliveries that are due or will be")
    parked: int = Field(description="Deliveries that nobody took in three days")
    failures: int = Field(description="Tries in a row that failed")
    last_status: int | None = Field(description="Of the last answer; 0: there was none")


class SubscriptionCreatedOut(Schema):
    id: int
    secret: str = Field(description="Shown this once: `whsec_` and base64, as Standard Webhooks has it")


class SubscriptionsOut(Schema):
    items: list[SubscriptionOut]
    next: None = None


class SecretOut(Schema):
    secret: str


class ParkedDeliveryOut(Schema):
    id: int
    event: str = Field(description="The body that will be sent")
    created_at: datetime
    tries: int


class ParkedDeliveriesOut(Schema):
    items: list[ParkedDeliveryOut]
    next: str | None
