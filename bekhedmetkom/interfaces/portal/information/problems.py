"""Problems that many people reported: what they are, who mends them and until when. No case and nobody is named."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bekhedmetkom.interfaces.access_control import audience
from bekhedmetkom.kernel.clock import get_local_date, now
from bekhedmetkom.problems.queries import get_public_problem, list_public_problems
from bekhedmetkom.problems.rules.statuses import ProblemStatus


@audience("public")
@require_safe
def show_problems(request: HttpRequest) -> HttpResponse:
    """Those being fixed, and those that were lately."""
    at = now()
    known = list_public_problems(at)
    shown = {
        "open": [one for one in known if one.status is ProblemStatus.CONFIRMED],
        "fixed": [one for one in known if one.status is ProblemStatus.FIXED], "today": get_local_date(at),
    }  # fmt: skip
    return render(request, "portal/information/problems.html", shown)


@audience("public")
@require_safe
def show_problem(request: HttpRequest, number: int) -> HttpResponse:
    """One of them with what was done about it, and each date that was moved with its reason."""
    found = get_public_problem(number) if number < 2**62 else None
    if found is None:
        raise Http404
    return render(
        request, "portal/information/problem.html", {"problem": found, "today": get_local_date(now())}
    )
