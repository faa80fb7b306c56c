"""One-time codes of the portal, sent by SMS or e-mail."""

import secrets
from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.cases.rules.contact import ContactAddress, ContactType, parse_contact
from bekhedmetkom.identity import rate_limit
from bekhedmetkom.identity.commands import one_time_codes
from bekhedmetkom.identity.rate_limit import ProofOfWorkRequired
from bekhedmetkom.interfaces.request_headers import get_client_address
from bekhedmetkom.kernel import digits
from bekhedmetkom.kernel.phone_numbers import is_mobile, mask_phone
from bekhedmetkom.notifications.commands import CodePurpose, send_code_message
from bekhedmetkom.notifications.rules.delivery import Channel

from .cookies import PendingCode


class ContactAddressForm(forms.Form):
    """One field for a phone number or an e-mail address."""

    address = forms.CharField(
        label=_("رقم الهاتف أو البريد الإلكتروني"),
        help_text=_("مثل 0791234567، أو name@example.com"),
        error_messages={"required": _("اكتب رقم هاتف أو بريدًا إلكترونيًا")},
        widget=forms.TextInput(
            attrs={"class": "input", "dir": "ltr", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def clean_address(self) -> ContactAddress:
        known = parse_contact(self.cleaned_data["address"])
        if known is None:
            raise ValidationError(
                _("لم نفهم ما كتبته. اكتب رقمًا مثل 0791234567، أو بريدًا مثل name@example.com")
            )
        if known.contact is ContactType.PHONE and not is_mobile(known.address):
            raise ValidationError(_("هذا هاتف أرضي، ولا تصله الرسائل. اكتب رقم هاتف محمول أو بريدًا"))
        return known


class OneTimeCodeForm(forms.Form):
    """The code that was sent."""

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


def count_code_request(request: HttpRequest, known: ContactAddress, at: datetime) -> None:
    """Count a request for a code. Raises `ProofOfWorkRequired`; answer it with `render_challenge_page`."""
    rate_limit.count_submission(
        address=get_client_address(request),
        key=f"code {known.address}",
        at=at,
        proof=request.POST.get("proof", "")[:200],
    )


def render_challenge_page(request: HttpRequest, needed: ProofOfWorkRequired, *fields: str) -> HttpResponse:
    """Render the page whose script solves the challenge and posts these fields again."""
    carried = {name: request.POST.get(name, "")[:300] for name in fields}
    response = render(request, "portal/challenge.html", {"needed": needed, "carried": carried}, status=429)
    response["Retry-After"] = str(needed.wait_seconds)
    return response


def send_code(known: ContactAddress, purpose: CodePurpose, at: datetime) -> PendingCode:
    """Send a code and return what to keep in the browser's cookie. Raises `TooManyCodes`."""
    pending = PendingCode(known, secrets.token_urlsafe(16))
    with transaction.atomic():
        code = one_time_codes.issue_code(
            purpose=str(purpose), address=known.address, at=at, asker=pending.browser_token
        )
        send_code_message(
            channel=Channel.EMAIL if known.contact is ContactType.EMAIL else Channel.SMS,
            address=known.address,
            language=get_language() or "ar",
            purpose=purpose,
            code=code,
            at=at,
        )
    return pending


def mask_contact(known: ContactAddress) -> str:
    """Return the contact in a form that its owner recognises; an e-mail address in full."""
    match known.contact:
        case ContactType.PHONE:
            return mask_phone(known.address)
        case ContactType.NATIONAL_NUMBER:
            return f"••••••{known.address[-4:]}"
        case ContactType.EMAIL:
            return known.address


def verify_code(pending: PendingCode, purpose: CodePurpose, code: str, at: datetime) -> bool:
    """Return whether the code is right for this browser."""
    return one_time_codes.verify_code(
        purpose=str(purpose), address=pending.contact.address, code=code, at=at, asker=pending.browser_token
    )
