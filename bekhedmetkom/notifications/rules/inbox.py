"""Inbox categories and texts, e-mail preferences and limits on e-mails to officers."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import Enum, StrEnum, auto
from typing import NamedTuple

from bekhedmetkom.kernel.text import BilingualText

from .templates import Template

INBOX_RETENTION = timedelta(days=30)  # so long a line stays on the bell
MAX_EMAILS_PER_HOUR = (
    6  # e-mails to one officer in an hour, each about one thing; what comes beyond goes together in one
)
MAX_URGENT_EMAILS_PER_HOUR = 20  # the same where lives may hang on it
HOUR = timedelta(hours=1)
URGENT_GROUPING_DELAY = timedelta(
    minutes=10
)  # so long what is urgent waits for more of its like, once there is too much of it


class InboxCategory(StrEnum):
    """A reason why a case concerns an officer; the inbox has one line per case and category."""

    ASSIGNED = "assigned"
    CITIZEN = "citizen"
    MENTIONED = "mentioned"
    APPROVAL = "approval"
    SENT_BACK = "sent_back"
    DEADLINE = "deadline"
    ESCALATED = "escalated"
    INSTRUCTION = "instruction"
    TASK = "task"
    APPEAL = "appeal"
    FOLLOWED = "followed"


INBOX_CATEGORY_LABELS: Mapping[InboxCategory, BilingualText] = {
    InboxCategory.ASSIGNED: BilingualText("طلب صار عندك", "A case is yours"),
    InboxCategory.CITIZEN: BilingualText("جديد من مقدم الطلب", "News from the citizen"),
    InboxCategory.MENTIONED: BilingualText("إشارة إليك في ملاحظة", "You are mentioned in a note"),
    InboxCategory.APPROVAL: BilingualText("رد ينتظر قرارك", "A reply awaits your decision"),
    InboxCategory.SENT_BACK: BilingualText("رد أُعيد إليك", "A reply was sent back to you"),
    InboxCategory.DEADLINE: BilingualText("موعد يقترب أو انتهى", "A date is near, or has come"),
    InboxCategory.ESCALATED: BilingualText("طلب رُفع إليك", "A case was raised to you"),
    InboxCategory.INSTRUCTION: BilingualText("توجيه أو جواب عليه", "An instruction, or a report on one"),
    InboxCategory.TASK: BilingualText(
        "مهمة لقسمك، أو جواب على مهمة طلبتها", "A task for your unit, or an answer to one of yours"
    ),
    InboxCategory.APPEAL: BilingualText("اعتراض تراجعه", "An appeal to review"),
    InboxCategory.FOLLOWED: BilingualText("جديد طلب تتابعه", "News of a case you follow"),
}


class InboxText(NamedTuple):
    """Text of an inbox line; the page shows reference and body beside it."""

    category: InboxCategory
    text: BilingualText


INBOX_TEXTS: Mapping[Template, InboxText] = {
    Template.TO_ASSIGNED: InboxText(
        InboxCategory.ASSIGNED, BilingualText("كُلّفت بهذا الطلب", "This case is assigned to you")
    ),
    Template.TO_URGENT: InboxText(
        InboxCategory.ASSIGNED, BilingualText("طلب عاجل وصل", "An urgent case came in")
    ),
    Template.TO_REOPENED: InboxText(
        InboxCategory.ASSIGNED, BilingualText("عاد الطلب إلى المعالجة", "The case is open again")
    ),
    Template.TO_WROTE: InboxText(InboxCategory.CITIZEN, BilingualText("كتب مقدم الطلب", "The citizen wrote")),
    Template.TO_WITHDRAWN: InboxText(
        InboxCategory.CITIZEN, BilingualText("سحبه مقدمه", "The citizen withdrew it")
    ),
    Template.TO_MENTIONED: InboxText(
        InboxCategory.MENTIONED, BilingualText("أُشير إليك في ملاحظة", "You were mentioned in a note")
    ),
    Template.TO_APPROVE: InboxText(
        InboxCategory.APPROVAL, BilingualText("رد ينتظر قرارك", "A reply awaits your decision")
    ),
    Template.TO_SENT_BACK: InboxText(
        InboxCategory.SENT_BACK, BilingualText("أُعيد إليك ردك لتعديله", "Your reply was sent back")
    ),
    Template.TO_REMINDED: InboxText(
        InboxCategory.DEADLINE,
        BilingualText("اقترب موعده ولم يُرد عليه", "Its date is near, and no answer yet"),
    ),
    Template.TO_IDLE: InboxText(
        InboxCategory.ESCALATED, BilingualText("رُفع إليك: لا إجراء عليه", "Raised to you: nothing was done")
    ),
    Template.TO_OVERDUE: InboxText(
        InboxCategory.ESCALATED, BilingualText("رُفع إليك: تجاوز موعده", "Raised to you: past its date")
    ),
    Template.TO_RAISED: InboxText(
        InboxCategory.ESCALATED, BilingualText("رفعه موظف إليك", "An officer raised it to you")
    ),
    Template.TO_APPEAL: InboxText(
        InboxCategory.APPEAL, BilingualText("اعتراض عندك للمراجعة", "An appeal is yours to review")
    ),
    Template.TO_INSTRUCTED: InboxText(
        InboxCategory.INSTRUCTION, BilingualText("توجيه من مسؤول أعلى", "An instruction from above")
    ),
    Template.TO_HEAD_ASKED: InboxText(
        InboxCategory.INSTRUCTION, BilingualText("سؤال إليك من مسؤول أعلى", "A higher official asks you")
    ),
    Template.TO_DELEGATED: InboxText(
        InboxCategory.INSTRUCTION, BilingualText("أوكله إليك الوزير", "The minister handed it to you")
    ),
    Template.TO_REPORTED: InboxText(
        InboxCategory.INSTRUCTION,
        BilingualText("وصل جواب على توجيهك", "There is a report on your instruction"),
    ),
    Template.TO_TASK: InboxText(
        InboxCategory.TASK, BilingualText("مهمة مطلوبة منكم", "A task is asked of you")
    ),
    Template.TO_SYSTEM_SAID: InboxText(
        InboxCategory.TASK,
        BilingualText("أُغلق في نظام جهتك وينتظر ردك", "Closed in your own system: reply now"),
    ),
    Template.TO_TASK_DONE: InboxText(
        InboxCategory.TASK, BilingualText("وصل جواب على مهمة طلبتها", "A task that you asked for is answered")
    ),
    Template.TO_TASK_LATE: InboxText(
        InboxCategory.TASK, BilingualText("تأخر جواب على مهمة", "A task is late")
    ),
    Template.TO_JOIN: InboxText(
        InboxCategory.TASK, BilingualText("طُلبت مشاركة جهتكم فيه", "Your body is asked to take part")
    ),
    Template.TO_JOIN_UNDECIDED: InboxText(
        InboxCategory.TASK, BilingualText("القرار لكم: من يشارك فيه؟", "Who takes part is yours to decide")
    ),
    Template.TO_JOIN_SAID: InboxText(
        InboxCategory.TASK, BilingualText("جواب على طلب المشاركة", "Word on taking part")
    ),
    Template.TO_FOLLOWED: InboxText(
        InboxCategory.FOLLOWED, BilingualText("جديد في طلب تتابعه", "News of a case that you follow")
    ),
}
CONFIDENTIAL_TEXT = BilingualText("جديد في طلب محفوظ السرية", "News of a confidential case")  # whatever it is


class EmailFrequency(StrEnum):
    """How an officer gets e-mail about a category; the inbox lists it in any case."""

    NOW = "now"
    DAILY = "daily"
    NEVER = "never"


EMAIL_FREQUENCY_LABELS: Mapping[EmailFrequency, BilingualText] = {
    EmailFrequency.NOW: BilingualText("بريد فورًا", "E-mail at once"),
    EmailFrequency.DAILY: BilingualText("في بريد الصباح", "In the morning's e-mail"),
    EmailFrequency.NEVER: BilingualText("الجرس فقط", "The bell only"),
}

MORNING_DIGEST = "morning"  # what a choice is about that says whether the morning's e-mail comes at all

# At once where somebody has done something that this officer must answer; what can wait for the morning does.
DEFAULT_EMAIL_FREQUENCY: Mapping[InboxCategory, EmailFrequency] = dict.fromkeys(
    InboxCategory, EmailFrequency.NOW
) | {InboxCategory.FOLLOWED: EmailFrequency.DAILY}


class EmailTiming(Enum):
    NOW = auto()  # an e-mail of its own
    GROUPED = auto()  # soon, in one with others: too many went already
    DAILY = auto()  # in the morning's
    INBOX_ONLY = auto()  # none


def choose_email_timing(chosen: EmailFrequency, *, urgent: bool, kept: bool, sent: int) -> EmailTiming:
    """Return how an officer with `sent` e-mails in the same hour is told. `kept`: the case is confidential.

    Urgent cases are e-mailed at once whatever was chosen. Confidential cases never wait for the digest.
    """
    if chosen is EmailFrequency.NEVER and not urgent:
        return EmailTiming.INBOX_ONLY
    if chosen is EmailFrequency.DAILY and not urgent and not kept:
        return EmailTiming.DAILY
    return (
        EmailTiming.NOW
        if sent < (MAX_URGENT_EMAILS_PER_HOUR if urgent else MAX_EMAILS_PER_HOUR)
        else EmailTiming.GROUPED
    )


def get_grouped_email_time(when: datetime, *, urgent: bool) -> datetime:
    """Return when an e-mail held back at `when` is sent together with others."""
    return when + (URGENT_GROUPING_DELAY if urgent else HOUR)
