"""Every spot of the platform into which somebody can put a value: found in the URL table, the pages and the document.

A page's forms are read from the page itself and filled in by the kinds of their fields, so a new form is covered as
soon as it stands on a page that these people see.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import quote_from_bytes, urljoin, urlsplit
from uuid import UUID

from bs4 import BeautifulSoup, Tag
from django.test import Client
from django.urls import reverse

from bekhedmetkom.assistant.commands import get_or_create_conversation, handle_message, officer_conversations
from bekhedmetkom.assistant.rules.messages import IncomingMessage
from bekhedmetkom.cases.models import Case
from bekhedmetkom.catalogue.models import ResponseTemplate
from bekhedmetkom.identity.models import Officer
from bekhedmetkom.interfaces.desk.case.actions import ACTIONS as DESK_VERBS
from bekhedmetkom.interfaces.desk.lists.bulk_forms import BULK_ACTIONS
from tests.hostile_values import FORM, JSON, HostileValue
from tests.interfaces.api.case_stages import create_answered_case, create_case_for_action, create_problem
from tests.interfaces.dashboard.test_instructions import create_instruction
from tests.interfaces.portal.browser import Browser
from tests.interfaces.sign_in.sign_in_requests import EMAIL
from tests.meta.routes import iterate_routes
from tests.officer_factories import PASSWORD
from tests.personas import NOON, POTHOLE, Jordan

MAX_URL_BYTES = 20_000  # bytes; servers and proxies refuse a longer one before we see it
TYPED_PREFIX = "كما كُتب في"
REQUEST_HEADERS = (
    "Accept-Language", "Authorization", "Cookie", "HX-Request", "HX-Current-URL", "Host", "If-Match", "If-None-Match",
    "If-Modified-Since", "Origin", "Range", "Referer", "X-Access-Code", "Idempotency-Key", "X-CSRFToken", "User-Agent",
    "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-HTTP-Method-Override",
)  # fmt: skip


@dataclass(frozen=True)
class InputPoint:
    """`send` puts a value there and returns the answer; `kept` is what else was typed, which may not get lost.

    `whole` sends a whole body with its content type to where the form goes.
    """

    name: str
    send: Callable[[HostileValue], Any]
    other_values: tuple[str, ...] = ()
    send_body: Callable[[bytes, str], Any] | None = None

    @property
    def form(self) -> str:
        return self.name.partition(":")[0]


@dataclass
class Visitor:
    """Somebody with a browser or a program. What an answer does to the cookies does not last."""

    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))
    headers: dict[str, str] = field(default_factory=dict)

    def has_page(self, path: str) -> bool:
        """Whether there is a page for them."""
        return bool(self.request("get", path).status_code == 200)

    def request(
        self, method: str, path: str, body: bytes = b"", content_type: str = FORM, **headers: str
    ) -> Any:
        """`path` is quoted already."""
        self.client.raise_request_exception = False
        before = SimpleCookie(self.client.cookies.output(header="", sep=";"))
        sent = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            return self.client.generic(method.upper(), path, body, content_type, headers=sent)
        finally:
            self.client.cookies = before


def encode_value(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")


def quote_value(value: str | bytes, most: int | None = None) -> str:
    return quote_from_bytes(encode_value(value)[:most], safe="")


# Pages and their forms


def _choose_value(tag: Tag) -> str:
    """What an honest person would put into a field."""
    if tag.name == "select":
        options = [str(option.get("value", "")) for option in tag.select("option")]
        chosen = tag.select_one("option[selected]")
        return str(chosen["value"]) if chosen and chosen.get("value") else next(filter(None, options), "")
    if tag.name == "textarea":
        return tag.get_text().removeprefix("\n") or f"{TYPED_PREFIX} {tag['name']}"
    given = str(tag.get("value", ""))
    by_type = {
        "email": "somebody@example.jo", "tel": "0791234567", "number": "1", "date": "2026-12-01", "time": "08:00",
        "datetime-local": "2026-12-01T10:00", "password": PASSWORD, "text": f"{TYPED_PREFIX} {tag['name']}",
        "search": "شارع",
    }  # fmt: skip
    return given or by_type.get(str(tag.get("type", "text")), given)


def _fill_form(form: Tag) -> dict[str, str]:
    fields: dict[str, str] = {}
    for tag in form.select("input[name], textarea[name], select[name]"):
        name = str(tag["name"])
        chosen = tag.get("type") not in ("radio", "checkbox") or tag.has_attr("checked")
        if chosen or name not in fields:
            fields[name] = _choose_value(tag)
    for button in form.select("button[name]")[:1]:
        fields[str(button["name"])] = str(button.get("value", ""))
    return fields


def _iterate_forms(visitor: Visitor, address: str, page: BeautifulSoup) -> Iterator[InputPoint]:
    for form in page.select("form"):
        fields = _fill_form(form)
        typed = tuple(value for value in fields.values() if value.startswith(TYPED_PREFIX))
        method = str(form.get("method", "get")).lower()
        target = urlsplit(urljoin(address, str(form.get("action") or address)))
        path = target.path if method == "get" or not target.query else f"{target.path}?{target.query}"
        for name in fields:
            send = partial(_send_form, visitor, method, path, fields, name)
            kept = tuple(value for value in typed if value != fields[name]) if method == "post" else ()
            whole = partial(visitor.request, "post", path) if method == "post" else None
            yield InputPoint(f"{method} {path}: {name}", send, kept, whole)


def _send_form(
    visitor: Visitor, method: str, path: str, fields: dict[str, str], name: str, bad: HostileValue
) -> Any:
    pairs = (fields | {name: bad.value}).items()
    if method == "get":
        query = "&".join(f"{quote_value(key)}={quote_value(value, MAX_URL_BYTES)}" for key, value in pairs)
        return visitor.request("get", f"{path}?{query}")
    body = "&".join(f"{quote_value(key)}={quote_value(value)}" for key, value in pairs)
    return visitor.request("post", path, body.encode())


def list_page_inputs(visitor: Visitor, address: str) -> Iterator[InputPoint]:
    """The forms of a page, and a field that its address does not know."""
    answer = visitor.request("get", address)
    yield InputPoint(
        f"get {address}: ?x=",
        lambda bad: visitor.request("get", f"{address}?x={quote_value(bad.value, MAX_URL_BYTES)}"),
    )
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        yield from _iterate_forms(visitor, address, BeautifulSoup(answer.content, "html.parser"))


_ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")


def fill_path(pattern: str, good: dict[str, str]) -> str:
    return _ARGUMENT.sub(lambda part: good[part[1]], pattern)


def list_path_arguments(
    visitor: Visitor, prefix: str, pattern: str, good: dict[str, str]
) -> Iterator[InputPoint]:
    """Each part of an address that may be anything."""
    for name in _ARGUMENT.findall(pattern):

        def send(bad: HostileValue, name: str = name) -> Any:
            values = good | {name: bad.value}
            path = _ARGUMENT.sub(lambda part: quote_value(values[part[1]], MAX_URL_BYTES), pattern)
            return visitor.request("get", f"{prefix}/{path}")

        yield InputPoint(f"get {prefix}/{pattern}: <{name}>", send)


def list_header_inputs(visitor: Visitor, address: str, method: str = "get") -> Iterator[InputPoint]:
    for name in REQUEST_HEADERS:

        def send(bad: HostileValue, name: str = name) -> Any:
            value = encode_value(bad.value)[:8_000].decode("latin-1")
            return visitor.request(method, address, b"", FORM, **{name: re.sub(r"[\r\n\0]", "", value)})

        yield InputPoint(f"{method} {address}: {name}", send)


def remove_duplicates(places: Iterable[InputPoint]) -> list[InputPoint]:
    """A form that stands on every page is one form."""
    return list({place.name: place for place in places}.values())


# Who goes where


def list_portal_inputs(jordan: Jordan) -> list[InputPoint]:
    """The public's pages, and two cases as their citizen: one fresh, one answered."""
    anyone, citizen = Visitor(), Visitor()
    fresh, done = jordan.submit(), jordan.submit()
    create_answered_case(jordan, Case.objects.get(pk=done.case))
    for case in (fresh, done):
        citizen.client.post("/track", {"reference": case.reference, "code": case.access_code})
    good = {"reference": fresh.reference, "code": "GAM", "number": "1"}

    def places() -> Iterator[InputPoint]:
        for prefix in ("", "/en"):
            for route in iterate_routes():
                if route.name.startswith(("portal:", "chat:")):
                    yield from list_page_inputs(anyone, f"{prefix}/{fill_path(route.pattern, good)}")
                    yield from list_path_arguments(citizen, prefix, route.pattern, good)
        for case in (fresh, done):
            for verb in ("", "/write", "/rate", "/appeal", "/withdraw", "/contact", "/notify"):
                yield from list_page_inputs(citizen, f"/c/{case.reference}{verb}")
        yield from _list_submission_inputs(Browser())
        yield from _list_device_inputs(anyone)
        yield from list_header_inputs(citizen, f"/c/{fresh.reference}")
        yield from list_header_inputs(anyone, "/track", "post")

    return remove_duplicates(places())


