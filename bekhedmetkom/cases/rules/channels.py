"""By which way a case came in."""

from collections.abc import Mapping

from bekhedmetkom.kernel.text import BilingualText

from .receiving import PAPER_WORDS

CHANNELS: Mapping[str, BilingualText] = {
    "portal": BilingualText("الموقع", "Website"),
    "chat": BilingualText("محادثة الموقع", "Website chat"),
    "embed": BilingualText("نموذج في موقع آخر", "Form on another site"),
    "kiosk": BilingualText("شاشة في مركز الخدمة", "Screen in a service hall"),
    "api": BilingualText("نظام متصل", "Connected system"),
    "open311": BilingualText("Open311", "Open311"),
    "phone": BilingualText("الهاتف", "Telephone"),
    "callcentre": BilingualText("مركز الاتصال", "Call centre"),
    "messenger": BilingualText("ماسنجر", "Messenger"),
    "email": BilingualText("البريد الإلكتروني", "E-mail"),
    "sms": BilingualText("رسالة نصية", "Text message"),
    **{str(paper): words for paper, words in PAPER_WORDS.items()},
}
