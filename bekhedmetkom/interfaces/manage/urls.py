"""Addresses of the administration, below `/manage`: our own pages, then those of Wagtail's that the guard lets by."""

from django.urls import include, path
from wagtail.admin import urls as wagtail_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns

from . import (
    api_clients,
    body_succession,
    external_systems,
    home,
    message_templates,
    officers,
    posters,
    sent_messages,
)
from .page_access import restrict_page

urlpatterns = [
    path("", home.HomeView.as_view(), name="manage"),
    path("account/", home.redirect_to_account, name="manage-account"),
    path("officers/import/", officers.ImportOfficersView.as_view(), name="manage-import-officers"),
    path("officers/<int:officer>/invite/", officers.invite_officer, name="manage-invite"),
    path("bodies/<int:entity>/change/", body_succession.BodySuccessionView.as_view(), name="manage-reform"),
    path("posters/<str:code>/", posters.download_poster, name="manage-poster"),
    path("programs/<int:program>/keys/", api_clients.change_api_keys, name="manage-program-keys"),
    path("webhooks/<int:subscription>/again/", api_clients.resend_webhooks, name="manage-webhook-again"),
    path(
        "systems/<int:system>/topics/",
        external_systems.TopicMappingView.as_view(),
        name="manage-system-topics",
    ),
    path("systems/<int:system>/end/", external_systems.disconnect_system, name="manage-system-end"),
    path("forwarded/<int:forwarding>/again/", external_systems.retry_forwarding, name="manage-forward-again"),
    path("messages/<int:message>/again/", sent_messages.resend_message, name="manage-message-again"),
    path("wordings/", message_templates.MessageTemplateListView.as_view(), name="manage-wordings"),
    path(
        "wordings/<slug:template>/",
        message_templates.MessageTemplateEditView.as_view(),
        name="manage-wording",
    ),
    path("", include(decorate_urlpatterns(wagtail_urls.urlpatterns, restrict_page))),
]