def _list_device_inputs(visitor: Visitor) -> Iterator[InputPoint]:
    """What a telephone sends of itself: what waited on it, and what somebody shared with the app."""
    answers = {
        "kind": "complaint",
        "text": POTHOLE,
        "to": "GAM/-",
        "placed": "1",
        "contact": "none",
        "name": "",
    }
    good = {"key": "k" * 36, "proof": "", **answers}
    whole = partial(visitor.request, "post", "/new/send")

    def send(bad: HostileValue, name: str) -> Any:
        typed = good | {name: encode_value(bad.value).decode("utf-8", "replace")}
        own = {own: typed.pop(own) for own in ("key", "proof")}
        return visitor.request("post", "/new/send", json.dumps(own | {"answers": typed}).encode(), JSON)

    for name in good:
        yield InputPoint(f"post /new/send: {name}", partial(send, name=name), (), whole)
    for name in ("title", "text", "url"):
        yield InputPoint(
            f"post /new/shared: {name}",
            partial(
                _send_form, visitor, "post", "/new/shared", {"title": "", "text": POTHOLE, "url": ""}, name
            ),
        )


def _list_submission_inputs(browser: Browser) -> Iterator[InputPoint]:
    """The pages on which a case is written, to the last one."""
    visitor = Visitor(browser.client)
    steps: list[dict[str, str]] = [
        {"kind": "complaint"}, {"text": POTHOLE}, {"to": "GAM/"}, {"to": "GAM/-"}, {"governorate": "GOV-AM"},
        {"contact": "given", "name": f"{TYPED_PREFIX} الاسم", "phone": "0791234567"},
    ]  # fmt: skip
    browser.open("/new")
    for number, step in enumerate(steps):
        for place in _iterate_forms(visitor, "/new", browser.page):
            yield replace(place, name=f"step {number}, {place.name}")
        browser.send(**step)
    for place in _iterate_forms(visitor, "/new", browser.page):
        yield replace(place, name=f"last step, {place.name}")


