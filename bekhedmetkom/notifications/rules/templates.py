"""Message templates, their labels, placeholders and text types."""

from collections.abc import Mapping
from enum import StrEnum
from string import Formatter
from typing import NamedTuple

from bekhedmetkom.kernel.text import BilingualText


class Template(StrEnum):
    RECEIVED = "received"
    MOVED = "moved"
    FOLLOWED = "followed"
    ASKED = "asked"
    RESUMED = "resumed"
    EXTENDED = "extended"
    RESCHEDULED = "rescheduled"
    OVERDUE = "overdue"
    RAISED = "raised"
    ANSWERED = "answered"
    ANSWERED_PRAISE = "answered_praise"
    ANSWERED_IN_FULL = "answered_in_full"  # by SMS, for who agreed to it
    ABUSE = "abuse"
    ASKED_AGAIN = "asked_again"
    HEARD_SOLVED = "heard_solved"
    HEARD_UNSOLVED = "heard_unsolved"
    LAPSED = "lapsed"
    APPEALED = "appealed"
    APPEAL_UPHELD = "appeal_upheld"
    APPEAL_REJECTED = "appeal_rejected"
    COMMITTED = "committed"
    FULFILLED = "fulfilled"
    MERGED = "merged"
    SPLIT = "split"
    WITHDRAWN = "withdrawn"
    DISCREET = "discreet"  # in the place of any of these where a case is need-to-know
    BACK_BOX = "back_box"  # to who answered one of these, by letter or SMS
    BACK_ENDED = "back_ended"
    BACK_UNREAD = "back_unread"
    BACK_STRANGER = "back_stranger"
    BACK_FILES = "back_files"
    BACK_UNSOLVED = "back_unsolved"
    CODE_CONFIRM = "code_confirm"
    CODE_SIGN_IN = "code_sign_in"
    CODE_ACCESS = "code_access"
    CODE_CHALLENGE = "code_challenge"
    CODE_CALL = "code_call"
    TO_ASSIGNED = "to_assigned"
    TO_URGENT = "to_urgent"
    TO_WROTE = "to_wrote"
    TO_REOPENED = "to_reopened"
    TO_WITHDRAWN = "to_withdrawn"
    TO_APPROVE = "to_approve"
    TO_SENT_BACK = "to_sent_back"
    TO_REMINDED = "to_reminded"
    TO_IDLE = "to_idle"
    TO_OVERDUE = "to_overdue"
    TO_RAISED = "to_raised"
    TO_APPEAL = "to_appeal"
    TO_INSTRUCTED = "to_instructed"
    TO_MENTIONED = "to_mentioned"
    TO_HEAD_ASKED = "to_head_asked"
    TO_DELEGATED = "to_delegated"
    TO_REPORTED = "to_reported"
    TO_TASK = "to_task"
    TO_TASK_DONE = "to_task_done"
    TO_SYSTEM_SAID = "to_system_said"
    TO_TASK_LATE = "to_task_late"
    TO_FOLLOWED = "to_followed"
    TO_DISCREET = "to_discreet"  # in the place of any of these where a case is need-to-know
    TO_GATHERED = "to_gathered"  # many of these in one
    TO_DAILY = "to_daily"
    TO_BRIEF = "to_brief"
    TO_REPORTS = "to_reports"
    TO_ALERTS = "to_alerts"
    TO_FIGURE_ASKED = "to_figure_asked"
    TO_JOIN = "to_join"
    TO_JOIN_UNDECIDED = "to_join_undecided"
    TO_JOIN_SAID = "to_join_said"

    @property
    def for_officers(self) -> bool:
        return self.value.startswith("to_")

    @property
    def is_code(self) -> bool:
        return self.value.startswith("code_")

    @property
    def is_reply_answer(self) -> bool:
        """Goes back to who answered one of our messages; nobody answers it again."""
        return self.value.startswith("back_")

    @property
    def secret_placeholder(self) -> str | None:
        """The blank that is filled at the moment of sending and is nowhere to be read afterwards."""
        if self.is_code:
            return "code"
        return "answer" if self is Template.ANSWERED_IN_FULL else None

    @property
    def is_immediate(self) -> bool:
        """Answers the citizen's own act, or is waited for early in the morning, so it goes at any hour."""
        return self in _IMMEDIATE_TEMPLATES or self.is_reply_answer

    @property
    def is_list(self) -> bool:
        """Belongs to no case: it says what there is, line by line."""
        return self in _LIST_TEMPLATES


