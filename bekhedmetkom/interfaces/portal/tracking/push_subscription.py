"""Devices that are told what is new in a case."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from bekhedmetkom.cases.queries import of_citizen
from bekhedmetkom.interfaces.access_control import audience
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.errors import InvalidInput
from bekhedmetkom.messages import commands

from . import presentation
from .views import no_store, render_case_page, require_open_case

MAX_FIELD_LENGTH = 2000


@audience("citizen")
@require_http_methods(["GET", "HEAD", "POST"])
@no_store
@require_open_case
def edit_push_subscription(request: HttpRequest, reference: str, key: UUID) -> HttpResponse:
    """Tell this device, whose script has filled in the form; or no device any more."""
    at = clock.now()
    if request.method != "POST" or presentation.is_erased(of_citizen(key, at)):
        return redirect("portal:case", reference)
    if "stop" in request.POST:
        commands.end_pushing(case=key)
        return redirect(f"{reverse('portal:case', args=[reference])}?done=push-off")
    typed = {name: request.POST.get(name, "")[:MAX_FIELD_LENGTH] for name in ("endpoint", "p256dh", "auth")}
    try:
        commands.subscribe(case=key, at=at, **typed)
    except InvalidInput as invalid:
        return render_case_page(request, key, {}, refused=invalid)
    return redirect(f"{reverse('portal:case', args=[reference])}?done=push")
