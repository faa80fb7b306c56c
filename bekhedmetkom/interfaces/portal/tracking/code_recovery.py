"""Recovery of a forgotten access code. The worker answers, so the page reveals nothing about a case."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from bekhedmetkom.cases.commands.text_validation import clean_text
from bekhedmetkom.identity.commands import access_code_recovery as forgotten_codes
from bekhedmetkom.identity.commands.one_time_codes import TooManyCodes
from bekhedmetkom.identity.rate_limit import ProofOfWorkRequired
from bekhedmetkom.interfaces.access_control import audience
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.references import parse_reference

from .. import one_time_codes
from ..one_time_codes import ContactAddressForm
from .forms import TrackForm
from .views import no_store


class CodeRecoveryForm(ContactAddressForm):
    """Reference and contact."""

    reference = TrackForm.base_fields["reference"]
    field_order = ("reference", "address")

    def clean_reference(self) -> str:
        if not (reference := parse_reference(self.cleaned_data["reference"])):
            raise ValidationError(_("رقم الطلب ثمانية أحرف وأرقام بعد BK"))
        return reference


@audience("public")
@require_http_methods(["GET", "HEAD", "POST"])
@no_store
def recover_code(request: HttpRequest) -> HttpResponse:
    """Take a recovery request; the response is the same whether or not the case exists."""
    if request.method != "POST":
        return _render_page(request, CodeRecoveryForm(), sent="sent" in request.GET)
    form = CodeRecoveryForm(
        {name: clean_text(request.POST.get(name, "")[:300]) for name in CodeRecoveryForm.base_fields}
    )
    if not form.is_valid():
        return _render_page(request, form)
    known = form.cleaned_data["address"]
    recovery = forgotten_codes.RecoveryRequest(
        reference=form.cleaned_data["reference"],
        contact=str(known.contact),
        address=known.address,
        language=get_language() or "ar",
    )
    at = clock.now()
    try:
        one_time_codes.count_code_request(request, known, at)
        forgotten_codes.request_recovery(recovery, at)
    except ProofOfWorkRequired as needed:
        return one_time_codes.render_challenge_page(request, needed, "reference", "address")
    except TooManyCodes as too_soon:
        form.add_error("address", too_soon.message.in_language(get_language() or "ar"))
        response = _render_page(request, form, status=429)
        response["Retry-After"] = str(too_soon.seconds)
        return response
    return redirect(f"{reverse('portal:forgotten')}?sent=1")


def _render_page(request: HttpRequest, form: forms.Form, **context: Any) -> HttpResponse:
    status = context.pop("status", 200)
    return render(request, "portal/tracking/code_recovery.html", {"form": form, **context}, status=status)
