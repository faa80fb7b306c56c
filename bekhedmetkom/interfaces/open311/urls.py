"""The addresses of GeoReport v2, each with the ending of its format."""

from django.urls import re_path

from . import bringing, discovery, reading

_END = r"\.(?P<extension>[^/.]+)$"
app_name = "open311"
urlpatterns = [
    re_path(rf"^discovery{_END}", discovery.discovery, name="discovery"),
    re_path(rf"^v2/services{_END}", discovery.services, name="services"),
    re_path(rf"^v2/services/(?P<code>[^/]+){_END}", discovery.definition, name="definition"),
    re_path(rf"^v2/requests{_END}", bringing.requests, name="requests"),
    re_path(rf"^v2/requests/(?P<reference>[^/]+){_END}", reading.one, name="request"),
    re_path(rf"^v2/tokens/(?P<token>[^/]+){_END}", bringing.token, name="token"),
]
