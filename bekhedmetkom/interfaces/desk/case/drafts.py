"""What is being written on the case page: kept a moment after its writer pauses, laid beside another's, sent once."""

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
    """One's own text beside another's. `by` is empty where it is one's own too, from another window."""

    mine: str
    theirs: str
    by: BilingualText
    at: datetime

    @property
    def pieces(self) -> list[DraftPiece]:
        return compare_drafts(self.mine, self.theirs)


@audience("officer")
@officer_required
@never_cache
@require_POST
def autosave_draft(request: HttpRequest, reference: str, verb: str) -> HttpResponse:
    """Keep what is typed so far, or forget it. For the page's script, which asks at each pause; answers with JSON."""
    visit, chosen = get_context(request), ACTIONS.get(verb)
    if chosen is None:
        raise Http404
    case, _standing = get_case_state_or_404(visit, reference)
    place = get_draft_place(verb)
    if "discard" in request.POST:
        discard_draft(case=case, actor=visit.actor, place=place)
        return redirect("desk:case", reference)
    typed, words = request.POST, chosen.form.words()
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
    """All of a form that makes it the same one when it is sent again; empty where it has no key."""
    if not typed.get("key"):
        return ""
    return repr(sorted((name, typed.getlist(name)) for name in typed if name not in _VOLATILE_FIELDS))


_VOLATILE_FIELDS = frozenset({"csrfmiddlewaretoken", "seen", "version"})


def compare_with_others(case: DeskCase, seen: int, verb: str, mine: str) -> TextComparison | None:
    """What somebody else wrote in the same place since `seen`, where it is not the same text."""
    fields = TEXT_FIELDS_BY_DRAFT.get(get_draft_place(verb), ())
    for entry in case.journal:  # the newest first
        for said in entry.texts:
            if entry.seq > seen and said.field in fields and said.body.strip() != mine.strip():
                return TextComparison(mine[:MAX_COMPARED_LENGTH], said.body, entry.by, entry.at)
    return None


def compare_with_draft(case: DeskCase, verb: str, mine: str) -> TextComparison | None:
    """What the same officer kept from another window."""
    kept = case.drafts.get(get_draft_place(verb))
    if kept is None or kept.text.strip() == mine.strip():
        return None
    return TextComparison(mine[:MAX_COMPARED_LENGTH], kept.text, NO_AUTHOR, kept.saved_at)


def compare_texts(mine: str, theirs: str, visit: RequestContext) -> TextComparison | None:
    """The same two again, once one's own has changed under the comparison."""
    return (
        TextComparison(mine[:MAX_COMPARED_LENGTH], theirs[:MAX_COMPARED_LENGTH], NO_AUTHOR, visit.at)
        if theirs.strip()
        else None
    )


def merge_texts(typed: QueryDict) -> str:
    """One text from both, as it was chosen piece by piece."""
    found = compare_drafts(
        typed.get("compared", "")[:MAX_COMPARED_LENGTH], typed.get("other", "")[:MAX_COMPARED_LENGTH]
    )
    return merge_pieces(found, {number: typed.get(f"piece-{number}", "") for number in range(len(found))})


def parse_number(text: str) -> int:
    """What a hidden field says; 0 where that is no number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
