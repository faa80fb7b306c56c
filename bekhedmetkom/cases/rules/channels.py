"""By which way a case came in."""

from collections.abc import Mapping

from bekhedmetkom.kernel.words import Words

from .receiving import PAPER_WORDS

CHANNELS: Mapping[str, Words] = {
    "portal": Words("الموقع", "Website"),
    "chat": Words("محادثة الموقع", "Website chat"),
    "embed": Words("نموذج في موقع آخر", "Form on another site"),
    "kiosk": Words("شاشة في مركز الخدمة", "Screen in a service hall"),
    "api": Words("نظام متصل", "Connected system"),
    "open311": Words("Open311", "Open311"),
    "phone": Words("الهاتف", "Telephone"),
    "callcentre": Words("مركز الاتصال", "Call centre"),
    "messenger": Words("ماسنجر", "Messenger"),
    "email": Words("البريد الإلكتروني", "E-mail"),
    "sms": Words("رسالة نصية", "Text message"),
    **{str(paper): words for paper, words in PAPER_WORDS.items()},
}
