"""The page, and the addresses that types of problems are."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from bekhedmetkom.interfaces.access_control import audience

from ..problems import DEFAULT_DETAILS, PROBLEM_TYPES
from ..urls import get_openapi_document
from .openapi_reader import read_operations

SECTIONS = {
    "directory": _("الدليل والاقتراح"),
    "cases": _("طلب ومتابعته"),
    "desk": _("مكتب الجهة"),
    "indicators": _("المؤشرات"),
    "webhooks": _("إشعارات الأنظمة"),
}


@audience("public")
@require_safe
def show_docs(request: HttpRequest) -> HttpResponse:
    """Every call with what it takes and answers, and every problem."""
    language = get_language() or "ar"
    found = read_operations(get_openapi_document(), language)
    parts = [(key, title, [one for one in found if one.section == key]) for key, title in SECTIONS.items()]
    problems = [
        (
            sort,
            sort.title.in_language(language),
            DEFAULT_DETAILS[sort].in_language(language) if sort in DEFAULT_DETAILS else "",
        )
        for sort in PROBLEM_TYPES.values()
    ]
    return render(request, "api/docs.html", {"parts": parts, "problems": problems})


@audience("public")
@require_safe
def show_problem(request: HttpRequest, slug: str) -> HttpResponse:
    """The type of a problem leads to where it is explained."""
    return redirect(f"{reverse('api-docs:docs')}#{slug}")
