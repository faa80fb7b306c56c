"""Signing in with the national identity, to the list of one's cases. No session begins: `identity.oidc` says why."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from bekhedmetkom.cases.rules.contact import Contact, Known, read_contact
from bekhedmetkom.identity import oidc
from bekhedmetkom.interfaces.access_control import audience
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.personal_details import parse_national_number
from bekhedmetkom.kernel.references import parse_reference

from .. import cookies
from ..tracking.views import no_store


@audience("public")
@require_safe
@no_store
def start_sign_in(request: HttpRequest) -> HttpResponse:
    """Off to the provider. `case` is the one whose page to come back to."""
    if not oidc.is_configured():
        raise Http404
    language = get_language() or "ar"
    try:
        address, begun = oidc.start_sign_in(_get_return_url(), language)
    except oidc.SignInFailed as refused:
        return _render_failure(request, refused)
    response = HttpResponseRedirect(address)
    reference = parse_reference(request.GET.get("case", "")[:40]) or ""
    cookies.set_pending_sign_in(response, [*begun, language, reference], clock.now())
    return response


@audience("public")
@require_safe
@no_store
def complete_sign_in(request: HttpRequest) -> HttpResponse:
    """Back from the provider: whoever it vouches for sees their cases."""
    if not oidc.is_configured():
        raise Http404
    at = clock.now()
    kept = cookies.get_pending_sign_in(request, at)
    language, reference = kept[3:] if kept else (get_language() or "ar", "")
    with override(language):
        try:
            if kept is None:
                raise oidc.SignInFailed
            known = _list_contacts(
                oidc.complete_sign_in(oidc.PendingSignIn(*kept[:3]), request.GET.dict(), _get_return_url())
            )
        except oidc.SignInFailed as refused:
            response = _render_failure(request, refused)
        else:
            response = redirect("portal:contact", reference) if reference else redirect("portal:mine")
            cookies.set_verified_contacts(response, known, at)
    cookies.delete_pending_sign_in(response)
    return response


def _get_return_url() -> str:
    """The one address that the provider knows for coming back, whatever host a request names."""
    with override("ar"):
        return f"{settings.PUBLIC_URL}{reverse('portal:signed-in')}"


def _list_contacts(claims: oidc.Claims) -> list[Known]:
    """By what the person is known here; at least something, or signing in was of no use."""
    number = parse_national_number(claims.national_number)
    read = [read_contact(claims.phone), read_contact(claims.email)]
    known = [one for one in read if one]
    if number:
        known.insert(0, Known(Contact.NATIONAL_NUMBER, number))
    if not known:
        raise oidc.SignInFailed
    return known


def _render_failure(request: HttpRequest, refused: oidc.SignInFailed) -> HttpResponse:
    status = 503 if isinstance(refused, oidc.ProviderUnavailable) else 400
    said = refused.message.in_language(get_language() or "ar")
    return render(request, "portal/my_cases/sign_in_failed.html", {"refused": said}, status=status)
