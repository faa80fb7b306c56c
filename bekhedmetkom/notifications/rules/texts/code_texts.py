"""Default texts of code messages: short enough for a locked screen, and nothing of the case but its reference."""

from collections.abc import Mapping

from bekhedmetkom.kernel.text import BilingualText

from ..templates import Template, TemplateTexts

_KEEP_SECRET_WARNING = BilingualText(
    "الرمز لك وحدك. لن يطلبه منك أحد، لا بالهاتف ولا برسالة. وإن لم تطلبه أنت فتجاهل هذه الرسالة.",
    "The code is for you alone; nobody will ask you for it, by telephone or in a message. If you did not ask for"
    " it, you can ignore this letter.",
)


def _format_email(ar: str, en: str) -> BilingualText:
    return BilingualText(
        f"{ar}\n\n{_KEEP_SECRET_WARNING.ar}\n\nبخدمتكم", f"{en}\n\n{_KEEP_SECRET_WARNING.en}\n\nBekhedmetkom"
    )


CODE_TEXTS: Mapping[Template, TemplateTexts] = {
    Template.CODE_CONFIRM: TemplateTexts(
        BilingualText("رمز تأكيد بريدك في بخدمتكم", "Your code to confirm this address"),
        _format_email(
            "لنتأكد أن هذا البريد لك، اكتب هذا الرمز في الصفحة التي طلبته:\n\n{code}\n\nيصلح 10 دقائق.",
            "To show that this address is yours, enter this code on the page that asked for it:\n\n{code}\n\nIt is"
            " good for 10 minutes.",
        ),
        BilingualText(
            "بخدمتكم: رمز تأكيد رقمك {code}، يصلح 10 دقائق. لا تعطه لأحد.",
            "Bekhedmetkom: {code} confirms that this number is yours. Good for 10 minutes. Give it to nobody.",
        ),
    ),
    Template.CODE_SIGN_IN: TemplateTexts(
        BilingualText("رمز الدخول إلى طلباتك", "Your code to see your cases"),
        _format_email(
            "لترى كل طلباتك، اكتب هذا الرمز في الصفحة التي طلبته:\n\n{code}\n\nيصلح 10 دقائق.",
            "To see all your cases, enter this code on the page that asked for it:\n\n{code}\n\nIt is good for 10"
            " minutes.",
        ),
        BilingualText(
            "بخدمتكم: رمز الدخول إلى طلباتك {code}، يصلح 10 دقائق. لا تعطه لأحد.",
            "Bekhedmetkom: {code} opens the list of your cases. Good for 10 minutes. Give it to nobody.",
        ),
    ),
    Template.CODE_ACCESS: TemplateTexts(
        BilingualText("رمز المتابعة الجديد لطلبك {reference}", "A new access code for your case {reference}"),
        _format_email(
            "هذا رمز المتابعة الجديد لطلبك {reference}:\n\n{code}\n\nاحفظه: الرمز القديم لم يعد يفتح الطلب. تتابع"
            " طلبك هنا:\n{track}",
            "This is the new access code of your case {reference}:\n\n{code}\n\nKeep it: the old one no longer opens"
            " the case. Follow your case here:\n{track}",
        ),
        BilingualText(
            "رمز المتابعة الجديد لطلبك {reference}: {code}\nالرمز القديم لم يعد يعمل. {track}",
            "The new access code of your case {reference}: {code}\nThe old one no longer works. {track}",
        ),
    ),
    Template.CODE_CHALLENGE: TemplateTexts(
        BilingualText("رمز لإكمال إرسال طلبك", "Your code to finish sending"),
        _format_email(
            "لتكمل إرسال طلبك، اكتب هذا الرمز في الصفحة التي طلبته:\n\n{code}\n\nيصلح 10 دقائق.",
            "To finish sending your case, enter this code on the page that asked for it:\n\n{code}\n\nIt is good for"
            " 10 minutes.",
        ),
        BilingualText(
            "بخدمتكم: لتكمل إرسال طلبك اكتب الرمز {code}. يصلح 10 دقائق.",
            "Bekhedmetkom: to finish sending your case, enter {code}. Good for 10 minutes.",
        ),
    ),
    Template.CODE_CALL: TemplateTexts(
        BilingualText("رمز تقرؤه لمركز الاتصال", "A code to read to the call centre"),
        BilingualText(
            "اقرأ هذا الرمز لموظف مركز الاتصال الذي تكلمه الآن:\n\n{code}\n\nيصلح 10 دقائق. لا تقله لغيره. وإن لم تكن"
            " تكلم أحدًا منا فتجاهل هذه الرسالة.\n\nبخدمتكم",
            "Read this code to the agent of the call centre whom you are speaking with now:\n\n{code}\n\nIt is good for"
            " 10 minutes. Tell nobody else. If you are speaking with none of us, you can ignore this"
            " letter.\n\nBekhedmetkom",
        ),
        BilingualText(
            "بخدمتكم: الرمز {code} لموظفنا الذي تكلمه الآن وحده. يصلح 10 دقائق.",
            "Bekhedmetkom: read {code} to our agent on the line now, to nobody else. Good for 10 minutes.",
        ),
    ),
}  # fmt: skip
