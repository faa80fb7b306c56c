"""Set-up of the Messenger page: greeting, menu and webhook subscription."""

from django.conf import settings

from bekhedmetkom.messages.rules.messenger import Verdict
from bekhedmetkom.messages.senders.messenger import Answer, SendApi

from ..rules.profile import build_profile_calls

WEBHOOK_FIELDS = (
    "messages,messaging_postbacks,message_deliveries,message_reads,message_echoes,messaging_referrals"
)


def set_up_profile() -> Answer:
    """Set the start button, then greeting and menu; return the first refused answer, else the last."""
    answer = Answer(Verdict.NEVER)
    with SendApi() as api:
        for call in build_profile_calls(settings.PUBLIC_URL):
            answer = api.call("me/messenger_profile", call)
            if answer.verdict is not Verdict.SENT:
                break
    return answer


def subscribe_webhook() -> Answer:
    """Subscribe our webhook to the page's events; return the answer."""
    with SendApi() as api:
        return api.call(
            f"{settings.MESSENGER_PAGE_ID}/subscribed_apps", {"subscribed_fields": WEBHOOK_FIELDS}
        )
