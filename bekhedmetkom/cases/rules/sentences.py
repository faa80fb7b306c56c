"""What each event says: to the citizen, to the officers, in both languages. Every event has its row here.

Blanks: `entity`, `unit`, `assignee`, `until` (a date in words), `level`, `outcome`, `days`, `reference`, `percent`,
`charge` (to whom it was delegated), `contact` (what the citizen is reached by: "your phone number"), `their_contact`,
`asked` (the unit or body that is asked), `joined` (", with X", or nothing), `left` (an officer), `about` (whom a case
complains of), `looker` (who looked, or heard: by role and body), `why` (rules.looking), `mentioned` (", mentioning
Rania", or nothing), `came` (the day of a letter), `via` (" by e-mail", or nothing), `carried` (what went to
a body's own system), `there` (its number in that system), `standing` (how it stands there), `problem` (its number).
"""

from collections.abc import Mapping
from typing import NamedTuple

from bekhedmetkom.kernel.text import BilingualText

from .receiving import Paper
from .states import EventType


class Told(NamedTuple):
    """`citizen` is `None` where the event stays inside; `inside` is what officers with the case read."""

    citizen: BilingualText | None
    inside: BilingualText


H = EventType

# How the citizen said it, where that was not on the case's own page.
VIA: Mapping[str, BilingualText] = {
    "email": BilingualText(" بالبريد الإلكتروني", " by e-mail"),
    "sms": BilingualText(" برسالة نصية", " by SMS"),
}

# What goes with a case to its body's own system, by how much that is told (webhooks).
CARRIED: Mapping[str, BilingualText] = {
    "matter": BilingualText("، بموضوعه ومكانه ورقمه فقط", ": its topic, place and reference only"),
    "text": BilingualText("، بما كتبته فيه، دون اسمك", ": with what you wrote, without your name"),
    "contact": BilingualText(
        "، بما كتبته فيه واسمك وطريقة الاتصال بك", ": with what you wrote, your name and contact"
    ),
}
THERE: Mapping[str, BilingualText] = {
    "open": BilingualText("ما زال قيد العمل", "still open"),
    "closed": BilingualText("أُغلق", "closed"),
}

