"""The agent's script by kind of case, and the spelling of references and codes."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.kernel.references import REFERENCE_PREFIX
from bekhedmetkom.kernel.text import BilingualText

from .call_backs import CallBackReason


class ScriptStep(NamedTuple):
    """A sentence to say, an instruction, or both."""

    sentence: BilingualText | None = None
    instruction: BilingualText | None = None


GREETING = ScriptStep(
    BilingualText("أهلًا وسهلًا، معك بخدمتكم. كيف أخدمك؟", "Welcome to Bekhedmetkom. How can I help you?"),
    BilingualText(
        "إن كان في خطر على حياة أحد: 911 أولًا، وأنت على الخط.",
        "If somebody's life is in danger: 911 first, while you stay on the line.",
    ),
)
_CONFIDENTIAL_REPORT = ScriptStep(
    instruction=BilingualText(
        "إن تكلم عن رشوة أو فساد: لا تكتب شيئًا. قل له أين البلاغ السري.",
        "Should they speak of a bribe or corruption: write nothing down. Say where the confidential report is.",
    )
)
_ASK_FOR_CODE = ScriptStep(
    BilingualText(
        "لأقرأ لك ما في طلبك أحتاج إلى رمز المتابعة.", "To read you your case I need its access code."
    ),
    BilingualText(
        "الرقم وحده لا يثبت شيئًا: قبل الرمز لا تقل إن له طلبًا ولا تقرأ منه شيئًا.",
        "A number alone proves nothing: before the code, do not say that there is a case and read nothing from it.",
    ),
)
_READ_TEXT_BACK = ScriptStep(
    BilingualText("أقرأ لك ما كتبت، وصحّح لي:", "I will read you what I wrote; please correct me:"),
)
_READ_RECEIPT = ScriptStep(
    BilingualText(
        "سجّلت طلبك. خذ ورقة وقلمًا: الرقم هو… والرمز هو…",
        "Your case is registered. Please take pen and paper: the number is… and the code is…",
    ),
    BilingualText("اطلب منه أن يعيدهما عليك.", "Ask them to say both back."),
)
_IF_LATE = ScriptStep(
    BilingualText(
        "إن تأخروا رُفع طلبك تلقائيًا إلى مسؤول أعلى. هل من شيء آخر؟",
        "If they are late, your case is raised to a higher official by itself. Is there anything else?",
    )
)

_QUESTIONS_BY_KIND: Mapping[Kind, Sequence[ScriptStep]] = {
    Kind.QUESTION: (
        ScriptStep(
            BilingualText(
                "ما الذي تريد أن تعرفه؟ ومن أي جهة؟", "What would you like to know, and of which body?"
            ),
            BilingualText(
                "إن كان الجواب منشورًا فاقرأه له، وأنهِ بكلمة «أُجيب في المكالمة».",
                "If the answer is published, read it out and wrap up as “Answered during the call”.",
            ),
        ),
    ),
    Kind.COMPLAINT: (
        ScriptStep(BilingualText("ماذا حدث، وأين، ومنذ متى؟", "What happened, where, and since when?")),
        ScriptStep(
            BilingualText("هل في الأمر خطر الآن على أحد؟", "Is anybody in danger now?"),
            BilingualText(
                "اكتب الخطر بكلماته: تصير الشكوى عاجلة.",
                "Write it down in their words: that makes it urgent.",
            ),
        ),
    ),
    Kind.SUGGESTION: (
        ScriptStep(
            BilingualText("ما اقتراحك؟ ومن ينتفع به؟", "What do you suggest, and whom would it help?")
        ),
    ),
    Kind.PRAISE: (
        ScriptStep(
            BilingualText("من تريد أن تشكر، وعلى ماذا؟", "Whom would you like to thank, and for what?")
        ),
    ),
    Kind.VIOLATION: (
        ScriptStep(
            BilingualText("ما المخالفة، وأين بالضبط؟", "What is the violation, and where exactly?"),
            BilingualText(
                "هويته محجوبة دائمًا: قل له ذلك، ولا تسأل عن اسمه.",
                "Their identity is always withheld: say so, and do not ask for a name.",
            ),
        ),
    ),
}


def get_script(kind: Kind | None) -> list[ScriptStep]:
    """Return the script of a call; `None`: before the kind is known."""
    if kind is None:
        return [GREETING, _ASK_FOR_CODE, _CONFIDENTIAL_REPORT]
    return [
        GREETING,
        *_QUESTIONS_BY_KIND[kind],
        _CONFIDENTIAL_REPORT,
        _READ_TEXT_BACK,
        _READ_RECEIPT,
        _IF_LATE,
    ]


# Kept on one line, left to right in Arabic too.
_OUR_NUMBER = "\u206606\u00a0500\u00a08080\u2069"
_ASK_IDENTITY = ScriptStep(
    BilingualText(
        f"مرحبًا، معك بخدمتكم، الرقم الوطني {_OUR_NUMBER}. هل أكلم صاحب الطلب؟",
        f"Hello, this is Bekhedmetkom, {_OUR_NUMBER}. Am I speaking with the person who sent us a case?",
    ),
    BilingualText("لا تذكر موضوع الطلب لغير صاحبه.", "Do not tell anybody else what it is about."),
)
_ASK_IF_SOLVED = ScriptStep(
    BilingualText("وصلك رد من الجهة. هل حُلّ الأمر؟ وكم نجمة من خمس تعطيه؟",
          "The body has answered you. Was it solved? And how many stars of five would you give?"),
)  # fmt: skip
_CALL_BACK_STEPS: Mapping[CallBackReason, Sequence[ScriptStep]] = {
    CallBackReason.READ_OUT: (
        ScriptStep(
            BilingualText(
                "عندي الرد على طلبك. أرسلت إلى هاتفك رمزًا، فاقرأه لي.",
                "I have the answer to your case. I sent a code to your telephone; please read it to me.",
            ),
            BilingualText(
                "من لا تصله الرسائل وطلب أن نتصل به: رمز المتابعة الذي كتبه. من غيره لا تطلبه.",
                "Who gets no messages and asked to be called: the access code. Ask nobody else for it.",
            ),
        ),
        _ASK_IF_SOLVED,
    ),
    CallBackReason.UNSOLVED: (
        ScriptStep(
            BilingualText(
                "قلت إن الأمر لم يُحل. ما الذي بقي؟", "You told us it was not solved. What is left?"
            ),
            BilingualText(
                "ذكّره أن له أن يعترض خلال 30 يومًا من الرد.", "Remind them that they can appeal for 30 days."
            ),
        ),
    ),
    CallBackReason.UNREACHED: (
        ScriptStep(
            BilingualText(
                "لم تصلك رسائلنا. كيف تحب أن نصلك؟", "Our messages did not reach you. How can we reach you?"
            )
        ),
    ),
    CallBackReason.CHECK: (_ASK_IF_SOLVED,),
}


def get_call_back_script(why: CallBackReason) -> list[ScriptStep]:
    """Return the script of a call-back."""
    return [_ASK_IDENTITY, *_CALL_BACK_STEPS[why]]


# Crockford's alphabet: the letter's name in Arabic and a word that is known in Jordan.
_LETTERS = {
    "A": ("إيه", "America"), "B": ("بي", "Bravo"), "C": ("سي", "Canada"), "D": ("دي", "Delta"),
    "E": ("إي", "Egypt"), "F": ("إف", "France"), "G": ("جي", "Germany"), "H": ("إتش", "Hotel"),
    "J": ("جيه", "Jordan"), "K": ("كي", "Kuwait"), "M": ("إم", "Morocco"), "N": ("إن", "November"),
    "P": ("بي، مثل باكستان", "Pakistan"), "Q": ("كيو", "Qatar"), "R": ("آر", "Romeo"), "S": ("إس", "Syria"),
    "T": ("تي", "Tunisia"), "V": ("في", "Victor"), "W": ("دبليو", "Whiskey"), "X": ("إكس", "X-ray"),
    "Y": ("واي", "Yemen"), "Z": ("زد", "Zulu"),
}  # fmt: skip
_DIGITS = {
    "0": BilingualText("صفر", "zero"),
    "1": BilingualText("واحد", "one"),
    "2": BilingualText("اثنان", "two"),
    "3": BilingualText("ثلاثة", "three"),
    "4": BilingualText("أربعة", "four"),
    "5": BilingualText("خمسة", "five"),
    "6": BilingualText("ستة", "six"),
    "7": BilingualText("سبعة", "seven"),
    "8": BilingualText("ثمانية", "eight"),
    "9": BilingualText("تسعة", "nine"),
}


def spell_character(character: str) -> BilingualText:
    """Return how a character is said on the phone."""
    if character in _DIGITS:
        return _DIGITS[character]
    name, word = _LETTERS[character]
    return BilingualText(name, f"{character} for {word}")


def spell_reference(reference: str) -> list[list[tuple[str, BilingualText]]]:
    """Return the spelling of a reference in two groups of four, without its prefix."""
    groups = reference.removeprefix(f"{REFERENCE_PREFIX}-").split("-")
    return [[(character, spell_character(character)) for character in group] for group in groups]


def spell_code(code: str) -> list[list[tuple[str, BilingualText]]]:
    """Return the spelling of an access code in five pairs."""
    return [
        [(character, spell_character(character)) for character in code[i : i + 2]]
        for i in range(0, len(code), 2)
    ]
