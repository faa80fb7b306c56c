"""Default e-mail texts for officers: which case, its deadline and why they are told; never what it is about."""

from collections.abc import Mapping

from bekhedmetkom.kernel.text import BilingualText

from ..templates import Template, TemplateTexts


def _format_email(ar: str, en: str) -> BilingualText:
    return BilingualText(f"{ar}\n\n{{link}}\n\nبخدمتكم", f"{en}\n\n{{link}}\n\nBekhedmetkom")


OFFICER_TEXTS: Mapping[Template, TemplateTexts] = {
    Template.TO_ASSIGNED: TemplateTexts(
        BilingualText("كُلّفت بالطلب {reference}", "Case {reference} is yours"),
        _format_email(
            "الطلب {reference} في عهدتك الآن. موعد الرد: قبل نهاية {until}.",
            "Case {reference} is assigned to you. It is due by the end of {until}.",
        ),
    ),
    Template.TO_URGENT: TemplateTexts(
        BilingualText("عاجل: الطلب {reference}", "Urgent: case {reference}"),
        _format_email(
            "وصل طلب عاجل {reference} إلى {entity}، ومدته تُحتسب على مدار الساعة. افتحه الآن.",
            "An urgent case {reference} reached {entity}. Its clock runs day and night: please open it now.",
        ),
    ),
    Template.TO_WROTE: TemplateTexts(
        BilingualText("كتب صاحب الطلب {reference}", "News from the citizen on {reference}"),
        _format_email(
            "كتب صاحب الطلب {reference} رسالة جديدة. موعد الرد: قبل نهاية {until}.",
            "The citizen wrote on case {reference}. It is due by the end of {until}.",
        ),
    ),
    Template.TO_REOPENED: TemplateTexts(
        BilingualText("عاد الطلب {reference} إلى المعالجة", "Case {reference} is open again"),
        _format_email(
            "عاد الطلب {reference} إلى المعالجة لدى {entity}. موعد الرد: قبل نهاية {until}.",
            "Case {reference} is open again at {entity}. It is due by the end of {until}.",
        ),
    ),
    Template.TO_WITHDRAWN: TemplateTexts(
        BilingualText("سُحب الطلب {reference}", "Case {reference} was withdrawn"),
        _format_email(
            "سحب مقدم الطلب {reference} طلبه. لا حاجة إلى عمل آخر عليه.",
            "The citizen withdrew case {reference}. No more work on it is needed.",
        ),
    ),
    Template.TO_APPROVE: TemplateTexts(
        BilingualText("رد بانتظار قرارك: {reference}", "A reply awaits your decision: {reference}"),
        _format_email(
            "كُتب الرد على الطلب {reference}، وينتظر قرارك. موعد الرد: قبل نهاية {until}.",
            "The reply to case {reference} is written and awaits your decision. It is due by the end of"
            " {until}.",
        ),
    ),
    Template.TO_SENT_BACK: TemplateTexts(
        BilingualText("أُعيد ردك على {reference}", "Your reply to {reference} was sent back"),
        _format_email(
            "أُعيد إليك ردك على الطلب {reference} لتعديله. السبب مكتوب في الطلب. الموعد: قبل نهاية {until}.",
            "Your reply to case {reference} was sent back for changes; the reason is in the case. It is due by"
            " the end of {until}.",
        ),
    ),
    Template.TO_REMINDED: TemplateTexts(
        BilingualText(
            "تذكير: مضى {percent} من مدة الطلب {reference}",
            "Reminder: {percent} of the term of {reference} has passed",
        ),
        _format_email(
            "مضى {percent} من مدة الطلب {reference}، ولم يُرد عليه. الموعد: قبل نهاية {until}.",
            "{percent} of the term of case {reference} has passed without an answer. It is due by the end of"
            " {until}.",
        ),
    ),
    Template.TO_IDLE: TemplateTexts(
        BilingualText("لا إجراء على الطلب {reference}", "No action on case {reference}"),
        _format_email(
            "لم يُتخذ أي إجراء على الطلب {reference} لدى {entity} ضمن المهلة. هو الآن في قائمتك «مرفوع إليّ».",
            "Nothing has been done on case {reference} at {entity} within the set time. It is on your list"
            " “Escalated to me”.",
        ),
    ),
    Template.TO_OVERDUE: TemplateTexts(
        BilingualText("طلب متأخر مرفوع إليك: {reference}", "A late case, raised to you: {reference}"),
        _format_email(
            "تجاوز الطلب {reference} لدى {entity} موعده، ورُفع إليك لتتصرف فيه. هو في قائمتك «مرفوع إليّ».",
            "Case {reference} at {entity} is past its date and was raised to you to act on. It is on your list"
            " “Escalated to me”.",
        ),
    ),
    Template.TO_RAISED: TemplateTexts(
        BilingualText("رُفع إليك الطلب {reference}", "Case {reference} was raised to you"),
        _format_email(
            "رفع موظف في {entity} الطلب {reference} إليك. السبب مكتوب في الطلب.",
            "An officer at {entity} raised case {reference} to you; the reason is in the case.",
        ),
    ),
    Template.TO_APPEAL: TemplateTexts(
        BilingualText("اعتراض للمراجعة: {reference}", "An appeal to review: {reference}"),
        _format_email(
            "كُلّفت بمراجعة اعتراض على الرد في الطلب {reference} لدى {entity}. القرار قبل نهاية {until}.",
            "You are to review an appeal on case {reference} at {entity}. A decision is due by the end of"
            " {until}.",
        ),
    ),
    Template.TO_MENTIONED: TemplateTexts(
        BilingualText("أُشير إليك في الطلب {reference}", "You were mentioned on case {reference}"),
        _format_email(
            "أشار إليك موظف في ملاحظة داخلية على الطلب {reference} لدى {entity}. الملاحظة مكتوبة في الطلب.",
            "An officer mentioned you in an internal note on case {reference} at {entity}. The note is in the"
            " case.",
        ),
    ),
    Template.TO_INSTRUCTED: TemplateTexts(
        BilingualText("توجيه في الطلب {reference}", "An instruction on case {reference}"),
        _format_email(
            "وصل توجيه من مسؤول أعلى في الطلب {reference}. المطلوب قبل نهاية {until}، وتفصيله في الطلب.",
            "A higher official gave an instruction on case {reference}, to be done by the end of {until}. What"
            " it is stands in the case.",
        ),
    ),
    Template.TO_HEAD_ASKED: TemplateTexts(
        BilingualText("سؤال إليك عن الطلب {reference}", "You are asked about case {reference}"),
        _format_email(
            "سألك مسؤول أعلى عن الطلب {reference} لدى {entity}. الجواب قبل نهاية {until}، والسؤال في الطلب.",
            "A higher official asks you about case {reference} at {entity}. Please answer by the end of {until};"
            " the question stands in the case.",
        ),
    ),
    Template.TO_DELEGATED: TemplateTexts(
        BilingualText("فُوّض إليك الطلب {reference}", "Case {reference} is delegated to you"),
        _format_email(
            "أوكل إليك الوزير متابعة الطلب {reference} لدى {entity}. المطلوب قبل نهاية {until}، وتفصيله في الطلب.",
            "The minister has handed case {reference} at {entity} to you, to be done by the end of {until}. What"
            " it is stands in the case.",
        ),
    ),
    Template.TO_REPORTED: TemplateTexts(
        BilingualText("جواب على توجيهك في الطلب {reference}", "A report on your instruction, case {reference}"),
        _format_email(
            "وصل جواب على ما طلبته في الطلب {reference}. نصه في الطلب.",
            "There is a report on what you asked for in case {reference}. It stands in the case.",
        ),
    ),
    Template.TO_TASK: TemplateTexts(
        BilingualText("مطلوب منكم في الطلب {reference}", "Something is asked of you in case {reference}"),
        _format_email(
            "طُلب منكم إنجاز مهمة في الطلب {reference} لدى {entity}. المطلوب قبل نهاية {until}، وتفصيله في الطلب."
            " الرد على مقدم الطلب ليس عليكم.",
            "Something is asked of you in case {reference} at {entity}, by the end of {until}. What it is stands in"
            " the case. The answer to the citizen is not yours to give.",
        ),
    ),
    Template.TO_SYSTEM_SAID: TemplateTexts(
        BilingualText("أُغلق الطلب {reference} في نظام جهتك", "Case {reference} was closed in your body's system"),
        _format_email(
            "أُغلق الطلب {reference} في نظام جهتك، وصاحبه ينتظر ردك. ما قاله النظام في صفحة الطلب. "
            "موعد الرد: قبل نهاية {until}.",
            "Case {reference} was closed in your body's system; its citizen awaits your reply. What the system says is "
            "on the page of the case. It is due by the end of {until}.",
        ),
    ),
    Template.TO_TASK_DONE: TemplateTexts(
        BilingualText("جواب على ما طلبته في الطلب {reference}", "An answer to what you asked in case {reference}"),
        _format_email(
            "وصل جواب على المهمة التي طلبتها في الطلب {reference}. نصه في الطلب.",
            "What you asked for in case {reference} is answered. It stands in the case.",
        ),
    ),
    Template.TO_TASK_LATE: TemplateTexts(
        BilingualText("تأخر جواب في الطلب {reference}", "A task is late in case {reference}"),
        _format_email(
            "مضى {until} ولم يصل جواب على مهمة في الطلب {reference}. موعد الرد على صاحبه كما هو، وهو عليكم.",
            "A task in case {reference} was due by {until} and has no answer. The date promised to the citizen stands,"
            " and is yours to keep.",
        ),
    ),
    Template.TO_FOLLOWED: TemplateTexts(
        BilingualText("جديد في الطلب {reference} الذي تتابعه", "News of case {reference}, which you follow"),
        _format_email(
            "جدّ شيء في الطلب {reference} لدى {entity}، وأنت تتابعه.",
            "There is news of case {reference} at {entity}, which you follow.",
        ),
    ),
    Template.TO_DISCREET: TemplateTexts(
        BilingualText("جديد في طلب محفوظ السرية", "News of a confidential case"),
        _format_email(
            "جدّ شيء في طلب محفوظ السرية عندك. افتحه لتعرف ما هو.",
            "There is news of a confidential case of yours. Open it to see what it is.",
        ),
    ),
    Template.TO_GATHERED: TemplateTexts(
        BilingualText("أخبار كثيرة عندك، جمعناها لك", "Much is new for you: here in one e-mail"),
        _format_email(
            "كثرت الأخبار في ساعة واحدة، فجمعناها في رسالة:\n\n{lines}\n\nكلها في «ما جدّ»:",
            "So much came within an hour that it is gathered here:\n\n{lines}\n\nAll of it is under “What is new”:",
        ),
    ),
    Template.TO_DAILY: TemplateTexts(
        BilingualText("عملك اليوم، {day}", "Your work today, {day}"),
        _format_email(
            "صباح الخير. هذا ما ينتظرك اليوم:\n\n{lines}\n\nإلى العمل:",
            "Good morning. This waits for you today:\n\n{lines}\n\nTo work:",
        ),
    ),
    Template.TO_BRIEF: TemplateTexts(
        BilingualText("موجز الصباح، {day}", "The morning's brief, {day}"),
        _format_email(
            "صباح الخير. هذا موجز يومك:\n\n{lines}\n\nما يحتاجك:",
            "Good morning. Your day in brief:\n\n{lines}\n\nWhat needs you:",
        ),
    ),
    Template.TO_REPORTS: TemplateTexts(
        BilingualText("تقارير الشهر التي طلبتها، {day}", "The month's reports that you asked for, {day}"),
        _format_email(
            "صباح الخير. صار جاهزًا:\n\n{lines}\n\nكل الأشهر، وإيقاف هذا البريد:",
            "Good morning. Ready for you:\n\n{lines}\n\nAll months, and where to stop this mail:",
        ),
    ),
    Template.TO_ALERTS: TemplateTexts(
        BilingualText("رقم عندكم خرج عن المعتاد", "A figure of yours is unusual"),
        _format_email(
            "خرج عن المعتاد في آخر سبعة أيام:\n\n{lines}\n\nالأرقام، ما كان معتادًا، وإيقاف التنبيه مع السبب:",
            "Out of the usual over the last seven days:\n\n{lines}\n\nThe figures, what was usual, and where to mute"
            " this with a reason:",
        ),
    ),
    Template.TO_FIGURE_ASKED: TemplateTexts(
        BilingualText("توجيه عن رقم عندكم", "An instruction about a figure of yours"),
        _format_email(
            "ينتظر من فوقكم جوابًا عن رقم:\n\n{lines}\n\nنص التوجيه، وحيث يُجاب عنه:",
            "Those above you await an answer about a figure:\n\n{lines}\n\nWhat is asked, and where to answer it:",
        ),
    ),
    Template.TO_JOIN: TemplateTexts(
        BilingualText("طُلبت مشاركة جهتكم في الطلب {reference}", "Your body is asked to take part in case {reference}"),
        _format_email(
            "طُلبت مشاركة جهتكم في الطلب {reference} لدى {entity}، وما عندكم قبل نهاية {until}. اقبلوا المشاركة أو"
            " أعيدوها مع السبب. الرد على مقدم الطلب واحد، ومن {entity}.",
            "Your body is asked to take part in case {reference} at {entity}, by the end of {until}. Please accept, or"
            " return it with a reason. The citizen gets one answer, from {entity}.",
        ),
    ),
    Template.TO_JOIN_UNDECIDED: TemplateTexts(
        BilingualText("القرار لكم: المشاركة في الطلب {reference}", "Yours to decide: taking part in case {reference}"),
        _format_email(
            "أُعيد طلب المشاركة في الطلب {reference} لدى {entity} مرتين. القرار لكم: من يشارك فيه؟",
            "Taking part in case {reference} at {entity} was returned twice. Who takes part is yours to decide.",
        ),
    ),
    Template.TO_JOIN_SAID: TemplateTexts(
        BilingualText("جواب على طلب المشاركة في {reference}", "Word on taking part in case {reference}"),
        _format_email(
            "وصل جواب على طلب المشاركة في الطلب {reference}. تفصيله في الطلب. موعد الرد: قبل نهاية {until}.",
            "There is word on taking part in case {reference}; it stands in the case. It is due by the end of"
            " {until}.",
        ),
    ),
}  # fmt: skip
