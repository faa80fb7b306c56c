"""Signing in with the national identity, to the list of one's cases. No session begins: `identity.oidc` says why."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from bekhedmetkom.cases.rules.contact import Contact, Known, read_contact
from bekhedmetkom.identity import oidc
from bekhedmetkom.interfaces.audience import audience
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.people import parse_national_number
from bekhedmetkom.kernel.references import parse_reference

from .. import cookies
from ..case.views import no_store


@audience("public")
@require_safe
@no_store
def sign_in(request: HttpRequest) -> HttpResponse:
    """Off to the provider. `case` is the one whose page to come back to."""
    if not oidc.is_set_up():
        raise Http404
    language = get_language() or "ar"
    try:
        address, begun = oidc.begin(_back(), language)
    except oidc.NotSignedIn as refused:
        return _not_signed_in(request, refused)
    response = HttpResponseRedirect(address)
    reference = parse_reference(request.GET.get("case", "")[:40]) or ""
    cookies.remember_sign_in(response, [*begun, language, reference], clock.now())
    return response


@audience("public")
@require_safe
@no_store
def signed_in(request: HttpRequest) -> HttpResponse:
    """Back from the provider: whoever it vouches for sees their cases."""
    if not oidc.is_set_up():
        raise Http404
    at = clock.now()
    kept = cookies.sign_in(request, at)
    language, reference = kept[3:] if kept else (get_language() or "ar", "")
    with override(language):
        try:
            if kept is None:
                raise oidc.NotSignedIn
            known = _known(oidc.finish(oidc.Begun(*kept[:3]), request.GET.dict(), _back()))
        except oidc.NotSignedIn as refused:
            response = _not_signed_in(request, refused)
        else:
            response = redirect("portal:contact", reference) if reference else redirect("portal:mine")
            cookies.remember_mine(response, known, at)
    cookies.forget_sign_in(response)
    return response


def _back() -> str:
    """The one address that the provider knows for coming back, whatever host a request names."""
    with override("ar"):
        return f"{settings.PUBLIC_URL}{reverse('portal:signed-in')}"


def _known(claims: oidc.Claims) -> list[Known]:
    """By what the person is known here; at least something, or signing in was of no use."""
    number = parse_national_number(claims.national_number)
    read = [read_contact(claims.phone), read_contact(claims.email)]
    known = [one for one in read if one]
    if number:
        known.insert(0, Known(Contact.NATIONAL_NUMBER, number))
    if not known:
        raise oidc.NotSignedIn
    return known


def _not_signed_in(request: HttpRequest, refused: oidc.NotSignedIn) -> HttpResponse:
    status = 503 if isinstance(refused, oidc.ProviderDown) else 400
    said = refused.words.in_(get_language() or "ar")
    return render(request, "portal/mine/not_signed_in.html", {"refused": said}, status=status)