def list_desk_inputs(jordan: Jordan) -> list[InputPoint]:
    """Lists, and every verb's form on a case that stands where the verb is possible."""
    seats = {name: Visitor() for name in jordan.people}
    for name, visitor in seats.items():
        visitor.client.force_login(Officer.objects.get(pk=jordan.people[name].id))
    case = jordan.create_case()
    waits, taken = _create_conversation("waits"), _create_conversation("taken")
    officer_conversations.take_conversation(conversation=taken, actor=jordan.pm, at=NOON)
    template = ResponseTemplate.objects.create(
        entity_id=jordan.entities["GAM"], kind="complaint", disposition="upheld", name_ar="رد", body_ar="عالجناها.",
        body_en="It is dealt with.",
    )  # fmt: skip
    found = create_problem(
        status="found", name_ar="", name_en="", fix_on=None, confirmed_at=None, found_cases=5
    )
    good = {
        "reference": case.reference, "verb": "note", "leave": "1", "number": str(found), "code": "GAM",
        "key": str(template.pk), "instruction": str(create_instruction(jordan, "pm")),
    }  # fmt: skip

    def places() -> Iterator[InputPoint]:
        yield from list_page_inputs(seats["pm"], "/en/desk")
        for panel in ("filter", "columns", "view"):
            yield from list_page_inputs(seats["main"], f"/desk?panel={panel}")
        for page in ("talks", f"talks/{waits}", f"talks/{taken}"):
            yield from list_page_inputs(seats["pm"], f"/desk/{page}")
        yield from list_path_arguments(seats["pm"], "/en", "desk/talks/<key>", {})
        for route in iterate_routes():
            if route.name.startswith("desk:") and not route.pattern.startswith("desk/talks"):
                address = f"/{fill_path(route.pattern, good)}"
                who = next((one for one in seats.values() if one.has_page(address)), seats["main"])
                yield from list_page_inputs(who, address)
                yield from list_path_arguments(who, "/en", route.pattern, good)
        yield from list_page_inputs(seats["head"], "/desk/instructions")
        for problem in (found, create_problem()):
            yield from list_page_inputs(seats["main"], f"/desk/problems/{problem}")
        yield from list_header_inputs(seats["main"], f"/desk/cases/{case.reference}/note", "post")
        picked = [jordan.create_case(), jordan.create_case()]
        for verb in BULK_ACTIONS:
            chosen = "&".join(f"case={one.reference}:{one.seq}" for one in picked)
            yield from list_page_inputs(seats["main"], f"/desk/bulk/{verb}?{chosen}")
        yield from list_path_arguments(seats["main"], "", "desk/bulk/<verb>", {})
        for verb in DESK_VERBS:
            theirs, _body = create_case_for_action(jordan, verb)
            for visitor in seats.values():
                address = reverse("desk:act", args=[theirs.reference, verb])
                if visitor.has_page(address):
                    yield from list_page_inputs(visitor, address)
                    break

    return remove_duplicates(places())


