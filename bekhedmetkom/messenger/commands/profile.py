"""Set-up of the Messenger page: greeting, menu and webhook subscription."""

from django.conf import settings

from bekhedmetkom.notifications.rules.messenger import ApiResult
from bekhedmetkom.notifications.senders.messenger import ApiResponse, SendApiClient

from ..rules.profile import build_profile_calls

WEBHOOK_FIELDS = (
    "messages,messaging_postbacks,message_deliveries,message_reads,message_echoes,messaging_referrals"
)


def set_up_profile() -> ApiResponse:
    """Set the start button, then greeting and menu; return the first refused answer, else the last."""
    answer = ApiResponse(ApiResult.REJECTED)
    with SendApiClient() as api:
        for call in build_profile_calls(settings.PUBLIC_URL):
            answer = api.call("me/messenger_profile", call)
            if answer.result is not ApiResult.SENT:
                break
    return answer


def subscribe_webhook() -> ApiResponse:
    """Subscribe our webhook to the page's events; return the answer."""
    with SendApiClient() as api:
        return api.call(
            f"{settings.MESSENGER_PAGE_ID}/subscribed_apps", {"subscribed_fields": WEBHOOK_FIELDS}
        )
