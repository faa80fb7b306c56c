"""The talk, without JavaScript: what the Commission said, where the report stands, and a form to answer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from time import monotonic
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from bekhedmetkom.disclosures import keeping, queries, sealing
from bekhedmetkom.disclosures.commands import TalkIsOver, TurnTaken
from bekhedmetkom.disclosures.envelope import Envelope, KeyChanged
from bekhedmetkom.disclosures.queries import Said
from bekhedmetkom.disclosures.rules.deadlines import next_deadline
from bekhedmetkom.disclosures.rules.padding import BUCKETS, Broken, Header
from bekhedmetkom.disclosures.rules.statuses import REASONS, WORDS, Status
from bekhedmetkom.disclosures.standing import NoSuchReport
from bekhedmetkom.kernel.clock import local_day, now

from . import kept
from .forms import AnswerForm
from .receiving import Encrypting, NoFiles
from .returning import on_the_step

PAGE_STEP = (
    16 * 1024
)  # bytes; pages of the talk have a multiple of it, whether or not the words open anything


@dataclass(frozen=True, slots=True)
class Visit:
    """Who has typed ten words less than 15 minutes ago."""

    lookup: bytes
    reader: str
    voice: bytes


@dataclass(frozen=True, slots=True)
class Shown:
    """Something the Commission said, in plain words; `None` where it does not open."""

    turn: int
    day: date
    text: str | None
    files: list[
        tuple[int, UUID, int]
    ]  # place, id, and the frame's size: all that is known before it is opened


def visit_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Without a visit: back to the words. What was typed meanwhile stays on that page."""

    @wraps(view)
    def with_visit(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        said = kept.given(request, "__Host-box")
        if said is None:
            request.upload_handlers = [NoFiles(request)]
            return render(request, "box/over.html", {"text": request.POST.get("text", "")}, status=403)
        visit = Visit(bytes.fromhex(said["lookup"]), said["reader"], bytes.fromhex(said["voice"]))
        return view(request, visit, *args, **kwargs)

    return with_visit


@require_http_methods(["GET", "HEAD", "POST"])
@visit_required
def talk(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What the words open; or that they open nothing, at the same cost and in the same size."""
    if request.method == "POST":
        return _answer(request, visit)
    begun = monotonic()
    page = _page(request, visit, None)
    on_the_step(begun)
    return page


@require_safe
@visit_required
def file(request: HttpRequest, visit: Visit, turn: int, place: int, identifier: UUID) -> HttpResponse:
    """A file that the Commission has sent to who holds these words, and to nobody else; whole, or not at all."""
    try:
        shut = b"".join(queries.part_of(visit.lookup, identifier))
        expect: Header = {"kind": "file", "turn": turn, "place": place}
        opened = sealing.opened(shut, secret=visit.reader, voice=visit.voice, expect=expect)
    except (NoSuchReport, Broken):
        raise Http404 from None
    answer = HttpResponse(opened.body, content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = content_disposition_header(
        True, str(opened.header.get("name") or "file")
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _answer(request: HttpRequest, visit: Visit) -> HttpResponse:
    try:
        envelope = Envelope.of_an_answer(visit.lookup, visit.voice, local_day(now()))
    except (NoSuchReport, KeyChanged):
        request.upload_handlers = [NoFiles(request)]
        return _page(request, visit, AnswerForm(request.POST), status=409)
    files = Encrypting(envelope)
    request.upload_handlers = [files]
    keeping.give_back()
    try:
        form = AnswerForm(request.POST)
        form.complain_of_files(files.too_large, files.too_many, files.no_room)
        if not form.is_valid():
            return _page(request, visit, form, status=422)
        envelope.send_answer(form.cleaned_data["text"], lookup=visit.lookup, turn=form.cleaned_data["turn"])
    except (TurnTaken, TalkIsOver, NoSuchReport) as stopped:
        form.add_error(None, _why(stopped))
        return _page(request, visit, form, status=409)
    finally:
        files.drop()
    return _to_the_talk("sent")


def _why(stopped: Exception) -> str:
    match stopped:
        case TurnTaken():
            return gettext(
                "وصلت رسالة أخرى في هذه الأثناء. اقرأ ما استجد ثم أرسل رسالتك، وأضف ملفاتها من جديد."
            )
        case _:
            return gettext("أُغلق هذا البلاغ، ولم تعد الرسائل تُقبل فيه.")


def _to_the_talk(said: str = "") -> HttpResponse:
    page = redirect("box:talk")
    page.status_code = 303
    if said:
        page.headers["Location"] += f"?{said}"
    return page


def _page(request: HttpRequest, visit: Visit, form: AnswerForm | None, *, status: int = 200) -> HttpResponse:
    found = queries.talk_of(visit.lookup)
    trusted = found is not None and sealing.anchored(visit.voice, found.recipient, found.anchor)
    said = [_shown(one, visit) for one in found.said] if found else []
    known = {
        "talk": found,
        "trusted": trusted,
        "over": found is not None and found.status is Status.CLOSED,
        "status": WORDS[found.status] if found else None,
        "reason": REASONS.get(found.reason) if found else None,
        "due": next_deadline(found.status, found.day) if found else None,
        "said": said,
        "form": form or AnswerForm(),
        "turn": found.turn if found else 1,
        "sent": "sent" in request.GET,
    }
    page = render(request, "box/talk.html", known, status=status)
    page.content += b" " * (-len(page.content) % PAGE_STEP)
    return page


def _shown(said: Said, visit: Visit) -> Shown:
    expect: Header = {
        "kind": "message",
        "turn": said.turn,
        "place": 0,
        "from": "commission",
        "files": len(said.parts) - 1,
    }
    files = [(place, part.id, _most(part.size)) for place, part in enumerate(said.parts[1:], 1)]
    try:
        opened = sealing.opened(said.message, secret=visit.reader, voice=visit.voice, expect=expect)
        return Shown(said.turn, said.day, opened.body.decode(), files)
    except (Broken, UnicodeDecodeError):
        return Shown(said.turn, said.day, None, [])


def _most(size: int) -> int:
    """The size of the frame: how much a file has at most."""
    return max(bucket for bucket in BUCKETS if bucket <= size)
