"""Drafts on the case page: autosave, comparison with other texts, and the key that makes a form count once."""

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from bekhedmetkom.cases.commands import DraftConflict, discard_draft, store_draft
from bekhedmetkom.cases.queries import DeskCase
from bekhedmetkom.cases.rules.drafts import (
    REPLY_PART_FIELDS,
    TEXT_FIELDS_BY_DRAFT,
    DraftPiece,
    compare_drafts,
    get_draft_place,
    merge_pieces,
)
from bekhedmetkom.cases.rules.transitions import NotPossibleNow
from bekhedmetkom.interfaces.access_control import audience, officer_required
from bekhedmetkom.kernel.errors import NotAllowed
from bekhedmetkom.kernel.formatting import format_timestamp
from bekhedmetkom.kernel.text import BilingualText

from ..request_context import RequestContext, get_case_state_or_404, get_context
from .actions import ACTIONS

MAX_COMPARED_LENGTH = 2 * 20_000  # letters that are laid side by side at most
NO_AUTHOR = BilingualText("", "")


@dataclass(frozen=True, slots=True)
class TextComparison:
    """The officer's own text and another one. `author` is empty for the officer's own text from another window."""

    own_text: str
    other_text: str
    author: BilingualText
    written_at: datetime

    @property
    def pieces(self) -> list[DraftPiece]:
        return compare_drafts(self.own_text, self.other_text)


@audience("officer")
@officer_required
@never_cache
@require_POST
def autosave_draft(request: HttpRequest, reference: str, verb: str) -> HttpResponse:
    """Save or discard the draft. Answers a script with JSON: 409 if it changed elsewhere, 403 if not allowed."""
    visit, chosen = get_context(request), ACTIONS.get(verb)
    if chosen is None:
        raise Http404
    case, _standing = get_case_state_or_404(visit, reference)
    place = get_draft_place(verb)
    if "discard" in request.POST:
        discard_draft(case=case, actor=visit.actor, place=place)
        return redirect("desk:case", reference)
    typed, words = request.POST, chosen.form.get_text_field()
    try:
        version = store_draft(
            case=case, actor=visit.actor, at=visit.at, place=place, text=typed.get(words, ""),
            disposition=typed.get("disposition", ""), version=parse_number(typed.get("version", "")),
            quality_reason=typed.get("quality_reason", "") if words != "quality_reason" else "",
            parts={name: typed.get(name, "") for name in REPLY_PART_FIELDS if name in typed},
        )  # fmt: skip
    except DraftConflict as moved:
        return JsonResponse({"version": moved.version}, status=409)
    except (NotAllowed, NotPossibleNow):
        return JsonResponse({}, status=403)
    return JsonResponse({"version": version, "at": format_timestamp(visit.at, visit.at, visit.language)})


def serialize_form(typed: QueryDict) -> str:
    """Return the form's content, by which a repeated submission is recognised; empty without a key."""
    if not typed.get("key"):
        return ""
    return repr(sorted((name, typed.getlist(name)) for name in typed if name not in _VOLATILE_FIELDS))


_VOLATILE_FIELDS = frozenset({"csrfmiddlewaretoken", "seen", "version"})


def compare_with_others(case: DeskCase, seen: int, verb: str, mine: str) -> TextComparison | None:
    """Return the comparison with what somebody else wrote in the same place since `seen`, if it differs."""
    fields = TEXT_FIELDS_BY_DRAFT.get(get_draft_place(verb), ())
    for entry in case.journal:  # the newest first
        for said in entry.texts:
            if entry.seq > seen and said.field in fields and said.body.strip() != mine.strip():
                return TextComparison(mine[:MAX_COMPARED_LENGTH], said.body, entry.by, entry.at)
    return None


def compare_with_draft(case: DeskCase, verb: str, mine: str) -> TextComparison | None:
    """Return the comparison with the draft that the officer saved in another window."""
    kept = case.drafts.get(get_draft_place(verb))
    if kept is None or kept.text.strip() == mine.strip():
        return None
    return TextComparison(mine[:MAX_COMPARED_LENGTH], kept.text, NO_AUTHOR, kept.saved_at)


def compare_texts(mine: str, theirs: str, visit: RequestContext) -> TextComparison | None:
    """Return the comparison of two texts; `None` if the other one is empty."""
    return (
        TextComparison(mine[:MAX_COMPARED_LENGTH], theirs[:MAX_COMPARED_LENGTH], NO_AUTHOR, visit.at)
        if theirs.strip()
        else None
    )


def merge_texts(typed: QueryDict) -> str:
    """Return one text from the pieces that were chosen."""
    found = compare_drafts(
        typed.get("compared", "")[:MAX_COMPARED_LENGTH], typed.get("other", "")[:MAX_COMPARED_LENGTH]
    )
    return merge_pieces(found, {number: typed.get(f"piece-{number}", "") for number in range(len(found))})


def parse_number(text: str) -> int:
    """Return the number in a hidden field; 0 if it is not one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
