"""Static pages: home, help, privacy, terms, accessibility, confidential reporting."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from bekhedmetkom.interfaces.access_control import audience
from bekhedmetkom.kernel import clock

from ..case_kinds import list_promised_kinds


@audience("public")
@require_safe
def show_home(request: HttpRequest) -> HttpResponse:
    """Show the home page with the kinds of case."""
    return render(request, "portal/information/home.html", {"kinds": list_promised_kinds(clock.now())})


@audience("public")
@require_safe
def show_help(request: HttpRequest) -> HttpResponse:
    return _render_text(request, "help", _("مساعدة"))


@audience("public")
@require_safe
def show_privacy(request: HttpRequest) -> HttpResponse:
    return _render_text(request, "privacy", _("الخصوصية وبياناتك"))


@audience("public")
@require_safe
def show_terms(request: HttpRequest) -> HttpResponse:
    return _render_text(request, "terms", _("شروط الاستعمال"))


@audience("public")
@require_safe
def show_accessibility(request: HttpRequest) -> HttpResponse:
    return _render_text(request, "accessibility", _("سهولة الوصول"))


@audience("public")
@require_safe
def show_confidential_reporting(request: HttpRequest) -> HttpResponse:
    """Explain how to report corruption safely. The page asks for nothing."""
    return _render_text(request, "confidential", _("الإبلاغ عن فساد بأمان"))


def _render_text(request: HttpRequest, name: str, title: str | Promise) -> HttpResponse:
    body = f"portal/information/texts/{name}.{get_language()}.html"
    return render(request, "portal/information/text.html", {"title": title, "body": body})
