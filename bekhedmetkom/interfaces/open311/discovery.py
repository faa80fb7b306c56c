"""Where the service is, and about what something can be asked publicly."""

from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from bekhedmetkom.catalogue.queries import Topic, find_service_by_code
from bekhedmetkom.catalogue.queries import list_services as topics
from bekhedmetkom.catalogue.rules import Handling, Kind
from bekhedmetkom.entities.queries import find_successor, find_successor_by_code, get_tree
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.text import BilingualText, Language

from .resource import resource
from .responses import RequestError, ResponseContent, get_language, render_response
from .service_attributes import list_attributes, serialize_attribute

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
CHANGESET_DATE = "2026-11-27T00:00:00+03:00"  # when something of this door last changed for who uses it
CACHE_ONE_HOUR = "public, max-age=3600"

_CONTACT = BilingualText(
    "{url}/help — مركز الاتصال الوطني 06 500 8080", "{url}/en/help, national call centre +962 6 500 8080"
)
_KEY_SERVICE = BilingualText(
    "مفاتيح api_key تصدرها إدارة المنصة للأنظمة المسجلة: {url}/api/v1/docs#open311",
    "Keys (api_key) are given to registered programs by the platform's administration: {url}/en/api/v1/docs#open311",
)
_UNKNOWN_SERVICE = BilingualText("لا موضوع بهذا الرمز.", "No service has this service_code.")
_UNKNOWN_ENTITY = BilingualText("لا جهة بهذا الرمز.", "No body has this code.")


@resource("GET", "HEAD")
def show_discovery(request: HttpRequest) -> HttpResponseBase:
    """The address of the service, its formats, and who to turn to."""
    language, url = get_language(request), settings.PUBLIC_URL
    endpoint = {
        "specification": SPECIFICATION, "url": f"{url}/open311/v2", "changeset": CHANGESET_DATE,
        "type": "test" if settings.DEMO else "production", "formats": ["text/xml", "application/json"],
    }  # fmt: skip
    said = {
        "changeset": CHANGESET_DATE,
        "contact": _CONTACT.format(url=url).in_language(language),
        "key_service": _KEY_SERVICE.format(url=url).in_language(language),
        "endpoints": [endpoint],
    }
    return render_response(request, ResponseContent("discovery", said, CACHE_ONE_HOUR))


@resource("GET", "HEAD")
def list_services(request: HttpRequest) -> HttpResponseBase:
    """Every topic about which something can be asked publicly; `?entity=CODE` for one body's (an extension)."""
    language, today = get_language(request), get_local_date(clock.now())
    body = None
    if code := request.GET.get("entity", "").strip():
        body = find_successor_by_code(code.upper(), today)
        if body is None:
            raise RequestError(404, [_UNKNOWN_ENTITY])
    said = [
        _serialize_service(topic, language)
        for topic in topics()
        if is_open_to_public(topic, today) and body in (None, find_successor(topic.entity, today))
    ]
    return render_response(request, ResponseContent("services", said, CACHE_ONE_HOUR))


@resource("GET", "HEAD")
def get_service_definition(request: HttpRequest, code: str) -> HttpResponseBase:
    """What is asked about one service."""
    topic, language = get_open_topic(code), get_language(request)
    asked = [
        serialize_attribute(question, order, language)
        for order, question in enumerate(list_attributes(topic), 1)
    ]
    said = {"service_code": topic.code, "attributes": asked}
    return render_response(request, ResponseContent("service_definition", said, CACHE_ONE_HOUR))


def get_open_topic(code: str) -> Topic:
    """The service of a code, which is refused like an unknown one where nothing of it may be asked publicly."""
    topic = find_service_by_code(code.strip())
    if topic is None or not is_open_to_public(topic, get_local_date(clock.now())):
        raise RequestError(404, [_UNKNOWN_SERVICE])
    return topic


def is_open_to_public(topic: Topic, today: date) -> bool:
    """Neither a confidential topic nor what only inspectors receive; nor one that has ended with its body."""
    return (
        topic.handling is Handling.OPEN
        and topic.typical_kind is not Kind.VIOLATION
        and topic.is_open(today)
        and find_successor(topic.entity, today) is not None
    )


def _serialize_service(topic: Topic, language: Language) -> dict[str, Any]:
    body = get_tree()[topic.entity]
    other = topic.name.in_language("ar" if language == "en" else "en")
    return {
        "service_code": topic.code,
        "service_name": topic.name.in_language(language),
        "description": f"{topic.name.in_language(language)} — {body.get_name(language)}",
        "metadata": bool(list_attributes(topic)),
        "type": "realtime",
        "keywords": ",".join(word.replace(",", " ") for word in (other, body.code)),
        "group": body.get_name(language),
    }
