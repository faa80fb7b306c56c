"""The talk as a table: each step with what it asks, which answers it offers, how it reads one, and where that leads.

A new flow, or another order, is rows here. What a row names is looked up: `reads` in `readers.READERS`, `shows` in
`showing.SHOWS`, `when` in `CONDITIONS`. A step whose `when` does not hold is passed over as if it was answered.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from bekhedmetkom.catalogue.rules import KIND_LABELS, Kind
from bekhedmetkom.kernel.text import BilingualText

from .draft import AUTO_ROUTE, Draft

ANY_ANSWER = "*"  # whatever else was understood
SEND, LOOK_UP = "!send", "!look-up"  # what the platform does, instead of a next step


class BilingualChoice(NamedTuple):
    """A fixed answer."""

    payload: str
    title: BilingualText


class Step(NamedTuple):
    asks: BilingualText
    reads: str
    to: Mapping[str, str]
    offers: tuple[BilingualChoice, ...] = ()
    shows: str = ""
    when: str = ""
    hint: BilingualText = BilingualText("", "")  # said beside the question when an answer was not understood


CONDITIONS: Mapping[str, Callable[[Draft], bool]] = {
    "": lambda draft: True,
    "is a violation": lambda draft: draft.kind == Kind.VIOLATION and draft.fear != "no",
    "has no text": lambda draft: not draft.text,
    "has no destination": lambda draft: draft.to is None,
    "needs an identity": lambda draft: bool(
        draft.to
        and draft.to.needs_identity
        and not (draft.name and (draft.national_number or draft.passport))
    ),
    "is about a place": lambda draft: draft.about_place and not draft.placed,
    "needs a governorate": lambda draft: bool(draft.to and draft.to.place and not draft.governorate),
    "may show something": lambda draft: (
        draft.kind not in (Kind.QUESTION, Kind.PRAISE) and not draft.photos and not draft.pictured
    ),
}

_YES, _NO = (
    BilingualChoice("yes", BilingualText("نعم", "Yes")),
    BilingualChoice("no", BilingualText("لا", "No")),
)
_SKIP = BilingualChoice("skip", BilingualText("تخطٍّ", "Skip"))
_CANCEL = BilingualChoice("cancel", BilingualText("إلغاء", "Cancel"))
_TRACK = BilingualChoice("track", BilingualText("أتتبّع طلبًا", "Track a case"))
_START_CHOICES = (
    *(
        BilingualChoice(str(kind), KIND_LABELS[kind])
        for kind in (Kind.QUESTION, Kind.COMPLAINT, Kind.SUGGESTION, Kind.PRAISE)
    ),
    BilingualChoice("violation", BilingualText("مخالفة", "Violation")),
    _TRACK,
)

STEPS: Mapping[str, Step] = {
    "start": Step(
        BilingualText(
            "أهلًا بك في بخدمتكم. ماذا تريد أن ترسل إلى الحكومة؟ اختر، أو اكتب ما حدث مباشرة.",
            "Welcome to Bekhedmetkom. What would you like to send to the government? Choose, or write what happened.",
        ),
        reads="wish",
        to={"kind": "fear", "story": "fear", "track": "reference"},
        offers=_START_CHOICES,
        hint=BilingualText("مثل: «شكوى»، أو «وين طلبي».", "For example “complaint”, or “where is my case”."),
    ),
    "fear": Step(
        BilingualText(
            "قبل أن تكتب: هل الأمر عن رشوة أو فساد، أو تخاف أن يؤذيك أحد إن عُرف أنك أبلغت؟",
            "Before you write: is it about bribery or corruption, or do you fear harm if it is known you reported it?",
        ),
        reads="yes or no",
        to={"yes": "sealed", ANY_ANSWER: "text"},
        offers=(_YES, _NO),
        when="is a violation",
        hint=BilingualText("اكتب «نعم» أو «لا».", "Write “yes” or “no”."),
    ),
    "text": Step(
        BilingualText(
            "اكتب ما تريد قوله بكلماتك، ولو بجملة واحدة: ماذا، وأين، ومنذ متى.",
            "Write it in your own words, one sentence is enough: what, where, and since when.",
        ),
        reads="story",
        to={ANY_ANSWER: "destination"},
        when="has no text",
        hint=BilingualText("نحتاج إلى كلمات قليلة على الأقل.", "We need at least a few words."),
    ),
    "destination": Step(
        BilingualText("إلى أي جهة نرسله؟", "Which body should it go to?"),
        reads="destination",
        to={ANY_ANSWER: "who"},
        offers=(BilingualChoice(f"to:{AUTO_ROUTE}", BilingualText("وجّهوه أنتم", "You choose")),),
        shows="options",
        when="has no destination",
        hint=BilingualText("اكتب رقم الجهة أو اسمها.", "Write the body's number or name."),
    ),
    "who": Step(
        BilingualText(
            "لا يُعالج هذا الموضوع دون هوية صاحبه. اكتب اسمك ورقمك الوطني (10 أرقام) في رسالة واحدة.",
            "This topic needs to know who you are. Write your name and national number (10 digits) in one message.",
        ),
        reads="identity",
        to={ANY_ANSWER: "place"},
        when="needs an identity",
        hint=BilingualText("مثل: سامر عواد 9851012345", "For example: Samer Awwad 9851012345"),
    ),
    "place": Step(
        BilingualText(
            "أين هذا؟ اكتب الحي والشارع وأقرب علامة معروفة.",
            "Where is it? Write the quarter, the street and something near it.",
        ),
        reads="place",
        to={ANY_ANSWER: "governorate"},
        offers=(_SKIP,),
        when="is about a place",
    ),
    "governorate": Step(
        BilingualText("في أي محافظة؟", "In which governorate?"),
        reads="governorate",
        to={ANY_ANSWER: "photo"},
        shows="governorates",
        when="needs a governorate",
        hint=BilingualText("اكتب اسم المحافظة.", "Write the governorate's name."),
    ),
    "photo": Step(
        BilingualText(
            "عندك صورة توضّح؟ أرسلها الآن، أو تخطَّ.",
            "Do you have a photo that shows it? Send it now, or skip.",
        ),
        reads="photos",
        to={ANY_ANSWER: "check"},
        offers=(_SKIP,),
        when="may show something",
    ),
    "check": Step(
        BilingualText("راجعه قبل الإرسال:", "Check it before it goes:"),
        reads="verdict",
        to={
            "yes": SEND,
            "edit-kind": "kind",
            "edit-text": "text",
            "edit-to": "destination",
            "edit-place": "place",
            "edit-photos": "photo",
            "edit-phone": "phone",
            "changed": "fear",
        },
        offers=(
            BilingualChoice("yes", BilingualText("أرسل", "Send")),
            BilingualChoice("edit-text", BilingualText("أعدّل النص", "Change the text")),
            BilingualChoice("edit-to", BilingualText("أغيّر الجهة", "Change the body")),
            BilingualChoice("edit-phone", BilingualText("أترك رقمي", "Leave my number")),
            _CANCEL,
        ),
        shows="summary",
        hint=BilingualText("اكتب «أرسل» أو ما تريد تغييره.", "Write “send”, or what you want to change."),
    ),
    "kind": Step(
        BilingualText("ما نوعه؟", "What kind is it?"),
        reads="kind",
        to={ANY_ANSWER: "fear"},
        offers=_START_CHOICES[:-1],
        hint=BilingualText("اختر واحدًا.", "Choose one."),
    ),
    "phone": Step(
        BilingualText(
            "اكتب رقم هاتفك لنخبرك بما يحدث. لا نعطيه إلا للجهة التي تعالج طلبك.",
            "Write your telephone number, and we tell you what happens. Only the body that handles your case gets it.",
        ),
        reads="phone",
        to={ANY_ANSWER: "check"},
        offers=(_SKIP,),
        hint=BilingualText("مثل 0791234567.", "For example 0791234567."),
    ),
    "sealed": Step(
        BilingualText(
            "هذا الحديث ليس الطريق الأسلم لك. اكتبه في البلاغ السري: خدمة منفصلة تشفّر بلاغك، ولا يقرؤه إلا موظفو هيئة "
            "النزاهة ومكافحة الفساد، ولا تسألك من أنت. لم نحفظ هنا شيئًا مما كتبته.",
            "This talk is not the safest way for you. Write it in the confidential report: a separate service that "
            "encrypts it for the Integrity and Anti-Corruption Commission alone and does not ask who you are. "
            "Nothing of what you wrote has been kept here.",
        ),
        reads="after the gate",
        to={"on": "text", "kind": "fear", "story": "fear", "track": "reference", ANY_ANSWER: "start"},
        offers=(
            BilingualChoice("on", BilingualText("ليس عن فساد، أكمل", "Not corruption")),
            BilingualChoice("start", BilingualText("من البداية", "Start over")),
        ),
        shows="box",
    ),
    "reference": Step(
        BilingualText("ما رقم الطلب؟ مثل BK-7F3K-92MD", "What is the case's number? Like BK-7F3K-92MD"),
        reads="reference",
        to={ANY_ANSWER: "code"},
        hint=BilingualText(
            "يبدأ الرقم بـ BK وتجده حيث حفظت رمز المتابعة.", "It begins with BK and stands beside your code."
        ),
    ),
    "code": Step(
        BilingualText(
            "اكتب رمز المتابعة، 10 أرقام، لنريك ما وصل إليه {reference}.",
            "Write the access code, 10 digits, and we tell you how {reference} stands.",
        ),
        reads="code",
        to={ANY_ANSWER: LOOK_UP},
        offers=(BilingualChoice("forgot", BilingualText("نسيت الرمز", "I forgot it")),),
        hint=BilingualText("الرمز 10 أرقام.", "The code has 10 digits."),
    ),
    "sent": Step(
        BilingualText("هل تريد شيئًا آخر؟", "Anything else?"),
        reads="wish",
        to={"kind": "fear", "story": "fear", "track": "reference", ANY_ANSWER: "sent"},
        offers=_START_CHOICES,
    ),
}

IDLE_STEPS = frozenset({"start", "sent", "sealed"})  # steps at which nothing is under way
EDIT_CHOICES = frozenset({"edit-kind", "edit-text", "edit-to", "edit-place", "edit-photos", "edit-phone"})
