"""Default texts for citizens.

An SMS fits in two parts with a link of 40 characters, except a full answer. No text names a person or says what a
case is about.
"""

from collections.abc import Mapping

from bekhedmetkom.kernel.text import BilingualText

from ..templates import Template, TemplateTexts


def _format_email(ar: str, en: str) -> BilingualText:
    """An e-mail: what happened, where to read on, and who speaks."""
    return BilingualText(
        f"{ar}\n\nطلبك كاملًا هنا، تفتحه برمز المتابعة الذي أخذته عند الإرسال:\n{{link}}\n\nبخدمتكم",
        f"{en}\n\nYour whole case is here; open it with the access code you were given when you sent it:\n"
        "{link}\n\nBekhedmetkom",
    )


CITIZEN_TEXTS: Mapping[Template, TemplateTexts] = {
    Template.RECEIVED: TemplateTexts(
        BilingualText("وصل طلبك {reference}", "We have your case {reference}"),
        _format_email(
            "وصل طلبك إلى {entity}، ورقمه {reference}.\n\nيصلك الرد قبل نهاية {until}. وإن تأخر رُفع تلقائيًا"
            " إلى مسؤول أعلى، دون أن تطلب ذلك.",
            "Your case reached {entity}. Its reference is {reference}.\n\nYou will have an answer by the end"
            " of {until}. If it is late, it is raised to a higher official by itself; you need not ask.",
        ),
        BilingualText(
            "وصل طلبك {reference}. يصلك الرد قبل نهاية {until}. {track}",
            "We have your case {reference}. You will have an answer by {until}. {track}",
        ),
    ),
    Template.MOVED: TemplateTexts(
        BilingualText("طلبك {reference} الآن لدى {entity}", "Your case {reference} is now with {entity}"),
        _format_email(
            "الجهة المسؤولة عن طلبك {reference} هي {entity}، وهو عندها الآن.\n\nالموعد كما هو: قبل نهاية"
            " {until}.",
            "The body responsible for your case {reference} is {entity}, and it is there now.\n\nThe date"
            " stands: by the end of {until}.",
        ),
        BilingualText(
            "انتقل طلبك {reference} إلى الجهة المسؤولة عنه. الموعد كما هو. {track}",
            "Your case {reference} is now with the body responsible. The date stands. {track}",
        ),
    ),
    Template.FOLLOWED: TemplateTexts(
        BilingualText("طلبك {reference} الآن لدى {entity}", "Your case {reference} is now with {entity}"),
        _format_email(
            "انتقل عمل الجهة التي عندها طلبك {reference} إلى {entity}، وانتقل طلبك معه. لا حاجة إلى أن تفعل"
            " شيئًا.\n\nالموعد كما هو: قبل نهاية {until}.",
            "The work of the body that had your case {reference} is now done by {entity}, and your case went"
            " with it. There is nothing you need to do.\n\nThe date stands: by the end of {until}.",
        ),
        BilingualText(
            "انتقل طلبك {reference} إلى الجهة التي حلّت محل جهته السابقة. الموعد كما هو. {track}",
            "Your case {reference} has moved to the body that replaced its former one. The date stands. {track}",
        ),
    ),
    Template.ASKED: TemplateTexts(
        BilingualText("سؤال عن طلبك {reference}", "A question about your case {reference}"),
        _format_email(
            "يحتاج العمل على طلبك {reference} لدى {entity} إلى معلومة منك.\n\nالسؤال في صفحة طلبك. لا تُحتسب"
            " المدة حتى تجيب، وبعد 5 أيام عمل يُستأنف العمل بما لدينا.",
            "{entity} needs something from you to go on with your case {reference}.\n\nThe question is on your"
            " case's page. The clock waits for your reply; after 5 working days work goes on with what is"
            " there.",
        ),
        BilingualText(
            "نحتاج معلومة منك عن طلبك {reference}. أجب هنا: {track}",
            "We need something from you for your case {reference}. Please reply: {track}",
        ),
    ),
    Template.RESUMED: TemplateTexts(
        BilingualText("عاد طلبك {reference} إلى المعالجة", "Work on your case {reference} goes on"),
        _format_email(
            "انتهت مدة انتظار جوابك، وعاد العمل على طلبك {reference} بما لدينا.\n\nيصلك الرد قبل نهاية"
            " {until}. ما زال بإمكانك أن تكتب لنا في صفحة الطلب.",
            "The time for your reply has passed, and work on your case {reference} goes on with what is"
            " there.\n\nYou will have an answer by the end of {until}. You can still write on the case's page.",
        ),
        BilingualText(
            "عاد طلبك {reference} إلى المعالجة. الرد قبل نهاية {until}. {track}",
            "Work on your case {reference} goes on. Answer by {until}. {track}",
        ),
    ),
    Template.EXTENDED: TemplateTexts(
        BilingualText("موعد جديد لطلبك {reference}", "A new date for your case {reference}"),
        _format_email(
            "مُدّد موعد الرد على طلبك {reference}. الموعد الجديد: قبل نهاية {until}.\n\nسبب التمديد مكتوب في"
            " صفحة طلبك. ولا يُمدّد الموعد مرة ثانية.",
            "The date for your case {reference} was extended to the end of {until}.\n\nThe reason is on your"
            " case's page. It will not be extended again.",
        ),
        BilingualText(
            "مُدّد موعد طلبك {reference} إلى {until}. السبب هنا: {track}",
            "The date for your case {reference} is now {until}. The reason: {track}",
        ),
    ),
    Template.RESCHEDULED: TemplateTexts(
        BilingualText("تغيّر موعد طلبك {reference}", "The date for your case {reference} has changed"),
        _format_email(
            "تغيّر تقويم الدوام الرسمي، فتغيّر معه موعد الرد على طلبك {reference}.\n\nالموعد الآن: قبل نهاية"
            " {until}.",
            "The official working calendar changed, and with it the date for your case {reference}.\n\nIt is"
            " now the end of {until}.",
        ),
        BilingualText(
            "تغيّر الدوام الرسمي، فصار موعد طلبك {reference} نهاية {until}. {track}",
            "Office days changed: the date for your case {reference} is now {until}. {track}",
        ),
    ),
    Template.OVERDUE: TemplateTexts(
        BilingualText("تأخر الرد على طلبك {reference}", "Your case {reference} is late"),
        _format_email(
            "لم يصلك الرد على طلبك {reference} في موعده. رفعناه تلقائيًا إلى {level}، ولا حاجة إلى أن تفعل"
            " شيئًا.",
            "Your case {reference} was not answered by its date. It has been raised automatically to {level};"
            " there is nothing you need to do.",
        ),
        BilingualText(
            "تأخر الرد على طلبك {reference}، فرُفع تلقائيًا إلى {level}. {track}",
            "Your case {reference} is late and was raised to {level}. {track}",
        ),
    ),
    Template.RAISED: TemplateTexts(
        BilingualText("رُفع طلبك {reference} إلى مسؤول أعلى", "Your case {reference} was raised"),
        _format_email("رُفع طلبك {reference} إلى {level}.", "Your case {reference} was raised to {level}."),
        BilingualText(
            "رُفع طلبك {reference} إلى {level}. {track}",
            "Your case {reference} was raised to {level}. {track}",
        ),
    ),
    Template.ANSWERED: TemplateTexts(
        BilingualText("وصل الرد على طلبك {reference}", "Your case {reference} is answered"),
        _format_email(
            "وصل الرد على طلبك {reference} من {entity}.\n\nاقرأ الرد في صفحة طلبك، ثم قل لنا: هل حُلّ الأمر؟ جوابك"
            " وحده هو الذي يُحسب. وإن لم يُحل فلك أن تعترض، ويراجعه موظف آخر.",
            "{entity} answered your case {reference}.\n\nRead the answer on your case's page, then tell us:"
            " was it solved? Only your word counts. If not, you can appeal, and another officer reviews it.",
        ),
        BilingualText(
            "وصل الرد على طلبك {reference}. اقرأه وقل لنا: هل حُلّ الأمر؟ {reply}{track}",
            "Your case {reference} is answered. Read it and tell us: was it solved? {reply}{track}",
        ),
    ),
    Template.ANSWERED_PRAISE: TemplateTexts(
        BilingualText("وصل الرد على رسالتك {reference}", "An answer to your message {reference}"),
        _format_email(
            "وصلت كلماتك إلى {entity}، والرد في صفحة {reference}. شكرًا لك.",
            "Your words reached {entity}, and its answer is on the page of {reference}. Thank you.",
        ),
        BilingualText(
            "وصل الرد على رسالتك {reference}. شكرًا لك. {track}",
            "Your message {reference} has an answer. Thank you. {track}",
        ),
    ),
    Template.ANSWERED_IN_FULL: TemplateTexts(
        None,
        None,
        BilingualText(
            "الرد على طلبك {reference}:\n{answer}\n{reply}صفحة طلبك: {track}",
            "The answer to your case {reference}:\n{answer}\n{reply}Your case: {track}",
        ),
    ),
    Template.ABUSE: TemplateTexts(
        BilingualText("قرار في طلبك {reference}", "A decision on your case {reference}"),
        _format_email(
            "قرر موظفان أن طلبك {reference} إزعاج أو إساءة، فلن يُعمل عليه.\n\nإن كان هذا خطأ فاعترض في صفحة"
            " الطلب، ويراجعه موظف آخر.",
            "Two officers found your case {reference} to be spam or abuse, so it will not be worked on.\n\nIf"
            " that is wrong, appeal on the case's page, and another officer reviews it.",
        ),
        BilingualText(
            "صدر قرار في طلبك {reference}. إن رأيته خطأ فاعترض هنا: {track}",
            "There is a decision on your case {reference}. If it is wrong, appeal: {track}",
        ),
    ),
    Template.ASKED_AGAIN: TemplateTexts(
        BilingualText("هل حُلّ الأمر؟ {reference}", "Was it solved? {reference}"),
        _format_email(
            "قبل أسبوع وصلك الرد على طلبك {reference} من {entity}، ولم نعرف منك بعد: هل حُلّ الأمر؟\n\nيكفي جواب"
            " بكلمة: نعم أو لا. إن لم تجب أُغلق الطلب، ولا نعدّه محلولًا.",
            "A week ago {entity} answered your case {reference}, and we have not heard from you: was it"
            " solved?\n\nYes or no is enough. Without a reply the case is closed, and does not count as"
            " solved.",
        ),
        BilingualText(
            "طلبك {reference}: هل حُلّ الأمر؟ قل لنا نعم أو لا: {reply}{track}",
            "Your case {reference}: was it solved? Tell us yes or no: {reply}{track}",
        ),
    ),
    Template.HEARD_SOLVED: TemplateTexts(
        BilingualText("سجّلنا كلمتك في {reference}", "We noted your word on {reference}"),
        _format_email(
            "سألناك بالهاتف عن طلبك {reference}، وسجّلنا أنك قلت: حُلّ الأمر.\n\nإن لم يتصل بك أحد، أو قلت غير"
            " ذلك، فقل كلمتك في صفحة الطلب. كلمتك أنت هي التي تُحسب.",
            "We asked you by telephone about your case {reference}, and noted that you called it solved.\n\nIf"
            " nobody called you, or you said otherwise, say so on the case's page: your own word is what counts.",
        ),
        BilingualText(
            "سُجّل أنك قلت بالهاتف إن طلبك {reference} حُلّ. إن لم تقل ذلك: {track}",
            "Noted that you called case {reference} solved by phone. If you did not: {track}",
        ),
    ),
    Template.HEARD_UNSOLVED: TemplateTexts(
        BilingualText("سجّلنا كلمتك في {reference}", "We noted your word on {reference}"),
        _format_email(
            "سألناك بالهاتف عن طلبك {reference}، وسجّلنا أنك قلت: لم يُحل الأمر.\n\nلك أن تعترض على الرد خلال 30"
            " يومًا منه، فيراجعه موظف آخر. وإن لم تقل ذلك فقل كلمتك في صفحة الطلب.",
            "We asked you by telephone about your case {reference}, and noted that you called it not solved.\n\nYou"
            " can appeal within 30 days of the answer, and another officer reviews it. If you said otherwise, say"
            " so on the case's page.",
        ),
        BilingualText(
            "سُجّل أنك قلت بالهاتف إن طلبك {reference} لم يُحل. للاعتراض: {track}",
            "Noted that you called case {reference} not solved by phone. To appeal: {track}",
        ),
    ),
    Template.LAPSED: TemplateTexts(
        BilingualText("أُغلق طلبك {reference}", "Your case {reference} is closed"),
        _format_email(
            "انتهت مدة التقييم، فأُغلق طلبك {reference}. لا نعدّه محلولًا ما لم تقل ذلك.\n\nإن لم يُحل الأمر"
            " فلك أن تعترض خلال 30 يومًا من الرد.",
            "The time for rating has passed, so your case {reference} is closed. It does not count as solved"
            " unless you say so.\n\nIf it is not solved, you can appeal within 30 days of the answer.",
        ),
        BilingualText(
            "أُغلق طلبك {reference} بانتهاء المدة. إن لم يُحل الأمر فاعترض: {track}",
            "Your case {reference} was closed as time passed. Not solved? Appeal: {track}",
        ),
    ),
    Template.APPEALED: TemplateTexts(
        BilingualText("وصل اعتراضك على {reference}", "We have your appeal on {reference}"),
        _format_email(
            "وصل اعتراضك على الرد في طلبك {reference}.\n\nيراجعه موظف لم يعمل على الطلب من قبل، ويصلك القرار"
            " قبل نهاية {until}.",
            "We have your appeal against the answer to your case {reference}.\n\nAn officer who never worked"
            " on it reviews it, and decides by the end of {until}.",
        ),
        BilingualText(
            "وصل اعتراضك على {reference}. القرار قبل نهاية {until}. {track}",
            "We have your appeal on {reference}. A decision by {until}. {track}",
        ),
    ),
    Template.APPEAL_UPHELD: TemplateTexts(
        BilingualText("قُبل اعتراضك على {reference}", "Your appeal on {reference} is upheld"),
        _format_email(
            "قُبل اعتراضك، وعاد طلبك {reference} إلى المعالجة.\n\nيصلك رد جديد قبل نهاية {until}. القرار مكتوب"
            " في صفحة طلبك.",
            "Your appeal is upheld, and your case {reference} is open again.\n\nYou will have a new answer by"
            " the end of {until}. The decision is on your case's page.",
        ),
        BilingualText(
            "قُبل اعتراضك على {reference}. رد جديد قبل نهاية {until}. {track}",
            "Your appeal on {reference} is upheld. A new answer by {until}. {track}",
        ),
    ),
    Template.APPEAL_REJECTED: TemplateTexts(
        BilingualText("القرار في اعتراضك على {reference}", "The decision on your appeal on {reference}"),
        _format_email(
            "راجع موظف آخر طلبك {reference}، ولم يُقبل اعتراضك.\n\nأسباب القرار مكتوبة في صفحة طلبك، ومعها"
            " الجهات التي يمكنك اللجوء إليها.",
            "Another officer reviewed your case {reference}, and your appeal was not upheld.\n\nThe reasons"
            " are on your case's page, with where else you can go.",
        ),
        BilingualText(
            "صدر القرار في اعتراضك على {reference}. اقرأه هنا: {track}",
            "There is a decision on your appeal on {reference}. Read it: {track}",
        ),
    ),
    Template.COMMITTED: TemplateTexts(
        BilingualText("تعهّد في طلبك {reference}", "A promise on your case {reference}"),
        _format_email(
            "في طلبك {reference} تعهّد من {entity} بإجراء قبل نهاية {until}.\n\nتفصيله في صفحة طلبك.",
            "{entity} promised an action on your case {reference} by the end of {until}.\n\nWhat it is stands"
            " on your case's page.",
        ),
        BilingualText(
            "في طلبك {reference} تعهّد بإجراء قبل {until}. {track}",
            "An action is promised on your case {reference} by {until}. {track}",
        ),
    ),
    Template.FULFILLED: TemplateTexts(
        BilingualText("نُفّذ التعهّد في طلبك {reference}", "The promise on your case {reference} is kept"),
        _format_email(
            "نُفّذ ما وُعدت به من {entity} في طلبك {reference}.",
            "{entity} did what it had promised on your case {reference}.",
        ),
        BilingualText(
            "نُفّذ ما وُعدت به في طلبك {reference}. {track}",
            "What was promised on your case {reference} is done. {track}",
        ),
    ),
    Template.MERGED: TemplateTexts(
        BilingualText("ضُمّ طلبك {reference} إلى {other}", "Your case {reference} was joined to {other}"),
        _format_email(
            "ضُمّ طلبك {reference} إلى طلبك الآخر {other} لأنهما في أمر واحد. تابع {other}، وموعده هو الأسبق"
            " منهما.",
            "Your case {reference} was joined to your other case {other}, as both are about one matter. Follow"
            " {other}; the earlier date holds.",
        ),
        BilingualText(
            "ضُمّ طلبك {reference} إلى طلبك {other}. تابعه هنا: {track}",
            "Your case {reference} was joined to your case {other}. Follow it: {track}",
        ),
    ),
    Template.SPLIT: TemplateTexts(
        BilingualText("صار جزء من طلبك {reference} طلبًا جديدًا", "Part of your case {reference} is now {other}"),
        _format_email(
            "في طلبك {reference} أمران، ففُصل أحدهما في طلب جديد رقمه {other}. تفتحه برمز المتابعة نفسه.",
            "Your case {reference} holds two matters, so one of them became case {other}. The same access code"
            " opens it.",
        ),
        BilingualText(
            "فُصل جزء من طلبك {reference} في طلب {other}، برمز المتابعة نفسه. {track}",
            "Part of your case {reference} is now {other}; same access code. {track}",
        ),
    ),
    Template.WITHDRAWN: TemplateTexts(
        BilingualText("سُحب طلبك {reference}", "Your case {reference} is withdrawn"),
        _format_email(
            "سحبت طلبك {reference}، فتوقف العمل عليه.\n\nإن لم تكن أنت من سحبه فأرسل طلبًا جديدًا واذكر هذا"
            " الرقم.",
            "You withdrew your case {reference}, and work on it has stopped.\n\nIf it was not you, send a new"
            " case and name this reference.",
        ),
        BilingualText(
            "سحبت طلبك {reference}، فتوقف العمل عليه. {track}",
            "You withdrew your case {reference}; work on it has stopped. {track}",
        ),
    ),
    Template.DISCREET: TemplateTexts(
        BilingualText("خبر جديد: {reference}", "News: {reference}"),
        BilingualText(
            "هناك جديد بخصوص {reference}. تفتحه برمز المتابعة:\n{track}\n\nبخدمتكم",
            "There is news on {reference}. Open it with your access code:\n{track}\n\nBekhedmetkom",
        ),
        BilingualText("هناك جديد بخصوص {reference}: {track}", "There is news on {reference}: {track}"),
    ),
}  # fmt: skip
