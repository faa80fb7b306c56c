"""What is public, for everybody: what a service allows, its citizen agreed to and the desk released, and no more."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponseBase, QueryDict

from bekhedmetkom.cases.queries import PublicCase, list_public_cases
from bekhedmetkom.cases.rules.states import ANSWERED_STATES, OPEN_STATES, STATE_LABELS
from bekhedmetkom.catalogue.queries import find_service_by_code, get_service
from bekhedmetkom.entities.queries import get_governorates, get_tree
from bekhedmetkom.identity import rate_limit
from bekhedmetkom.interfaces.request_headers import get_client_address
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.clock import AMMAN
from bekhedmetkom.kernel.errors import FieldError, InvalidInput
from bekhedmetkom.kernel.references import parse_reference
from bekhedmetkom.kernel.text import BilingualText, Language

from .resource import build_not_found, resource
from .responses import RequestError, ResponseContent, get_language, render_response

MAX_RANGE = timedelta(days=90)
MAX_RESULTS, MAX_PAGE_SIZE, MAX_PAGE = 1000, 100, 10_000
STATES_BY_STATUS: dict[str, Sequence[str]] = {"open": OPEN_STATES, "closed": ANSWERED_STATES}
_DATE_MARGIN = timedelta(days=400)  # years 1 and 9999 leave no room for a range, nor for another zone

_INVALID_STATUS = BilingualText("open أو closed.", "open or closed.")
_INVALID_TIME = BilingualText(
    "اكتب الوقت مثل 2026-11-27T12:00:00+03:00.", "Write a time such as 2026-11-27T12:00:00+03:00."
)
_RANGE_TOO_LONG = BilingualText("المدة 90 يومًا على الأكثر.", "The range is 90 days at most.")
_INVALID_PAGE = BilingualText("اكتب رقمًا من 1.", "Write a number from 1.")
_TOO_MANY_REQUESTS = BilingualText(
    "أسئلة كثيرة من شبكتك الآن. انتظر قليلًا.", "Much is asked from your network. Wait a little."
)


@resource("GET", "HEAD")
def get_request(request: HttpRequest, reference: str) -> HttpResponseBase:
    """One case, if it is public."""
    _enforce_rate_limit(request)
    known = parse_reference(reference)
    found = list_public_cases(references=[known], most=1) if known else []
    if not found:
        raise build_not_found()
    return _render_cases(request, found)


def list_requests(request: HttpRequest) -> HttpResponseBase:
    """Those that were asked for, the newest first."""
    _enforce_rate_limit(request)
    asked = request.GET
    if named := _parse_list(asked, "service_request_id"):
        references = [known for name in named[:MAX_RESULTS] if (known := parse_reference(name))]
        return _render_cases(request, list_public_cases(references=references, most=MAX_RESULTS))
    since, until = _parse_range(asked)
    wanted = _parse_list(asked, "service_code")
    size = _parse_number(asked, "page_size", MAX_PAGE_SIZE)
    page = _parse_number(asked, "page", MAX_PAGE)
    most = MAX_RESULTS if page is None and size is None else size or MAX_PAGE_SIZE
    return _render_cases(
        request,
        list_public_cases(
            services=[topic.id for code in wanted if (topic := find_service_by_code(code))] if wanted else None,
            states=_parse_states(asked), since=since, until=until, updated_after=_parse_time(asked, "updated_after"),
            most=most, skip=most * ((page or 1) - 1),
        ),
    )  # fmt: skip


def get_body_name(entity: int) -> BilingualText:
    return get_tree()[entity].name


def _enforce_rate_limit(request: HttpRequest) -> None:
    if wait := rate_limit.count_question(address=get_client_address(request), at=clock.now()):
        raise RequestError(429, [_TOO_MANY_REQUESTS], {"Retry-After": str(wait)})


def _render_cases(request: HttpRequest, found: Sequence[PublicCase]) -> HttpResponseBase:
    language = get_language(request)
    more = request.GET.get("extensions", "").strip().lower() == "true"
    said = [_serialize_case(case, language) | (_serialize_extensions(case) if more else {}) for case in found]
    return render_response(request, ResponseContent("service_requests", said))


def _serialize_case(case: PublicCase, language: Language) -> dict[str, Any]:
    topic = get_service(case.service)
    return {
        "service_request_id": case.reference,
        "status": "open" if case.state in OPEN_STATES else "closed",
        "status_notes": STATE_LABELS[case.state].in_language(language),
        "service_name": topic.name.in_language(language),
        "service_code": topic.code,
        "description": case.text,
        "agency_responsible": get_body_name(case.entity).in_language(language),
        "service_notice": None,
        "requested_datetime": _format_instant(case.received_at),
        "updated_datetime": _format_instant(case.updated_at),
        "expected_datetime": _format_instant(case.due_at),
        "address": get_governorates()[case.governorate].get_name(language) if case.governorate else None,
        "address_id": None,
        "zipcode": None,
        "lat": case.lat,
        "long": case.lng,
        "media_url": None,
    }


def _serialize_extensions(case: PublicCase) -> dict[str, Any]:
    """What `extensions=true` adds."""
    return {
        "extended_attributes": {
            "state": str(case.state),
            "kind": str(case.kind),
            "entity": get_tree()[case.entity].code,
        }
    }


def _format_instant(at: datetime) -> str:
    return at.astimezone(AMMAN).isoformat(timespec="seconds")


def _parse_list(asked: QueryDict, name: str) -> list[str]:
    return list(dict.fromkeys(part.strip() for part in asked.get(name, "").split(",") if part.strip()))


def _parse_states(asked: QueryDict) -> list[str] | None:
    names = _parse_list(asked, "status")
    if not set(names) <= STATES_BY_STATUS.keys():
        raise InvalidInput(FieldError("status", _INVALID_STATUS))
    return [str(state) for name in names for state in STATES_BY_STATUS[name]] or None


def _parse_range(asked: QueryDict) -> tuple[datetime, datetime]:
    """The last 90 days where no date is given; with one date, the 90 days that begin or end with it."""
    since, until = _parse_time(asked, "start_date"), _parse_time(asked, "end_date")
    if since and until and until - since > MAX_RANGE:
        raise InvalidInput(FieldError("start_date, end_date", _RANGE_TOO_LONG))
    if since:
        return since, until or since + MAX_RANGE
    until = until or clock.now()
    return until - MAX_RANGE, until


def _parse_time(asked: QueryDict, name: str) -> datetime | None:
    """W3C: a day or a time. Without a zone it is Jordan's; the "+" of a zone that was not quoted has become a blank."""
    typed = asked.get(name, "").strip()
    if not typed:
        return None
    try:
        at = datetime.fromisoformat(re.sub(r" (?=\d\d:?\d\d$)", "+", typed) if "T" in typed else typed)
        at = at if at.tzinfo else at.replace(tzinfo=AMMAN)
        if (
            not datetime.min.replace(tzinfo=AMMAN) + _DATE_MARGIN
            < at
            < datetime.max.replace(tzinfo=AMMAN) - _DATE_MARGIN
        ):
            raise ValueError
    except (ValueError, OverflowError):
        raise InvalidInput(FieldError(name, _INVALID_TIME)) from None
    return at


def _parse_number(asked: QueryDict, name: str, most: int) -> int | None:
    typed = asked.get(name, "").strip()
    if not typed:
        return None
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 10 and int(typed) > 0):
        raise InvalidInput(FieldError(name, _INVALID_PAGE))
    return min(int(typed), most)
