"""Where the service is, and about what something can be asked publicly."""

from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from bekhedmetkom.catalogue.queries import Topic, service_by_code
from bekhedmetkom.catalogue.queries import services as topics
from bekhedmetkom.catalogue.rules import Handling, Kind
from bekhedmetkom.entities.queries import heir, heir_by_code, tree
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.clock import local_day
from bekhedmetkom.kernel.words import Language, Words

from .answers import Answer, Refusal, language_of, read
from .questions import described, questions_of
from .resources import resource

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
CHANGED = "2026-11-27T00:00:00+03:00"  # when something of this door last changed for who uses it
AN_HOUR = "public, max-age=3600"

_CONTACT = Words(
    "{url}/help — مركز الاتصال الوطني 06 500 8080", "{url}/en/help, national call centre +962 6 500 8080"
)
_KEYS = Words(
    "مفاتيح api_key تصدرها إدارة المنصة للأنظمة المسجلة: {url}/api/v1/docs#open311",
    "Keys (api_key) are given to registered programs by the platform's administration: {url}/en/api/v1/docs#open311",
)
_NO_SERVICE = Words("لا موضوع بهذا الرمز.", "No service has this service_code.")
_NO_ENTITY = Words("لا جهة بهذا الرمز.", "No body has this code.")


@resource("GET", "HEAD")
def discovery(request: HttpRequest) -> HttpResponseBase:
    """The address of the service, its formats, and who to turn to."""
    language, url = language_of(request), settings.PUBLIC_URL
    endpoint = {
        "specification": SPECIFICATION, "url": f"{url}/open311/v2", "changeset": CHANGED,
        "type": "test" if settings.DEMO else "production", "formats": ["text/xml", "application/json"],
    }  # fmt: skip
    said = {
        "changeset": CHANGED,
        "contact": _CONTACT.filled(url=url).in_(language),
        "key_service": _KEYS.filled(url=url).in_(language),
        "endpoints": [endpoint],
    }
    return read(request, Answer("discovery", said, AN_HOUR))


@resource("GET", "HEAD")
def services(request: HttpRequest) -> HttpResponseBase:
    """Every topic about which something can be asked publicly; `?entity=CODE` for one body's (an extension)."""
    language, today = language_of(request), local_day(clock.now())
    body = None
    if code := request.GET.get("entity", "").strip():
        body = heir_by_code(code.upper(), today)
        if body is None:
            raise Refusal(404, [_NO_ENTITY])
    said = [
        _service(topic, language)
        for topic in topics()
        if is_asked_publicly(topic, today) and body in (None, heir(topic.entity, today))
    ]
    return read(request, Answer("services", said, AN_HOUR))


@resource("GET", "HEAD")
def definition(request: HttpRequest, code: str) -> HttpResponseBase:
    """What is asked about one service."""
    topic, language = topic_of(code), language_of(request)
    asked = [described(question, order, language) for order, question in enumerate(questions_of(topic), 1)]
    said = {"service_code": topic.code, "attributes": asked}
    return read(request, Answer("service_definition", said, AN_HOUR))


def topic_of(code: str) -> Topic:
    """The service of a code, which is refused like an unknown one where nothing of it may be asked publicly."""
    topic = service_by_code(code.strip())
    if topic is None or not is_asked_publicly(topic, local_day(clock.now())):
        raise Refusal(404, [_NO_SERVICE])
    return topic


def is_asked_publicly(topic: Topic, today: date) -> bool:
    """Neither a confidential topic nor what only inspectors receive; nor one that has ended with its body."""
    return (
        topic.handling is Handling.OPEN
        and topic.typical_kind is not Kind.VIOLATION
        and topic.is_open(today)
        and heir(topic.entity, today) is not None
    )


def _service(topic: Topic, language: Language) -> dict[str, Any]:
    body = tree()[topic.entity]
    other = topic.words.in_("ar" if language == "en" else "en")
    return {
        "service_code": topic.code,
        "service_name": topic.words.in_(language),
        "description": f"{topic.words.in_(language)} — {body.name_in(language)}",
        "metadata": bool(questions_of(topic)),
        "type": "realtime",
        "keywords": ",".join(word.replace(",", " ") for word in (other, body.code)),
        "group": body.name_in(language),
    }
