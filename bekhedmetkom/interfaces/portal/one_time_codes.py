"""One-time codes at the portal: sent to a telephone or an address, typed in by whoever reads it there."""

import secrets
from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.cases.rules.contact import Contact, Known, read_contact
from bekhedmetkom.identity import rate_limit
from bekhedmetkom.identity.commands import one_time_codes
from bekhedmetkom.identity.rate_limit import ProofOfWorkRequired
from bekhedmetkom.interfaces.request_headers import get_client_address
from bekhedmetkom.kernel import digits
from bekhedmetkom.kernel.phone_numbers import is_mobile, mask_phone
from bekhedmetkom.messages.commands import CodePurpose, tell_code
from bekhedmetkom.messages.rules.delivery import Channel

from .cookies import PendingCode


class ContactAddressForm(forms.Form):
    """A telephone or an e-mail address, in one field: people know which they mean."""

    address = forms.CharField(
        label=_("رقم الهاتف أو البريد الإلكتروني"),
        help_text=_("مثل 0791234567، أو name@example.com"),
        error_messages={"required": _("اكتب رقم هاتف أو بريدًا إلكترونيًا")},
        widget=forms.TextInput(
            attrs={"class": "input", "dir": "ltr", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def clean_address(self) -> Known:
        known = read_contact(self.cleaned_data["address"])
        if known is None:
            raise ValidationError(
                _("لم نفهم ما كتبته. اكتب رقمًا مثل 0791234567، أو بريدًا مثل name@example.com")
            )
        if known.contact is Contact.PHONE and not is_mobile(known.address):
            raise ValidationError(_("هذا هاتف أرضي، ولا تصله الرسائل. اكتب رقم هاتف محمول أو بريدًا"))
        return known


class OneTimeCodeForm(forms.Form):
    code = forms.CharField(
        label=_("الرمز"),
        help_text=_("ستة أرقام. تصل خلال دقيقة، وتصلح عشر دقائق."),
        error_messages={"required": _("اكتب الرمز الذي وصلك")},
        widget=forms.TextInput(
            attrs={
                "class": "input input--code",
                "dir": "ltr",
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "maxlength": 20,
            }
        ),
    )

    def clean_code(self) -> str:
        code = digits.normalise_code(self.cleaned_data["code"])
        if not (code.isdecimal() and len(code) == one_time_codes.CODE_LENGTH):
            raise ValidationError(_("الرمز ستة أرقام"))
        return code


def count_code_request(request: HttpRequest, known: Known, at: datetime) -> None:
    """Count this asking: messages cost money, and whoever types in number after number is asked for work.

    Raises `ProofNeeded` where very much has come from one network; `proof_page` is its answer.
    """
    rate_limit.count_submission(
        address=get_client_address(request),
        key=f"code {known.address}",
        at=at,
        proof=request.POST.get("proof", "")[:200],
    )


def render_challenge_page(request: HttpRequest, needed: ProofOfWorkRequired, *fields: str) -> HttpResponse:
    """The page whose script does the work and sends these fields again; without script one waits and sends them."""
    carried = {name: request.POST.get(name, "")[:300] for name in fields}
    response = render(request, "portal/challenge.html", {"needed": needed, "carried": carried}, status=429)
    response["Retry-After"] = str(needed.wait_seconds)
    return response


def send_code(known: Known, purpose: CodePurpose, at: datetime) -> PendingCode:
    """Send a code; what comes back belongs into a cookie of the browser that asked. Raises `one_time.TooSoon`."""
    asked = PendingCode(known, secrets.token_urlsafe(16))
    with transaction.atomic():
        code = one_time_codes.issue_code(
            purpose=str(purpose), address=known.address, at=at, asker=asked.browser_token
        )
        tell_code(
            channel=Channel.EMAIL if known.contact is Contact.EMAIL else Channel.SMS,
            address=known.address,
            language=get_language() or "ar",
            purpose=purpose,
            code=code,
            at=at,
        )
    return asked


def mask_contact(known: Known) -> str:
    """Enough for its owner to know it by; an e-mail address as it was typed."""
    match known.contact:
        case Contact.PHONE:
            return mask_phone(known.address)
        case Contact.NATIONAL_NUMBER:
            return f"••••••{known.address[-4:]}"
        case Contact.EMAIL:
            return known.address


def verify_code(asked: PendingCode, purpose: CodePurpose, code: str, at: datetime) -> bool:
    """Whether the person at this browser reads what is sent there."""
    return one_time_codes.verify_code(
        purpose=str(purpose), address=asked.contact.address, code=code, at=at, asker=asked.browser_token
    )
