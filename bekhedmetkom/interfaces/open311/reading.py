"""What is public, for everybody: what a service allows, its citizen agreed to and the desk released, and no more."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponseBase, QueryDict

from bekhedmetkom.cases.queries import PublicCase, public_cases
from bekhedmetkom.cases.rules.states import ANSWERED, OPEN, STATE_WORDS
from bekhedmetkom.catalogue.queries import service, service_by_code
from bekhedmetkom.entities.queries import places, tree
from bekhedmetkom.identity import limits
from bekhedmetkom.interfaces.address import address_of
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.clock import AMMAN
from bekhedmetkom.kernel.errors import FieldError, Invalid
from bekhedmetkom.kernel.references import parse_reference
from bekhedmetkom.kernel.words import Language, Words

from .answers import Answer, Refusal, language_of, read
from .resources import nothing, resource

LONGEST_RANGE = timedelta(days=90)
MOST, MOST_A_PAGE, LAST_PAGE = 1000, 100, 10_000
STATUSES: dict[str, Sequence[str]] = {"open": OPEN, "closed": ANSWERED}
_ROOM = timedelta(days=400)  # years 1 and 9999 leave no room for a range, nor for another zone

_STATUS = Words("open أو closed.", "open or closed.")
_MOMENT = Words(
    "اكتب الوقت مثل 2026-11-27T12:00:00+03:00.", "Write a time such as 2026-11-27T12:00:00+03:00."
)
_RANGE = Words("المدة 90 يومًا على الأكثر.", "The range is 90 days at most.")
_PAGE = Words("اكتب رقمًا من 1.", "Write a number from 1.")
_TOO_FAST = Words(
    "أسئلة كثيرة من شبكتك الآن. انتظر قليلًا.", "Much is asked from your network. Wait a little."
)


@resource("GET", "HEAD")
def one(request: HttpRequest, reference: str) -> HttpResponseBase:
    """One case, if it is public."""
    _slowly(request)
    known = parse_reference(reference)
    found = public_cases(references=[known], most=1) if known else []
    if not found:
        raise nothing()
    return _said(request, found)


def listed(request: HttpRequest) -> HttpResponseBase:
    """Those that were asked for, the newest first."""
    _slowly(request)
    asked = request.GET
    if named := _list(asked, "service_request_id"):
        references = [known for name in named[:MOST] if (known := parse_reference(name))]
        return _said(request, public_cases(references=references, most=MOST))
    since, until = _range(asked)
    wanted = _list(asked, "service_code")
    size = _number(asked, "page_size", MOST_A_PAGE)
    page = _number(asked, "page", LAST_PAGE)
    most = MOST if page is None and size is None else size or MOST_A_PAGE
    return _said(
        request,
        public_cases(
            services=[topic.id for code in wanted if (topic := service_by_code(code))] if wanted else None,
            states=_states(asked), since=since, until=until, updated_after=_moment(asked, "updated_after"),
            most=most, skip=most * ((page or 1) - 1),
        ),
    )  # fmt: skip


def body_of(entity: int) -> Words:
    return tree()[entity].words


def _slowly(request: HttpRequest) -> None:
    if wait := limits.wait_to_ask(address=address_of(request), at=clock.now()):
        raise Refusal(429, [_TOO_FAST], {"Retry-After": str(wait)})


def _said(request: HttpRequest, found: Sequence[PublicCase]) -> HttpResponseBase:
    language = language_of(request)
    more = request.GET.get("extensions", "").strip().lower() == "true"
    said = [_case(case, language) | (_more(case) if more else {}) for case in found]
    return read(request, Answer("service_requests", said))


def _case(case: PublicCase, language: Language) -> dict[str, Any]:
    topic = service(case.service)
    return {
        "service_request_id": case.reference,
        "status": "open" if case.state in OPEN else "closed",
        "status_notes": STATE_WORDS[case.state].in_(language),
        "service_name": topic.words.in_(language),
        "service_code": topic.code,
        "description": case.text,
        "agency_responsible": body_of(case.entity).in_(language),
        "service_notice": None,
        "requested_datetime": _instant(case.received_at),
        "updated_datetime": _instant(case.updated_at),
        "expected_datetime": _instant(case.due_at),
        "address": places()[case.governorate].name_in(language) if case.governorate else None,
        "address_id": None,
        "zipcode": None,
        "lat": case.lat,
        "long": case.lng,
        "media_url": None,
    }


def _more(case: PublicCase) -> dict[str, Any]:
    """What `extensions=true` adds."""
    return {
        "extended_attributes": {
            "state": str(case.state),
            "kind": str(case.kind),
            "entity": tree()[case.entity].code,
        }
    }


def _instant(at: datetime) -> str:
    return at.astimezone(AMMAN).isoformat(timespec="seconds")


def _list(asked: QueryDict, name: str) -> list[str]:
    return list(dict.fromkeys(part.strip() for part in asked.get(name, "").split(",") if part.strip()))


def _states(asked: QueryDict) -> list[str] | None:
    names = _list(asked, "status")
    if not set(names) <= STATUSES.keys():
        raise Invalid(FieldError("status", _STATUS))
    return [str(state) for name in names for state in STATUSES[name]] or None


def _range(asked: QueryDict) -> tuple[datetime, datetime]:
    """The last 90 days where no date is given; with one date, the 90 days that begin or end with it."""
    since, until = _moment(asked, "start_date"), _moment(asked, "end_date")
    if since and until and until - since > LONGEST_RANGE:
        raise Invalid(FieldError("start_date, end_date", _RANGE))
    if since:
        return since, until or since + LONGEST_RANGE
    until = until or clock.now()
    return until - LONGEST_RANGE, until


def _moment(asked: QueryDict, name: str) -> datetime | None:
    """W3C: a day or a time. Without a zone it is Jordan's; the "+" of a zone that was not quoted has become a blank."""
    typed = asked.get(name, "").strip()
    if not typed:
        return None
    try:
        at = datetime.fromisoformat(re.sub(r" (?=\d\d:?\d\d$)", "+", typed) if "T" in typed else typed)
        at = at if at.tzinfo else at.replace(tzinfo=AMMAN)
        if not datetime.min.replace(tzinfo=AMMAN) + _ROOM < at < datetime.max.replace(tzinfo=AMMAN) - _ROOM:
            raise ValueError
    except (ValueError, OverflowError):
        raise Invalid(FieldError(name, _MOMENT)) from None
    return at


def _number(asked: QueryDict, name: str, most: int) -> int | None:
    typed = asked.get(name, "").strip()
    if not typed:
        return None
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 10 and int(typed) > 0):
        raise Invalid(FieldError(name, _PAGE))
    return min(int(typed), most)