# What `SUBMITTED` says where an officer wrote the case down, by its channel.
REGISTERED: Mapping[str, Told] = {
    str(Paper.COUNTER): Told(
        BilingualText("سجّل موظف طلبك عند شباك المراجعين، ووصل إلى {entity}",
              "An officer wrote your case down at the counter, and it reached {entity}"),
        BilingualText("سُجّل عند شباك المراجعين، ووُعد صاحبه بالرد قبل نهاية {until}",
              "Registered at the counter, with an answer promised by {until}"),
    ),
    str(Paper.LETTER): Told(
        BilingualText("وصلت رسالتك يوم {came}، وسُجّلت طلبًا لدى {entity}",
              "Your letter came on {came} and was registered with {entity}"),
        BilingualText("سُجّل من رسالة وصلت يوم {came}، ووُعد صاحبها بالرد قبل نهاية {until}",
              "Registered from a letter of {came}, with an answer promised by {until}"),
    ),
}  # fmt: skip
# And where it began as part of another case.
SPLIT_OFF = Told(
    BilingualText("فُصل هذا الطلب من طلبك {reference}", "This case was part of your case {reference}"),
    BilingualText("فُصل من {reference}، ووُعد صاحبه بالرد قبل نهاية {until}",
          "Split from {reference}, with an answer promised by {until}"),
)  # fmt: skip
EVENTS: Mapping[EventType, Told] = {
    H.SUBMITTED: Told(
        BilingualText("وصل طلبك إلى {entity}", "Your case reached {entity}"),
        BilingualText(
            "وصل الطلب، ووُعد صاحبه بالرد قبل نهاية {until}", "Received, with an answer promised by {until}"
        ),
    ),
    H.CLASSIFIED: Told(
        BilingualText("حُدّدت الجهة المسؤولة: {entity}", "The responsible body is set: {entity}"),
        BilingualText("صُنّف الطلب لدى {entity}", "Classified at {entity}"),
    ),
    H.ASSIGNED: Told(
        BilingualText("طلبك الآن لدى {unit}", "Your case is now with {unit}"),
        BilingualText("أُسند إلى {assignee}", "Assigned to {assignee}"),
    ),
    H.REFERRED: Told(
        BilingualText(
            "أُحيل طلبك إلى {entity}، والموعد كما هو", "Your case was referred to {entity}; the date stands"
        ),
        BilingualText("أُحيل إلى {entity}", "Referred to {entity}"),
    ),
    H.ACCEPTED: Told(
        BilingualText("قُبل طلبك لدى {entity}", "{entity} accepted your case"),
        BilingualText("قُبلت الإحالة", "Referral accepted"),
    ),
    H.RETURNED: Told(
        BilingualText(
            "نبحث عن الجهة المسؤولة عن طلبك، والموعد كما هو",
            "We are finding the body responsible for your case; the date stands",
        ),
        BilingualText(
            "أُعيد لأنه ليس من اختصاص الجهة، وهو الآن لدى {entity}",
            "Returned as not theirs; now with {entity}",
        ),
    ),
    H.HANDED_BACK: Told(
        None, BilingualText("أعاده القسم إلى ضابط الارتباط الرئيسي", "Handed back to the main officer")
    ),
    H.LEFT: Told(
        None,
        BilingualText(
            "غادر {left} عمله، فيُسند الطلب من جديد",
            "{left} has left; the case is to be given to another officer",
        ),
    ),
    H.FOLLOWED: Told(
        BilingualText(
            "انتقل عمل الجهة التي عندها طلبك إلى {entity}، ومعه طلبك. الموعد كما هو",
            "Your case went with its body's work to {entity}; the date stands",
        ),
        BilingualText("انتقل مع عمل الجهة إلى {entity}", "Moved with the body's work to {entity}"),
    ),
    H.RECLASSIFIED: Told(
        BilingualText(
            "صُحّح تصنيف طلبك، ولم يتأخر موعده", "The type of your case was corrected; its date is no later"
        ),
        BilingualText("أُعيد التصنيف", "Reclassified"),
    ),
    H.NOTED: Told(None, BilingualText("أُضيفت ملاحظة داخلية{mentioned}", "Internal note added{mentioned}")),
    H.EXTENDED: Told(
        BilingualText(
            "مُدّد الموعد إلى {until}. السبب مكتوب أدناه",
            "The date was extended to {until}; the reason is below",
        ),
        BilingualText("مُدّد الموعد إلى {until}", "Extended to {until}"),
    ),
    H.ESCALATED: Told(
        BilingualText("رُفع طلبك إلى {level}", "Your case was raised to {level}"),
        BilingualText("رُفع إلى {level}", "Escalated to {level}"),
    ),
    H.INSTRUCTED: Told(
        None, BilingualText("توجيه من مسؤول أعلى، قبل {until}", "Instruction from above, by {until}")
    ),
    H.HEAD_ASKED: Told(
        None,
        BilingualText(
            "سُئل المسؤول الأعلى في الجهة، والجواب قبل {until}",
            "The head of the body was asked; an answer is due by {until}",
        ),
    ),
    H.DELEGATED: Told(
        None, BilingualText("فُوّض أمره إلى: {charge}، قبل {until}", "Delegated to: {charge}, by {until}")
    ),
    H.REPORTED: Told(
        None, BilingualText("جواب على ما طُلب من مسؤول أعلى", "Report on what was asked from above")
    ),
    H.TASK_ASKED: Told(
        None,
        BilingualText(
            "طُلبت مهمة من {asked}، والجواب قبل {until}", "{asked} was asked for a task, by {until}"
        ),
    ),
    H.TASK_DONE: Told(None, BilingualText("جواب {asked} على المهمة", "{asked} answered the task")),
    H.TASK_CALLED_OFF: Told(None, BilingualText("أُلغيت مهمة: {asked}", "The task of {asked} was called off")),
    H.JOIN_ASKED: Told(
        None,
        BilingualText(
            "طُلبت مشاركة {asked}، والجواب قبل {until}", "{asked} was asked to take part, by {until}"
        ),
    ),
    H.JOIN_ACCEPTED: Told(
        BilingualText(
            "يُعالج طلبك بمشاركة {asked}، والرد عليك من {entity}",
            "{asked} takes part in your case; the answer comes from {entity}",
        ),
        BilingualText("قُبلت مشاركة {asked}، والرد على {entity}", "{asked} takes part; {entity} answers"),
    ),
    H.JOIN_RETURNED: Told(
        None, BilingualText("أُعيد طلب المشاركة من {asked}", "{asked} returned the request to take part")
    ),
    H.RECUSED: Told(
        None, BilingualText("تنحّى موظف لتعارض المصالح", "An officer stepped aside for a conflict of interest")
    ),
    H.CONCERNS: Told(
        BilingualText(
            "لن يصل طلبك إلى من تشتكي منه، ولا إلى من يعمل تحته. هو الآن لدى {entity}",
            "Your case will not reach whom it complains of, nor anybody under them. It is now with {entity}",
        ),
        BilingualText(
            "الشكوى من {about}: لا تصل إليه ولا إلى من يعمل تحته. الطلب لدى {entity}",
            "It complains of {about} and reaches neither them nor anybody under them; now with {entity}",
        ),
    ),
    H.SNOOZED: Told(None, BilingualText("أُجّل العمل عليه إلى {until}", "Snoozed until {until}")),
    H.COMMITTED: Told(
        BilingualText("تعهّد من {entity} بإجراء قبل {until}", "{entity} promised an action by {until}"),
        BilingualText("تعهّد بإجراء قبل {until}", "Committed to an action by {until}"),
    ),
    H.FULFILLED: Told(
        BilingualText("نُفّذ ما وُعدت به من {entity}", "{entity} did what it had promised"),
        BilingualText("نُفّذ التعهّد", "Commitment fulfilled"),
    ),
    H.MERGED: Told(
        BilingualText("ضُمّ طلبك إلى طلبك {reference}", "Your case was joined to your case {reference}"),
        BilingualText("دُمج في {reference}", "Merged into {reference}"),
    ),
    H.ABSORBED: Told(
        BilingualText("ضُمّ إليه طلبك {reference}", "Your case {reference} was joined to this one"),
        BilingualText("دُمج فيه {reference}", "Absorbed {reference}"),
    ),
    H.SPLIT: Told(
        BilingualText("فُصل جزء من طلبك في طلب جديد {reference}", "Part of your case became {reference}"),
        BilingualText("فُصل منه {reference}", "Split into {reference}"),
    ),
    H.TRANSCRIBED: Told(
        BilingualText(
            "كتب موظف ما قلته في رسالتك الصوتية. إن لم يكن كما قلت فأخبرنا",
            "An officer wrote down your voice message. If it is not what you said, tell us",
        ),
        BilingualText("فُرّغت الرسالة الصوتية", "Voice message written down"),
    ),
    H.FILE_SHOWN: Told(
        BilingualText("أُتيح لك ملف من {entity}", "{entity} lets you see a file"),
        BilingualText("أُتيح ملف لمقدم الطلب", "A file was shown to the citizen"),
    ),
    H.FILE_HIDDEN: Told(None, BilingualText("حُجب ملف عن مقدم الطلب", "A file was hidden from the citizen")),
    H.RELEASED: Told(
        BilingualText(
            "عُرض طلبك للعموم بكلمات {entity} هذه، دون اسمك ووسائل التواصل معك، كما وافقت",
            "{entity} shows your case to everybody in these words, without your name or contact, as you agreed",
        ),
        BilingualText("عُرض الطلب للعموم", "Shown to everybody"),
    ),
    H.TAKEN_DOWN: Told(
        BilingualText("لم يعد طلبك معروضًا للعموم", "Your case is no longer shown to everybody"),
        BilingualText("أُوقف عرض الطلب للعموم", "No longer shown to everybody"),
    ),
    H.KEPT_PRIVATE: Told(
        BilingualText(
            "طلبت ألا يُعرض طلبك للعموم، ولم يعد معروضًا",
            "You asked that your case is not shown to everybody, and it is not",
        ),
        BilingualText("طلب صاحبه ألا يُعرض للعموم", "Its citizen wants it shown to nobody"),
    ),
    H.FORWARDED: Told(
        BilingualText(
            "أُرسل طلبك إلى نظام {entity}{carried}", "Your case was sent to the system of {entity}{carried}"
        ),
        BilingualText(
            "أُرسل إلى نظام {entity}، ورقمه فيه {there}", "Sent to the system of {entity} as {there}"
        ),
    ),
    H.SYSTEM_SAID: Told(
        None, BilingualText("في نظام {entity}: {standing}", "In the system of {entity}: {standing}")
    ),
    H.LINKED: Told(
        BilingualText(
            "ضُمّ طلبك إلى طلبات غيرك عن المشكلة نفسها، ويبقى لك رد خاص بك",
            "Your case was joined to those of others about the same problem; you still get an answer of your own",
        ),
        BilingualText("رُبط بالمشكلة رقم {problem}", "Linked to problem no. {problem}"),
    ),
    H.UNLINKED: Told(
        BilingualText(
            "يُعالج طلبك وحده: ليس من المشكلة التي ضُمّ إليها",
            "Your case is handled by itself: it is not about the problem to which it was joined",
        ),
        BilingualText("فُصل عن المشكلة رقم {problem}", "No longer linked to problem no. {problem}"),
    ),
    H.REPLY_SUBMITTED: Told(
        BilingualText("كُتب الرد، وهو بانتظار الاعتماد", "The answer is written and awaits approval"),
        BilingualText("رُفع الرد للاعتماد", "Reply submitted for approval"),
    ),
    H.REPLY_SENT_BACK: Told(None, BilingualText("أُعيد الرد لتعديله", "Reply sent back")),
    H.REPLY_APPROVED: Told(
        BilingualText("وصل الرد على طلبك من {entity}{joined}", "{entity} answered your case{joined}"),
        BilingualText("اعتُمد الرد وأُرسل: {outcome}", "Reply approved and sent: {outcome}"),
    ),
    H.ANSWERED: Told(
        BilingualText("وصل الرد على طلبك من {entity}{joined}", "{entity} answered your case{joined}"),
        BilingualText("أُرسل الرد: {outcome}", "Answered: {outcome}"),
    ),
    H.ABUSE_CONFIRMED: Told(
        BilingualText(
            "قرر موظفان أن الطلب إزعاج أو إساءة. إن كان هذا خطأ فاعترض",
            "Two officers found this to be spam or abuse. If that is wrong, you can appeal",
        ),
        BilingualText("أكد موظف ثانٍ أنه إزعاج أو إساءة", "A second officer confirmed spam or abuse"),
    ),
    H.CLOSED: Told(
        BilingualText("أُغلق طلبك بعد أن قلت إنه حُلّ", "Closed, as you said it was solved"),
        BilingualText("أُغلق بعد تأكيد صاحبه", "Closed after the citizen's confirmation"),
    ),
    H.IDENTITY_REVEALED: Told(
        BilingualText(
            "اطّلع {looker} على اسمك ورقمك للتواصل معك",
            "{looker} looked at your name and number to contact you",
        ),
        BilingualText(
            "كُشفت الهوية المحجوبة، والسبب مسجّل", "Withheld identity revealed; the reason is recorded"
        ),
    ),
    H.IDENTITY_LOOKED: Told(
        BilingualText(
            "اطّلع {looker} على اسمك ورقمك: {why}", "{looker} looked at your name and number: {why}"
        ),
        BilingualText(
            "اطّلع {looker} على اسم مقدم الطلب ورقمه: {why}",
            "{looker} looked at the citizen's name and number: {why}",
        ),
    ),
    # The citizen was not told of what it takes back, so there is nothing to say of this either.
    H.UNDONE: Told(None, BilingualText("تراجع عن الخطوة التي قبلها", "Took back the step before")),
    H.ASKED: Told(
        BilingualText(
            "وصلك سؤال من {entity}. توقّف احتساب المدة حتى تجيب",
            "{entity} asked you for information. The clock waits for your reply",
        ),
        BilingualText("سُئل مقدم الطلب، وتوقفت المدة", "The citizen was asked; the clock is paused"),
    ),
    H.WROTE: Told(
        BilingualText("أضفت معلومة{via}", "You added information{via}"),
        BilingualText("كتب مقدم الطلب{via}", "The citizen wrote{via}"),
    ),
    H.SUPPLIED: Told(
        BilingualText(
            "أرسلت المعلومات الناقصة، فعاد طلبك إلى المعالجة",
            "You sent what was missing, and your case is open again",
        ),
        BilingualText(
            "أكمل مقدم الطلب المعلومات، وعاد الطلب إلى المعالجة", "The citizen supplied information; reopened"
        ),
    ),
    H.CONFIRMED: Told(
        BilingualText("قلت{via} إن الأمر حُلّ", "You said{via} that it was solved"),
        BilingualText("أكد مقدم الطلب{via} أنه حُلّ", "The citizen confirmed{via} it is solved"),
    ),
    H.DENIED: Told(
        BilingualText("قلت{via} إن الأمر لم يُحل", "You said{via} that it was not solved"),
        BilingualText("قال مقدم الطلب{via} إنه لم يُحل", "The citizen said{via} it is not solved"),
    ),
    H.HEARD_SOLVED: Told(
        BilingualText(
            "قلت بالهاتف إن الأمر حُلّ، كما سجّل {looker}. إن لم تقل ذلك فقل كلمتك هنا",
            "You said by telephone that it was solved, as {looker} noted. If you did not, say so here",
        ),
        BilingualText("قال مقدم الطلب بالهاتف إنه حُلّ", "The citizen said by telephone that it is solved"),
    ),
    H.HEARD_UNSOLVED: Told(
        BilingualText(
            "قلت بالهاتف إن الأمر لم يُحل، كما سجّل {looker}. إن لم تقل ذلك فقل كلمتك هنا",
            "You said by telephone that it was not solved, as {looker} noted. If you did not, say so here",
        ),
        BilingualText(
            "قال مقدم الطلب بالهاتف إنه لم يُحل", "The citizen said by telephone that it is not solved"
        ),
    ),
    H.APPEALED: Told(
        BilingualText(
            "قدّمت اعتراضًا. يراجعه موظف آخر، ويصلك قراره قبل نهاية {until}",
            "You appealed. Another officer reviews it and decides by {until}",
        ),
        BilingualText(
            "اعترض مقدم الطلب، والقرار قبل نهاية {until}", "Appealed; a decision is due by {until}"
        ),
    ),
    H.WITHDRAWN: Told(
        BilingualText("سحبت طلبك", "You withdrew your case"),
        BilingualText("سحبه مقدم الطلب", "Withdrawn by the citizen"),
    ),
    H.ERASED: Told(
        BilingualText("حذفت كل ما كُتب في هذا الطلب", "You erased everything that was written in this case"),
        BilingualText("حذف مقدم الطلب كل ما كُتب فيه", "The citizen erased everything that was written in it"),
    ),
    H.CONTACT_CONFIRMED: Told(
        BilingualText("أكدت {contact}", "You confirmed {contact}"),
        BilingualText("أكد مقدم الطلب {their_contact}", "The citizen confirmed {their_contact}"),
    ),
    H.CONTACT_CORRECTED: Told(
        BilingualText("غيّرت {contact} وأكدته", "You changed {contact} and confirmed it"),
        BilingualText(
            "غيّر مقدم الطلب {their_contact} وأكده", "The citizen changed {their_contact} and confirmed it"
        ),
    ),
    H.CONTACT_PREFERRED: Told(
        BilingualText("اخترت كيف نخبرك بجديد طلبك", "You chose how we tell you what is new"),
        BilingualText("اختار مقدم الطلب كيف نخبره بالجديد", "The citizen chose how to be told what is new"),
    ),
    H.CODE_RENEWED: Told(
        BilingualText(
            "أُرسل رمز متابعة جديد إلى {contact}، ولم يعد الرمز القديم يعمل",
            "A new access code was sent to {contact}; the old one no longer works",
        ),
        BilingualText("أُرسل إلى مقدم الطلب رمز متابعة جديد", "The citizen was sent a new access code"),
    ),
    H.UNREACHED: Told(
        BilingualText(
            "أرسلنا إليك ولم تصل الرسالة. راجع {contact} وأكده هنا",
            "A message to you did not arrive. Please check {contact} and confirm it here",
        ),
        BilingualText(
            "لم تصل مقدم الطلب رسالة، راجعوا {their_contact} واتصلوا به",
            "A message did not reach the citizen: check {their_contact}, and call",
        ),
    ),
    H.CALLED: Told(
        BilingualText("اتصل بك موظف", "An officer called you"),
        BilingualText("اتُّصل بمقدم الطلب", "The citizen was called"),
    ),
    H.APPEAL_UPHELD: Told(
        BilingualText(
            "قُبل اعتراضك، وعاد طلبك إلى المعالجة بموعد جديد: {until}",
            "Your appeal was upheld; your case is open again, due by {until}",
        ),
        BilingualText(
            "قُبل الاعتراض ({outcome})، والموعد الجديد {until}", "Appeal upheld ({outcome}); new date {until}"
        ),
    ),
    H.APPEAL_REJECTED: Told(
        BilingualText(
            "لم يُقبل اعتراضك. القرار مكتوب أدناه مع الجهات التي يمكنك اللجوء إليها",
            "Your appeal was not upheld. The decision below says where else you can go",
        ),
        BilingualText("لم يُقبل الاعتراض", "Appeal not upheld"),
    ),
    H.REMINDED: Told(
        None, BilingualText("تذكير: مضى {percent} من المدة", "Reminder: {percent} of the term has passed")
    ),
    H.IDLE: Told(
        None,
        BilingualText(
            "مضت المهلة دون إجراء، فوصل تنبيه إلى {level}", "No action within the set time; {level} was told"
        ),
    ),
    H.OVERDUE: Told(
        BilingualText(
            "تأخر الرد، فرُفع طلبك تلقائيًا إلى {level}",
            "The answer is late, so your case was raised automatically to {level}",
        ),
        BilingualText(
            "تجاوز الموعد، ورُفع تلقائيًا إلى {level}", "Past its date; raised automatically to {level}"
        ),
    ),
    H.TASK_LATE: Told(
        None,
        BilingualText("مضى موعد مهمة بلا جواب، {until}", "A task is late: its answer was due by {until}"),
    ),
    H.RESUMED: Told(
        BilingualText(
            "انتهت مدة انتظار جوابك، وعاد طلبك إلى المعالجة",
            "The time for your reply has passed, and work on your case goes on",
        ),
        BilingualText("انتهت مدة الانتظار وعاد احتساب المدة", "The pause is used up; the clock runs again"),
    ),
    H.RESCHEDULED: Told(
        BilingualText(
            "تغيّر تقويم الدوام الرسمي، فصار موعدك {until}",
            "The official working calendar changed; your date is now {until}",
        ),
        BilingualText("تغيّر تقويم الدوام، والموعد {until}", "Working calendar changed; due {until}"),
    ),
    H.RECOUNTED: Told(
        None,
        BilingualText(
            "تغيّر تقويم الدوام، فاحتُسبت المواعيد التالية من جديد",
            "Working calendar changed; what comes next was counted anew",
        ),
    ),
    H.ASKED_AGAIN: Told(
        BilingualText("سألناك مرة أخرى: هل حُلّ الأمر؟", "We asked you again: was it solved?"),
        BilingualText("سُئل مقدم الطلب ثانية: هل حُلّ؟", "The citizen was asked again whether it is solved"),
    ),
    H.LAPSED: Told(
        BilingualText(
            "أُغلق طلبك لأن مدة التقييم انتهت. لا نعدّه محلولًا ما لم تقل ذلك",
            "Closed because the time for rating passed. It does not count as solved unless you say so",
        ),
        BilingualText("أُغلق بانتهاء المدة: لم يُعترض عليه", "Closed when the time passed: not contradicted"),
    ),
}

# Instead of what `case.assigned` says, where nobody did it.
BY_RULE = BilingualText("أُسند إلى {assignee} بحسب قواعد الجهة", "Assigned to {assignee} by the body's rules")