_IMMEDIATE_TEMPLATES = {
    Template.RECEIVED,
    Template.APPEALED,
    Template.WITHDRAWN,
    Template.TO_URGENT,
    Template.TO_BRIEF,
    Template.TO_REPORTS,
}
_LIST_TEMPLATES = {
    Template.TO_GATHERED,
    Template.TO_DAILY,
    Template.TO_BRIEF,
    Template.TO_REPORTS,
    Template.TO_ALERTS,
    Template.TO_FIGURE_ASKED,
}

TEMPLATE_LABELS: Mapping[Template, BilingualText] = {
    Template.RECEIVED: BilingualText("وصل الطلب", "Case received"),
    Template.MOVED: BilingualText("انتقل إلى جهة أخرى", "Moved to another body"),
    Template.FOLLOWED: BilingualText("انتقل عمل الجهة إلى أخرى", "Another body does its body's work"),
    Template.ASKED: BilingualText("سؤال لمقدم الطلب", "A question to the citizen"),
    Template.RESUMED: BilingualText("انتهى انتظار الجواب", "Waiting for the reply is over"),
    Template.EXTENDED: BilingualText("مُدّد الموعد", "Date extended"),
    Template.RESCHEDULED: BilingualText("تغيّر تقويم الدوام", "Working calendar changed"),
    Template.OVERDUE: BilingualText("تأخر الرد ورُفع الطلب", "Late, and raised"),
    Template.RAISED: BilingualText("رفعه موظف إلى مسؤول أعلى", "Raised by an officer"),
    Template.ANSWERED: BilingualText("وصل الرد", "Answered"),
    Template.ANSWERED_PRAISE: BilingualText("وصل الرد على ثناء", "Praise answered"),
    Template.ANSWERED_IN_FULL: BilingualText("الرد كاملًا برسالة نصية", "The whole answer, by SMS"),
    Template.ABUSE: BilingualText("عُدّ الطلب إزعاجًا أو إساءة", "Found to be spam or abuse"),
    Template.ASKED_AGAIN: BilingualText("هل حُلّ الأمر؟ مرة ثانية", "Was it solved? Asked again"),
    Template.HEARD_SOLVED: BilingualText("قيل بالهاتف إنه حُلّ", "Called solved by telephone"),
    Template.HEARD_UNSOLVED: BilingualText("قيل بالهاتف إنه لم يُحل", "Called not solved by telephone"),
    Template.LAPSED: BilingualText("أُغلق بانتهاء المدة", "Closed when the time passed"),
    Template.APPEALED: BilingualText("وصل الاعتراض", "Appeal received"),
    Template.APPEAL_UPHELD: BilingualText("قُبل الاعتراض", "Appeal upheld"),
    Template.APPEAL_REJECTED: BilingualText("لم يُقبل الاعتراض", "Appeal not upheld"),
    Template.COMMITTED: BilingualText("تعهّد بإجراء", "An action promised"),
    Template.FULFILLED: BilingualText("نُفّذ التعهّد", "A promise kept"),
    Template.MERGED: BilingualText("ضُمّ إلى طلب آخر", "Joined to another case"),
    Template.SPLIT: BilingualText("فُصل منه طلب جديد", "A part became a new case"),
    Template.WITHDRAWN: BilingualText("سُحب الطلب", "Withdrawn"),
    Template.DISCREET: BilingualText("خبر عن طلب محفوظ السرية", "News of a confidential case"),
    Template.BACK_BOX: BilingualText("رسالة قد تكون عن فساد", "A letter that may be about corruption"),
    Template.BACK_ENDED: BilingualText("رسالة عن طلب انتهى", "A letter about a case that is over"),
    Template.BACK_UNREAD: BilingualText("رسالة لم تُضف إلى الطلب", "A letter that was not added"),
    Template.BACK_STRANGER: BilingualText(
        "رسالة من بريد غير بريد صاحب الطلب", "A letter from another's address"
    ),
    Template.BACK_FILES: BilingualText("رسالة أُضيفت دون بعض ملفاتها", "A letter added without some files"),
    Template.BACK_UNSOLVED: BilingualText(
        "سُجّل أنه لم يُحل، وكيف يُعترض", "Noted as not solved, and how to appeal"
    ),
    Template.CODE_CONFIRM: BilingualText(
        "رمز تأكيد الرقم أو البريد", "Code to confirm a number or an address"
    ),
    Template.CODE_SIGN_IN: BilingualText("رمز الدخول إلى كل طلباتي", "Code to see all my cases"),
    Template.CODE_ACCESS: BilingualText("رمز متابعة جديد", "A new access code"),
    Template.CODE_CHALLENGE: BilingualText("رمز إكمال الإرسال", "Code to finish sending"),
    Template.CODE_CALL: BilingualText("رمز يُقرأ لمركز الاتصال", "Code to read to the call centre"),
    Template.TO_ASSIGNED: BilingualText("تكليف", "Assignment"),
    Template.TO_URGENT: BilingualText("طلب عاجل", "Urgent case"),
    Template.TO_WROTE: BilingualText("كتب مقدم الطلب", "The citizen wrote"),
    Template.TO_REOPENED: BilingualText("عاد الطلب إلى المعالجة", "Reopened"),
    Template.TO_WITHDRAWN: BilingualText("سحبه صاحبه", "Withdrawn by the citizen"),
    Template.TO_APPROVE: BilingualText("رد بانتظار الاعتماد", "A reply awaits approval"),
    Template.TO_SENT_BACK: BilingualText("أُعيد الرد لتعديله", "Reply sent back"),
    Template.TO_REMINDED: BilingualText("تذكير بالموعد", "Reminder of the date"),
    Template.TO_IDLE: BilingualText("لا إجراء على الطلب", "No action on a case"),
    Template.TO_OVERDUE: BilingualText("طلب متأخر مرفوع إليك", "A late case, raised to you"),
    Template.TO_RAISED: BilingualText("طلب رُفع إليك", "A case raised to you"),
    Template.TO_APPEAL: BilingualText("اعتراض للمراجعة", "An appeal to review"),
    Template.TO_MENTIONED: BilingualText("إشارة في ملاحظة", "Mentioned in a note"),
    Template.TO_INSTRUCTED: BilingualText("توجيه من مسؤول أعلى", "Instruction from above"),
    Template.TO_HEAD_ASKED: BilingualText("سؤال إلى رئيس الجهة", "A question to the head of the body"),
    Template.TO_DELEGATED: BilingualText("أمر فُوّض إليك", "A matter delegated to you"),
    Template.TO_REPORTED: BilingualText("جواب على توجيهك", "A report on your instruction"),
    Template.TO_TASK: BilingualText("مهمة في طلب عند غيركم", "A task in a case that others handle"),
    Template.TO_TASK_DONE: BilingualText("جواب على مهمة", "A task is answered"),
    Template.TO_SYSTEM_SAID: BilingualText("أُغلق في نظام الجهة", "Closed in the body's own system"),
    Template.TO_TASK_LATE: BilingualText("مهمة تأخر جوابها", "A task is late"),
    Template.TO_FOLLOWED: BilingualText("جديد طلب تتابعه", "News of a case you follow"),
    Template.TO_DISCREET: BilingualText("جديد في طلب محفوظ السرية", "News of a confidential case"),
    Template.TO_GATHERED: BilingualText("أخبار مجموعة", "News gathered"),
    Template.TO_DAILY: BilingualText("بريد الصباح", "The morning's e-mail"),
    Template.TO_BRIEF: BilingualText("موجز الصباح للمسؤول", "The morning's brief for officials"),
    Template.TO_REPORTS: BilingualText("تقارير الشهر", "The month's reports"),
    Template.TO_ALERTS: BilingualText("رقم خرج عن المعتاد", "A figure left its band"),
    Template.TO_FIGURE_ASKED: BilingualText("توجيه عن رقم", "An instruction about a figure"),
    Template.TO_JOIN: BilingualText("طلب مشاركة جهة أخرى", "Another body is asked to take part"),
    Template.TO_JOIN_UNDECIDED: BilingualText("مشاركة أُعيدت مرتين", "Taking part was returned twice"),
    Template.TO_JOIN_SAID: BilingualText("قرار في المشاركة", "Word on taking part"),
}