def _create_conversation(person: str) -> UUID:
    """Of somebody who has asked for a person."""
    talk = get_or_create_conversation(channel="chat", person=person, at=NOON)
    handle_message(conversation=talk, message=IncomingMessage(choice="person", key="k-1"), at=NOON)
    return talk


def list_manage_inputs(jordan: Jordan) -> list[InputPoint]:
    """The administration: its lists with their filters, its forms empty and on the first row of each list."""
    jordan.submit()
    officer = Officer.objects.get(pk=jordan.administrator.id)
    officer.set_password(PASSWORD)
    officer.save()
    visitor = Visitor()
    visitor.client.post("/sign-in", {"login": officer.email, "password": PASSWORD})

    def places() -> Iterator[InputPoint]:
        for route in iterate_routes():
            if "manage" not in route.pattern:
                continue
            viewset, _, page = route.name.partition(":")
            pattern = route.pattern
            good = {
                "template": "received",
                "officer": str(officer.pk),
                "pk": "1",
                "message": "1",
                "subscription": "1",
                "program": "1",
                "system": "1",
                "forwarding": "1",
                "code": "GAM",
            }
            good["entity"] = str(jordan.entities["GAM"])
            if "<" in pattern and page:
                listed = visitor.request("get", reverse(f"{viewset}:index")).content.decode()
                found = re.search(rf"/manage/{viewset}/{page}/(\d+)/", listed)
                good["pk"] = found[1] if found else "1"
            if not page.endswith("_results"):
                yield from list_page_inputs(visitor, f"/{fill_path(pattern, good)}")
            yield from list_path_arguments(visitor, "", pattern, good)
        yield from list_header_inputs(visitor, "/manage/entities/")

    return remove_duplicates(places())


def list_sign_in_inputs(jordan: Jordan) -> list[InputPoint]:
    """The officers' door from outside, and an officer's own account."""
    officer = Officer.objects.get(pk=jordan.main.id)
    officer.email = EMAIL
    officer.set_password(PASSWORD)
    officer.save()
    outside, inside = Visitor(), Visitor()
    inside.client.post("/sign-in", {"login": EMAIL, "password": PASSWORD})

    def places() -> Iterator[InputPoint]:
        for route in iterate_routes():
            if route.view.__module__.startswith("bekhedmetkom.interfaces.sign_in"):
                address = _ARGUMENT.sub("1", route.pattern)
                yield from list_page_inputs(inside, f"/{address}")
                yield from list_page_inputs(outside, f"/{address}")
                yield from list_page_inputs(outside, f"/en/{address}?next=/desk")
                yield from list_path_arguments(outside, "", route.pattern, {})
        yield from list_header_inputs(outside, "/sign-in", "post")
        for address in (
            "/healthz",
            "/readyz",
            "/metrics",
            "/api/v1/docs",
            "/nothing-here",
            "/static/x",
            "/favicon.ico",
        ):
            yield from list_page_inputs(outside, address)
            yield from list_header_inputs(outside, address)
        yield from list_path_arguments(outside, "", "<anything>", {})
        yield from list_path_arguments(outside, "/en", "x/<anything>/y", {})

    return remove_duplicates(places())
