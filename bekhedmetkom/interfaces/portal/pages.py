"""Pages that say the same to everyone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from bekhedmetkom.interfaces.audience import audience
from bekhedmetkom.kernel import clock

from .kinds import offers


@audience("public")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Two tasks first: write, or look after what was written."""
    return render(request, "portal/home.html", {"kinds": offers(clock.now())})


@audience("public")
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    return _prose(request, "help", _("مساعدة"))


@audience("public")
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return _prose(request, "privacy", _("الخصوصية وبياناتك"))


@audience("public")
@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    return _prose(request, "terms", _("شروط الاستعمال"))


@audience("public")
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return _prose(request, "accessibility", _("سهولة الوصول"))


@audience("public")
@require_safe
def confidential(request: HttpRequest) -> HttpResponse:
    """How to report corruption safely. Asks nothing and keeps nothing."""
    return _prose(request, "confidential", _("الإبلاغ عن فساد بأمان"))


def _prose(request: HttpRequest, name: str, title: str | Promise) -> HttpResponse:
    body = f"portal/texts/{name}.{get_language()}.html"
    return render(request, "portal/text.html", {"title": title, "body": body})