# What a text may name. None of it is personal: the reference is all that a message says of the case itself.
_CASE_PLACEHOLDERS: Mapping[str, BilingualText] = {
    "reference": BilingualText("رقم الطلب", "reference of the case"),
    "entity": BilingualText("الجهة", "the body"),
    "until": BilingualText("التاريخ بالكلمات", "the date in words"),
    "level": BilingualText("المسؤول الذي رُفع إليه", "to whom it was raised"),
    "other": BilingualText("رقم الطلب الآخر", "the other case's reference"),
    "percent": BilingualText("ما مضى من المدة", "share of the term that has passed"),
    "link": BilingualText("رابط الطلب", "link to the case"),
    "track": BilingualText("رابط المتابعة", "link to /track"),
    "reply": BilingualText("كيف يُجاب برسالة نصية، إن أمكن", "how to reply by SMS, where one can"),
}
_REPLY_PLACEHOLDERS: Mapping[str, BilingualText] = {
    **{name: _CASE_PLACEHOLDERS[name] for name in ("reference", "link", "track")},
    "box": BilingualText("رابط البلاغ السري", "link to the confidential box"),
}
_SECRET_PLACEHOLDERS: Mapping[str, BilingualText] = {
    "code": BilingualText("الرمز", "the code"),
    "answer": BilingualText("نص الرد", "the answer's text"),
}
_LIST_PLACEHOLDERS: Mapping[str, BilingualText] = {
    "lines": BilingualText("ما فيها، سطرًا سطرًا", "what is in it, line by line"),
    "day": BilingualText("اليوم بالكلمات", "the day in words"),
    "link": BilingualText("رابط الصفحة", "link to the page"),
}
_REFERENCE_PLACEHOLDERS = {name: _CASE_PLACEHOLDERS[name] for name in ("reference", "track")}
_LINK_PLACEHOLDER = {"link": _CASE_PLACEHOLDERS["link"]}


