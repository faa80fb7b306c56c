"""Public pages of problems that many people reported. They name no case and no person."""

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
    """List confirmed problems and recently fixed ones."""
    at = now()
    problems = list_public_problems(at)
    context = {
        "open": [problem for problem in problems if problem.status is ProblemStatus.CONFIRMED],
        "fixed": [problem for problem in problems if problem.status is ProblemStatus.FIXED],
        "today": get_local_date(at),
    }
    return render(request, "portal/information/problems.html", context)


@audience("public")
@require_safe
def show_problem(request: HttpRequest, number: int) -> HttpResponse:
    """Show one problem with its history and every change of date."""
    problem = get_public_problem(number) if number < 2**62 else None
    if problem is None:
        raise Http404
    return render(
        request, "portal/information/problem.html", {"problem": problem, "today": get_local_date(now())}
    )
