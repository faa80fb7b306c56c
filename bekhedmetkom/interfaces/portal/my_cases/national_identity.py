"""Sign-in with the national identity, for the list of one's cases. It starts no session (see `identity.oidc`)."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from bekhedmetkom.cases.rules.contact import ContactAddress, ContactType, parse_contact
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
    """Redirect to the provider. `case`: the case whose page to return to."""
    if not oidc.is_configured():
        raise Http404
    language = get_language() or "ar"
    try:
        address, secrets = oidc.start_sign_in(_get_return_url(), language)
    except oidc.SignInFailed as refused:
        return _render_failure(request, refused)
    response = HttpResponseRedirect(address)
    reference = parse_reference(request.GET.get("case", "")[:40]) or ""
    cookies.set_pending_sign_in(response, [*secrets, language, reference], clock.now())
    return response


@audience("public")
@require_safe
@no_store
def complete_sign_in(request: HttpRequest) -> HttpResponse:
    """Handle the provider's redirect and open the person's cases."""
    if not oidc.is_configured():
        raise Http404
    at = clock.now()
    pending = cookies.get_pending_sign_in(request, at)
    language, reference = pending[3:] if pending else (get_language() or "ar", "")
    with override(language):
        try:
            if pending is None:
                raise oidc.SignInFailed
            known = _list_contacts(
                oidc.complete_sign_in(oidc.PendingSignIn(*pending[:3]), request.GET.dict(), _get_return_url())
            )
        except oidc.SignInFailed as refused:
            response = _render_failure(request, refused)
        else:
            response = redirect("portal:contact", reference) if reference else redirect("portal:mine")
            cookies.set_verified_contacts(response, known, at)
    cookies.delete_pending_sign_in(response)
    return response


def _get_return_url() -> str:
    """Return the redirect URL registered with the provider, independent of the request's host."""
    with override("ar"):
        return f"{settings.PUBLIC_URL}{reverse('portal:signed-in')}"


def _list_contacts(claims: oidc.Claims) -> list[ContactAddress]:
    """Return the contacts that the claims verify. Raises `SignInFailed` if there are none."""
    number = parse_national_number(claims.national_number)
    contacts = [parse_contact(claims.phone), parse_contact(claims.email)]
    known = [contact for contact in contacts if contact]
    if number:
        known.insert(0, ContactAddress(ContactType.NATIONAL_NUMBER, number))
    if not known:
        raise oidc.SignInFailed
    return known


def _render_failure(request: HttpRequest, refused: oidc.SignInFailed) -> HttpResponse:
    status = 503 if isinstance(refused, oidc.ProviderUnavailable) else 400
    reason = refused.message.in_language(get_language() or "ar")
    return render(request, "portal/my_cases/sign_in_failed.html", {"refused": reason}, status=status)
