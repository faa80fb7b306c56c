"""What officers hear of, in sorts that they choose by; and by which way it reaches them, so that none is a flood."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import Enum, StrEnum, auto
from typing import NamedTuple

from bekhedmetkom.kernel.text import BilingualText

from .templates import Template

KEPT = timedelta(days=30)  # so long a line stays on the bell
MOST = 6  # e-mails to one officer in an hour, each about one thing; what comes beyond goes together in one
MOST_URGENT = 20  # the same where lives may hang on it
HOUR = timedelta(hours=1)
SOON = timedelta(
    minutes=10
)  # so long what is urgent waits for more of its like, once there is too much of it


class Sort(StrEnum):
    """One reason why a case concerns an officer; a case has one line on the bell for each."""

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


SORT_WORDS: Mapping[Sort, BilingualText] = {
    Sort.ASSIGNED: BilingualText("طلب صار عندك", "A case is yours"),
    Sort.CITIZEN: BilingualText("جديد من مقدم الطلب", "News from the citizen"),
    Sort.MENTIONED: BilingualText("إشارة إليك في ملاحظة", "You are mentioned in a note"),
    Sort.APPROVAL: BilingualText("رد ينتظر قرارك", "A reply awaits your decision"),
    Sort.SENT_BACK: BilingualText("رد أُعيد إليك", "A reply was sent back to you"),
    Sort.DEADLINE: BilingualText("موعد يقترب أو انتهى", "A date is near, or has come"),
    Sort.ESCALATED: BilingualText("طلب رُفع إليك", "A case was raised to you"),
    Sort.INSTRUCTION: BilingualText("توجيه أو جواب عليه", "An instruction, or a report on one"),
    Sort.TASK: BilingualText(
        "مهمة لقسمك، أو جواب على مهمة طلبتها", "A task for your unit, or an answer to one of yours"
    ),
    Sort.APPEAL: BilingualText("اعتراض تراجعه", "An appeal to review"),
    Sort.FOLLOWED: BilingualText("جديد طلب تتابعه", "News of a case you follow"),
}


class Line(NamedTuple):
    """What the bell says of a case; its reference and its body stand beside it."""

    sort: Sort
    words: BilingualText


T = Template
LINES: Mapping[Template, Line] = {
    T.TO_ASSIGNED: Line(Sort.ASSIGNED, BilingualText("كُلّفت بهذا الطلب", "This case is assigned to you")),
    T.TO_URGENT: Line(Sort.ASSIGNED, BilingualText("طلب عاجل وصل", "An urgent case came in")),
    T.TO_REOPENED: Line(Sort.ASSIGNED, BilingualText("عاد الطلب إلى المعالجة", "The case is open again")),
    T.TO_WROTE: Line(Sort.CITIZEN, BilingualText("كتب مقدم الطلب", "The citizen wrote")),
    T.TO_WITHDRAWN: Line(Sort.CITIZEN, BilingualText("سحبه مقدمه", "The citizen withdrew it")),
    T.TO_MENTIONED: Line(
        Sort.MENTIONED, BilingualText("أُشير إليك في ملاحظة", "You were mentioned in a note")
    ),
    T.TO_APPROVE: Line(Sort.APPROVAL, BilingualText("رد ينتظر قرارك", "A reply awaits your decision")),
    T.TO_SENT_BACK: Line(Sort.SENT_BACK, BilingualText("أُعيد إليك ردك لتعديله", "Your reply was sent back")),
    T.TO_REMINDED: Line(
        Sort.DEADLINE, BilingualText("اقترب موعده ولم يُرد عليه", "Its date is near, and no answer yet")
    ),
    T.TO_IDLE: Line(
        Sort.ESCALATED, BilingualText("رُفع إليك: لا إجراء عليه", "Raised to you: nothing was done")
    ),
    T.TO_OVERDUE: Line(
        Sort.ESCALATED, BilingualText("رُفع إليك: تجاوز موعده", "Raised to you: past its date")
    ),
    T.TO_RAISED: Line(Sort.ESCALATED, BilingualText("رفعه موظف إليك", "An officer raised it to you")),
    T.TO_APPEAL: Line(Sort.APPEAL, BilingualText("اعتراض عندك للمراجعة", "An appeal is yours to review")),
    T.TO_INSTRUCTED: Line(
        Sort.INSTRUCTION, BilingualText("توجيه من مسؤول أعلى", "An instruction from above")
    ),
    T.TO_HEAD_ASKED: Line(
        Sort.INSTRUCTION, BilingualText("سؤال إليك من مسؤول أعلى", "A higher official asks you")
    ),
    T.TO_DELEGATED: Line(
        Sort.INSTRUCTION, BilingualText("أوكله إليك الوزير", "The minister handed it to you")
    ),
    T.TO_REPORTED: Line(
        Sort.INSTRUCTION, BilingualText("وصل جواب على توجيهك", "There is a report on your instruction")
    ),
    T.TO_TASK: Line(Sort.TASK, BilingualText("مهمة مطلوبة منكم", "A task is asked of you")),
    T.TO_SYSTEM_SAID: Line(
        Sort.TASK, BilingualText("أُغلق في نظام جهتك وينتظر ردك", "Closed in your own system: reply now")
    ),
    T.TO_TASK_DONE: Line(
        Sort.TASK, BilingualText("وصل جواب على مهمة طلبتها", "A task that you asked for is answered")
    ),
    T.TO_TASK_LATE: Line(Sort.TASK, BilingualText("تأخر جواب على مهمة", "A task is late")),
    T.TO_JOIN: Line(Sort.TASK, BilingualText("طُلبت مشاركة جهتكم فيه", "Your body is asked to take part")),
    T.TO_JOIN_UNDECIDED: Line(
        Sort.TASK, BilingualText("القرار لكم: من يشارك فيه؟", "Who takes part is yours to decide")
    ),
    T.TO_JOIN_SAID: Line(Sort.TASK, BilingualText("جواب على طلب المشاركة", "Word on taking part")),
    T.TO_FOLLOWED: Line(Sort.FOLLOWED, BilingualText("جديد في طلب تتابعه", "News of a case that you follow")),
}
DISCREET = BilingualText("جديد في طلب محفوظ السرية", "News of a confidential case")  # whatever it is


class Mail(StrEnum):
    """What an officer chooses for a sort; the bell has it in any case."""

    NOW = "now"
    DAILY = "daily"
    NEVER = "never"


MAIL_WORDS: Mapping[Mail, BilingualText] = {
    Mail.NOW: BilingualText("بريد فورًا", "E-mail at once"),
    Mail.DAILY: BilingualText("في بريد الصباح", "In the morning's e-mail"),
    Mail.NEVER: BilingualText("الجرس فقط", "The bell only"),
}

MORNING = "morning"  # what a choice is about that says whether the morning's e-mail comes at all

# At once where somebody has done something that this officer must answer; what can wait for the morning does.
USUAL: Mapping[Sort, Mail] = dict.fromkeys(Sort, Mail.NOW) | {Sort.FOLLOWED: Mail.DAILY}


class Way(Enum):
    NOW = auto()  # an e-mail of its own
    TOGETHER = auto()  # soon, in one with others: too many went already
    DAILY = auto()  # in the morning's
    BELL = auto()  # none


def way(chosen: Mail, *, urgent: bool, kept: bool, sent: int) -> Way:
    """How it reaches an officer to whom `sent` e-mails go about the same hour. `kept`: the case is need-to-know.

    Whatever was chosen, what is urgent goes at once. What is need-to-know waits for no morning: it is never listed.
    """
    if chosen is Mail.NEVER and not urgent:
        return Way.BELL
    if chosen is Mail.DAILY and not urgent and not kept:
        return Way.DAILY
    return Way.NOW if sent < (MOST_URGENT if urgent else MOST) else Way.TOGETHER


def together_at(when: datetime, *, urgent: bool) -> datetime:
    """When what would have gone `when` goes with others."""
    return when + (SOON if urgent else HOUR)
