"""The addresses of GeoReport v2, each with the ending of its format."""

from django.urls import re_path

from . import discovery, public_requests, submission

_END = r"\.(?P<extension>[^/.]+)$"
app_name = "open311"
urlpatterns = [
    re_path(rf"^discovery{_END}", discovery.show_discovery, name="discovery"),
    re_path(rf"^v2/services{_END}", discovery.list_services, name="services"),
    re_path(rf"^v2/services/(?P<code>[^/]+){_END}", discovery.get_service_definition, name="definition"),
    re_path(rf"^v2/requests{_END}", submission.handle_requests, name="requests"),
    re_path(rf"^v2/requests/(?P<reference>[^/]+){_END}", public_requests.get_request, name="request"),
    re_path(rf"^v2/tokens/(?P<token>[^/]+){_END}", submission.get_token, name="token"),
]
