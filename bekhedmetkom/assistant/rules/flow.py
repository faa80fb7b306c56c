"""The table of steps: question, choices, parser and next steps of each.

Rows name their functions: `parser` in `answer_parsers.PARSERS`, `presenter` in `presentation.PRESENTERS`, `condition`
in `CONDITIONS`. A step whose condition does not hold is skipped.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from bekhedmetkom.catalogue.rules import KIND_LABELS, Kind
from bekhedmetkom.kernel.text import BilingualText

from .draft import AUTO_ROUTE, Draft

ANY_ANSWER = "*"  # any other answer that was understood
SEND, LOOK_UP = "!send", "!look-up"  # actions in place of a next step


class BilingualChoice(NamedTuple):
    """A fixed answer in both languages."""

    payload: str
    title: BilingualText


class Step(NamedTuple):
    """One row of the table. `next_steps` maps an answer to the step that follows."""

    question: BilingualText
    parser: str
    next_steps: Mapping[str, str]
    choices: tuple[BilingualChoice, ...] = ()
    presenter: str = ""
    condition: str = ""
    hint: BilingualText = BilingualText("", "")  # added to the question when an answer was not understood


CONDITIONS: Mapping[str, Callable[[Draft], bool]] = {
    "": lambda draft: True,
    "is_violation": lambda draft: draft.kind == Kind.VIOLATION and draft.fear != "no",
    "has_no_text": lambda draft: not draft.text,
    "has_no_destination": lambda draft: draft.to is None,
    "needs_identity": lambda draft: bool(
        draft.to
        and draft.to.needs_identity
        and not (draft.name and (draft.national_number or draft.passport))
    ),
    "is_about_place": lambda draft: draft.is_about_place and not draft.placed,
    "needs_governorate": lambda draft: bool(draft.to and draft.to.is_about_place and not draft.governorate),
    "can_have_photo": lambda draft: (
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
        parser="wish",
        next_steps={"kind": "fear", "story": "fear", "track": "reference"},
        choices=_START_CHOICES,
        hint=BilingualText("مثل: «شكوى»، أو «وين طلبي».", "For example “complaint”, or “where is my case”."),
    ),
    "fear": Step(
        BilingualText(
            "قبل أن تكتب: هل الأمر عن رشوة أو فساد، أو تخاف أن يؤذيك أحد إن عُرف أنك أبلغت؟",
            "Before you write: is it about bribery or corruption, or do you fear harm if it is known you reported it?",
        ),
        parser="yes_or_no",
        next_steps={"yes": "sealed", ANY_ANSWER: "text"},
        choices=(_YES, _NO),
        condition="is_violation",
        hint=BilingualText("اكتب «نعم» أو «لا».", "Write “yes” or “no”."),
    ),
    "text": Step(
        BilingualText(
            "اكتب ما تريد قوله بكلماتك، ولو بجملة واحدة: ماذا، وأين، ومنذ متى.",
            "Write it in your own words, one sentence is enough: what, where, and since when.",
        ),
        parser="story",
        next_steps={ANY_ANSWER: "destination"},
        condition="has_no_text",
        hint=BilingualText("نحتاج إلى كلمات قليلة على الأقل.", "We need at least a few words."),
    ),
    "destination": Step(
        BilingualText("إلى أي جهة نرسله؟", "Which body should it go to?"),
        parser="destination",
        next_steps={ANY_ANSWER: "who"},
        choices=(BilingualChoice(f"to:{AUTO_ROUTE}", BilingualText("وجّهوه أنتم", "You choose")),),
        presenter="options",
        condition="has_no_destination",
        hint=BilingualText("اكتب رقم الجهة أو اسمها.", "Write the body's number or name."),
    ),
    "who": Step(
        BilingualText(
            "لا يُعالج هذا الموضوع دون هوية صاحبه. اكتب اسمك ورقمك الوطني (10 أرقام) في رسالة واحدة.",
            "This topic needs to know who you are. Write your name and national number (10 digits) in one message.",
        ),
        parser="identity",
        next_steps={ANY_ANSWER: "place"},
        condition="needs_identity",
        hint=BilingualText("مثل: سامر عواد 9851012345", "For example: Samer Awwad 9851012345"),
    ),
    "place": Step(
        BilingualText(
            "أين هذا؟ اكتب الحي والشارع وأقرب علامة معروفة.",
            "Where is it? Write the quarter, the street and something near it.",
        ),
        parser="place",
        next_steps={ANY_ANSWER: "governorate"},
        choices=(_SKIP,),
        condition="is_about_place",
    ),
    "governorate": Step(
        BilingualText("في أي محافظة؟", "In which governorate?"),
        parser="governorate",
        next_steps={ANY_ANSWER: "photo"},
        presenter="governorates",
        condition="needs_governorate",
        hint=BilingualText("اكتب اسم المحافظة.", "Write the governorate's name."),
    ),
    "photo": Step(
        BilingualText(
            "عندك صورة توضّح؟ أرسلها الآن، أو تخطَّ.",
            "Do you have a photo that shows it? Send it now, or skip.",
        ),
        parser="photos",
        next_steps={ANY_ANSWER: "check"},
        choices=(_SKIP,),
        condition="can_have_photo",
    ),
    "check": Step(
        BilingualText("راجعه قبل الإرسال:", "Check it before it goes:"),
        parser="confirmation",
        next_steps={
            "yes": SEND,
            "edit-kind": "kind",
            "edit-text": "text",
            "edit-to": "destination",
            "edit-place": "place",
            "edit-photos": "photo",
            "edit-phone": "phone",
            "changed": "fear",
        },
        choices=(
            BilingualChoice("yes", BilingualText("أرسل", "Send")),
            BilingualChoice("edit-text", BilingualText("أعدّل النص", "Change the text")),
            BilingualChoice("edit-to", BilingualText("أغيّر الجهة", "Change the body")),
            BilingualChoice("edit-phone", BilingualText("أترك رقمي", "Leave my number")),
            _CANCEL,
        ),
        presenter="summary",
        hint=BilingualText("اكتب «أرسل» أو ما تريد تغييره.", "Write “send”, or what you want to change."),
    ),
    "kind": Step(
        BilingualText("ما نوعه؟", "What kind is it?"),
        parser="kind",
        next_steps={ANY_ANSWER: "fear"},
        choices=_START_CHOICES[:-1],
        hint=BilingualText("اختر واحدًا.", "Choose one."),
    ),
    "phone": Step(
        BilingualText(
            "اكتب رقم هاتفك لنخبرك بما يحدث. لا نعطيه إلا للجهة التي تعالج طلبك.",
            "Write your telephone number, and we tell you what happens. Only the body that handles your case gets it.",
        ),
        parser="phone",
        next_steps={ANY_ANSWER: "check"},
        choices=(_SKIP,),
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
        parser="after_gate",
        next_steps={"on": "text", "kind": "fear", "story": "fear", "track": "reference", ANY_ANSWER: "start"},
        choices=(
            BilingualChoice("on", BilingualText("ليس عن فساد، أكمل", "Not corruption")),
            BilingualChoice("start", BilingualText("من البداية", "Start over")),
        ),
        presenter="box",
    ),
    "reference": Step(
        BilingualText("ما رقم الطلب؟ مثل BK-7F3K-92MD", "What is the case's number? Like BK-7F3K-92MD"),
        parser="reference",
        next_steps={ANY_ANSWER: "code"},
        hint=BilingualText(
            "يبدأ الرقم بـ BK وتجده حيث حفظت رمز المتابعة.", "It begins with BK and stands beside your code."
        ),
    ),
    "code": Step(
        BilingualText(
            "اكتب رمز المتابعة، 10 أرقام، لنريك ما وصل إليه {reference}.",
            "Write the access code, 10 digits, and we tell you how {reference} stands.",
        ),
        parser="code",
        next_steps={ANY_ANSWER: LOOK_UP},
        choices=(BilingualChoice("forgot", BilingualText("نسيت الرمز", "I forgot it")),),
        hint=BilingualText("الرمز 10 أرقام.", "The code has 10 digits."),
    ),
    "sent": Step(
        BilingualText("هل تريد شيئًا آخر؟", "Anything else?"),
        parser="wish",
        next_steps={"kind": "fear", "story": "fear", "track": "reference", ANY_ANSWER: "sent"},
        choices=_START_CHOICES,
    ),
}

IDLE_STEPS = frozenset({"start", "sent", "sealed"})  # no case is in progress
EDIT_CHOICES = frozenset({"edit-kind", "edit-text", "edit-to", "edit-place", "edit-photos", "edit-phone"})