def list_placeholders(template: Template) -> Mapping[str, BilingualText]:
    """Return the placeholders that the template may use, with their labels."""
    if template.is_list:
        return _LIST_PLACEHOLDERS
    if template is Template.TO_DISCREET:
        return _LINK_PLACEHOLDER
    if template is Template.BACK_STRANGER:  # may go to anybody
        return {"track": _CASE_PLACEHOLDERS["track"]}
    if template.is_reply_answer:
        return _REPLY_PLACEHOLDERS
    if template.secret_placeholder is None:
        return _REFERENCE_PLACEHOLDERS if template is Template.DISCREET else _CASE_PLACEHOLDERS
    ours = {template.secret_placeholder: _SECRET_PLACEHOLDERS[template.secret_placeholder]}
    if template is Template.ANSWERED_IN_FULL:
        return ours | _REFERENCE_PLACEHOLDERS | {"reply": _CASE_PLACEHOLDERS["reply"]}
    return ours | _REFERENCE_PLACEHOLDERS if template is Template.CODE_ACCESS else ours


def find_unknown_placeholders(template: Template, text: str) -> list[str]:
    """Return the placeholders in the text that the template does not have; "{ }" for stray braces."""
    try:
        fields = list(Formatter().parse(text))
    except ValueError:
        return ["{ }"]
    return [
        name or "{ }"
        for _, name, form, conversion in fields
        if name is not None and (name not in list_placeholders(template) or form or conversion)
    ]


class TemplateTexts(NamedTuple):
    """`sms` is said by Messenger too. It is `None` for officers, who are told by e-mail alone; a whole answer goes by
    SMS alone."""

    subject: BilingualText | None
    email: BilingualText | None
    sms: BilingualText | None = None


class MessageText(NamedTuple):
    """One message as it is said on one way in one language; only an e-mail has a subject."""

    subject: str
    body: str
