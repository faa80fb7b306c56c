"""Replies sent despite low quality: how many at each body, and the stated reasons."""

from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bekhedmetkom.cases.queries import SentReplies, count_sent_replies, list_quality_overrides
from bekhedmetkom.entities.tree import Body
from bekhedmetkom.interfaces.access_control import audience, officer_required

from ..request_context import get_context
from .body_settings import build_page_context


class BodyQualityRow(NamedTuple):
    """A body and the figures of its sent replies."""

    body: Body
    figures: SentReplies


@audience("officer")
@officer_required
@never_cache
@require_safe
def show_quality_report(request: HttpRequest) -> HttpResponse:
    """Compare the officer's bodies, the most overridden first, and list the reasons of one body."""
    visit = get_context(request)
    page = build_page_context(request, visit, "passed")
    sent = count_sent_replies([body.id for body in page["bodies"]], visit.at)
    lines = [BodyQualityRow(body, sent[body.id]) for body in page["bodies"] if body.id in sent]
    lines.sort(key=lambda line: -line.figures.overridden)
    here = sent.get(page["body"].id, SentReplies(0, 0))
    page |= {
        "lines": lines,
        "here": here,
        "reasons": list_quality_overrides(visit.actor, page["body"].id, visit.at),
    }
    return render(request, "desk/body/quality_report.html", page)
