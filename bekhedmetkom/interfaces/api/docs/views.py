"""The page, and the addresses that types of problems are."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from bekhedmetkom.interfaces.audience import audience

from ..problems import DETAILS, SORTS
from ..urls import document
from .reading import operations

PARTS = {
    "directory": _("الدليل والاقتراح"),
    "cases": _("طلب ومتابعته"),
    "desk": _("مكتب الجهة"),
    "indicators": _("المؤشرات"),
    "webhooks": _("إشعارات الأنظمة"),
}


@audience("public")
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Every call with what it takes and answers, and every problem."""
    language = get_language() or "ar"
    found = operations(document(), language)
    parts = [(key, title, [one for one in found if one.part == key]) for key, title in PARTS.items()]
    problems = [
        (sort, sort.title.in_(language), DETAILS[sort].in_(language) if sort in DETAILS else "")
        for sort in SORTS.values()
    ]
    return render(request, "api/docs.html", {"parts": parts, "problems": problems})


@audience("public")
@require_safe
def problem(request: HttpRequest, slug: str) -> HttpResponse:
    """The type of a problem leads to where it is explained."""
    return redirect(f"{reverse('api-docs:docs')}#{slug}")
