"""What an agent says, step by step: it follows the kind. «…» is said; the rest is what to do."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.kernel.words import Words

from .backs import Why


class Step(NamedTuple):
    """A sentence to say, or (`do`) something to do beside it."""

    say: Words | None = None
    do: Words | None = None


GREETING = Step(
    Words("أهلًا وسهلًا، معك بخدمتكم. كيف أخدمك؟", "Welcome to Bekhedmetkom. How can I help you?"),
    Words(
        "إن كان في خطر على حياة أحد: 911 أولًا، وأنت على الخط.",
        "If somebody's life is in danger: 911 first, while you stay on the line.",
    ),
)
_THE_BOX = Step(
    do=Words(
        "إن تكلم عن رشوة أو فساد: لا تكتب شيئًا. قل له أين البلاغ السري.",
        "Should they speak of a bribe or corruption: write nothing down. Say where the confidential report is.",
    )
)
_PROOF = Step(
    Words("لأقرأ لك ما في طلبك أحتاج إلى رمز المتابعة.", "To read you your case I need its access code."),
    Words(
        "الرقم وحده لا يثبت شيئًا: قبل الرمز لا تقل إن له طلبًا ولا تقرأ منه شيئًا.",
        "A number alone proves nothing: before the code, do not say that there is a case and read nothing from it.",
    ),
)
_READ_BACK = Step(
    Words("أقرأ لك ما كتبت، وصحّح لي:", "I will read you what I wrote; please correct me:"),
)
_THE_NUMBER = Step(
    Words(
        "سجّلت طلبك. خذ ورقة وقلمًا: الرقم هو… والرمز هو…",
        "Your case is registered. Please take pen and paper: the number is… and the code is…",
    ),
    Words("اطلب منه أن يعيدهما عليك.", "Ask them to say both back."),
)
_IF_LATE = Step(
    Words(
        "إن تأخروا رُفع طلبك تلقائيًا إلى مسؤول أعلى. هل من شيء آخر؟",
        "If they are late, your case is raised to a higher official by itself. Is there anything else?",
    )
)

_ASKS: Mapping[Kind, Sequence[Step]] = {
    Kind.QUESTION: (
        Step(
            Words("ما الذي تريد أن تعرفه؟ ومن أي جهة؟", "What would you like to know, and of which body?"),
            Words("إن كان الجواب منشورًا فاقرأه له، وأنهِ بكلمة «أُجيب في المكالمة».",
                  "If the answer is published, read it out and wrap up as “Answered during the call”."),
        ),
    ),
    Kind.COMPLAINT: (
        Step(Words("ماذا حدث، وأين، ومنذ متى؟", "What happened, where, and since when?")),
        Step(Words("هل في الأمر خطر الآن على أحد؟", "Is anybody in danger now?"),
             Words("اكتب الخطر بكلماته: تصير الشكوى عاجلة.", "Write it down in their words: that makes it urgent.")),
    ),
    Kind.SUGGESTION: (
        Step(Words("ما اقتراحك؟ ومن ينتفع به؟", "What do you suggest, and whom would it help?")),
    ),
    Kind.PRAISE: (
        Step(Words("من تريد أن تشكر، وعلى ماذا؟", "Whom would you like to thank, and for what?")),
    ),
    Kind.VIOLATION: (
        Step(Words("ما المخالفة، وأين بالضبط؟", "What is the violation, and where exactly?"),
             Words("هويته محجوبة دائمًا: قل له ذلك، ولا تسأل عن اسمه.",
                   "Their identity is always withheld: say so, and do not ask for a name.")),
    ),
}  # fmt: skip


def script_of(kind: Kind | None) -> list[Step]:
    """The steps of a call: before its kind is known, what finds it out."""
    if kind is None:
        return [GREETING, _PROOF, _THE_BOX]
    return [GREETING, *_ASKS[kind], _THE_BOX, _READ_BACK, _THE_NUMBER, _IF_LATE]


# On one line, and read from left to right in an Arabic sentence too.
_OURS = "\u206606\u00a0500\u00a08080\u2069"
_WHO = Step(
    Words(
        f"مرحبًا، معك بخدمتكم، الرقم الوطني {_OURS}. هل أكلم صاحب الطلب؟",
        f"Hello, this is Bekhedmetkom, {_OURS}. Am I speaking with the person who sent us a case?",
    ),
    Words("لا تذكر موضوع الطلب لغير صاحبه.", "Do not tell anybody else what it is about."),
)
_SOLVED = Step(
    Words("وصلك رد من الجهة. هل حُلّ الأمر؟ وكم نجمة من خمس تعطيه؟",
          "The body has answered you. Was it solved? And how many stars of five would you give?"),
)  # fmt: skip
_BACK: Mapping[Why, Sequence[Step]] = {
    Why.READ_OUT: (
        Step(
            Words("عندي الرد على طلبك. أرسلت إلى هاتفك رمزًا، فاقرأه لي.",
                  "I have the answer to your case. I sent a code to your telephone; please read it to me."),
            Words("من لا تصله الرسائل وطلب أن نتصل به: رمز المتابعة الذي كتبه. من غيره لا تطلبه.",
                  "Who gets no messages and asked to be called: the access code. Ask nobody else for it."),
        ),
        _SOLVED,
    ),
    Why.UNSOLVED: (
        Step(
            Words("قلت إن الأمر لم يُحل. ما الذي بقي؟", "You told us it was not solved. What is left?"),
            Words("ذكّره أن له أن يعترض خلال 30 يومًا من الرد.", "Remind them that they can appeal for 30 days."),
        ),
    ),
    Why.UNREACHED: (
        Step(Words("لم تصلك رسائلنا. كيف تحب أن نصلك؟", "Our messages did not reach you. How can we reach you?")),
    ),
    Why.CHECK: (_SOLVED,),
}  # fmt: skip


def script_back(why: Why) -> list[Step]:
    """The steps of a call that we make."""
    return [_WHO, *_BACK[why]]
