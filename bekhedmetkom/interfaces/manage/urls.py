"""Addresses of the administration, below `/manage`: our own pages, then those of Wagtail's that the guard lets by."""

from django.urls import include, path
from wagtail.admin import urls as wagtail_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns

from . import home, mail, people, posters, programs, reforms, systems, wordings
from .guard import guarded

urlpatterns = [
    path("", home.Home.as_view(), name="manage"),
    path("account/", home.account, name="manage-account"),
    path("officers/import/", people.ImportOfficers.as_view(), name="manage-import-officers"),
    path("officers/<int:officer>/invite/", people.invite, name="manage-invite"),
    path("bodies/<int:entity>/change/", reforms.Reform.as_view(), name="manage-reform"),
    path("posters/<str:code>/", posters.poster, name="manage-poster"),
    path("programs/<int:program>/keys/", programs.change_keys, name="manage-program-keys"),
    path("webhooks/<int:subscription>/again/", programs.tell_again, name="manage-webhook-again"),
    path("systems/<int:system>/topics/", systems.SystemTopics.as_view(), name="manage-system-topics"),
    path("systems/<int:system>/end/", systems.end_system, name="manage-system-end"),
    path("forwarded/<int:forwarding>/again/", systems.forward_again, name="manage-forward-again"),
    path("messages/<int:message>/again/", mail.send_again_now, name="manage-message-again"),
    path("wordings/", wordings.Wordings.as_view(), name="manage-wordings"),
    path("wordings/<slug:template>/", wordings.EditWording.as_view(), name="manage-wording"),
    path("", include(decorate_urlpatterns(wagtail_urls.urlpatterns, guarded))),
]
