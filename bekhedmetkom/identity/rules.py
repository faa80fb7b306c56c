"""Roles, permissions and their reach in one table. Whatever is not in the table is refused."""

from collections.abc import Mapping
from enum import StrEnum, auto

from bekhedmetkom.kernel.text import BilingualText


class Role(StrEnum):
    MAIN_OFFICER = "main_officer"
    SUB_OFFICER = "sub_officer"
    APPROVER = "approver"
    REVIEWER = "reviewer"
    MANAGER = "manager"
    HEAD_OF_BODY = "head_of_body"
    MINISTER = "minister"
    MINISTER_OFFICE = "minister_office"
    PM_UNIT = "pm_unit"
    DUTY_OFFICER = "duty_officer"
    INSPECTOR = "inspector"
    COORDINATOR = "coordinator"
    AGENT = "agent"
    ADMINISTRATOR = "administrator"


ROLE_LABELS: Mapping[Role, BilingualText] = {
    Role.MAIN_OFFICER: BilingualText("ضابط ارتباط رئيسي", "Main liaison officer"),
    Role.SUB_OFFICER: BilingualText("ضابط ارتباط فرعي", "Sub liaison officer"),
    Role.APPROVER: BilingualText("صاحب صلاحية الاعتماد", "Approver"),
    Role.REVIEWER: BilingualText("مراجع الاعتراضات", "Appeals reviewer"),
    Role.MANAGER: BilingualText("مدير", "Manager"),
    Role.HEAD_OF_BODY: BilingualText("رئيس الجهة", "Head of body"),
    Role.MINISTER: BilingualText("وزير", "Minister"),
    Role.MINISTER_OFFICE: BilingualText("مكتب الوزير", "Minister's office"),
    Role.PM_UNIT: BilingualText("وحدة المتابعة في رئاسة الوزراء", "Prime Ministry follow-up unit"),
    Role.DUTY_OFFICER: BilingualText("ضابط مناوب", "Duty officer"),
    Role.INSPECTOR: BilingualText("مفتش", "Inspector"),
    Role.COORDINATOR: BilingualText("منسق حقوق الإنسان والحماية", "Human rights and protection coordinator"),
    Role.AGENT: BilingualText("موظف مركز الاتصال", "Call-centre agent"),
    Role.ADMINISTRATOR: BilingualText("مدير النظام", "Administrator"),
}


class Permission(StrEnum):
    """Commands on cases, and permissions for other pages."""

    READ = "read"
    CLASSIFY = "classify"
    ASSIGN = "assign"
    REFER = "refer"
    RETURN = "return"
    ACCEPT = "accept"
    ASK = "ask"
    NOTE = "note"
    CALL = "call"
    HEAR = "hear"  # write down what the citizen says by telephone: solved or not
    DRAFT = "draft"
    SUBMIT = "submit"
    APPROVE = "approve"
    SEND_BACK = "send-back"
    ANSWER = "answer"
    EXTEND = "extend"
    RECLASSIFY = "reclassify"
    ESCALATE = "escalate"
    DECIDE = "decide"
    REVEAL = "reveal"
    CONFIRM = "confirm"
    MERGE = "merge"
    SPLIT = "split"
    CLOSE = "close"
    SNOOZE = "snooze"
    TRANSCRIBE = "transcribe"
    SHOW = "show"
    RELEASE = "release"  # show a case to everybody, in words of one's own
    LINK = "link"  # to a problem; and to say what a problem is, whose, and until when
    RECUSE = "recuse"
    CONCERN = "concern"
    INSTRUCT = "instruct"
    ASK_HEAD = "ask-head"
    DELEGATE = "delegate"
    REPORT = "report"
    TASK = "task"  # ask another unit of the body for something, and call that off
    JOIN = "join"  # ask another body to take part
    TAKE_PART = "take-part"  # say that one's body takes part, or that it does not
    CONTRIBUTE = "contribute"  # answer what was asked of one's unit or body
    COMMIT = "commit"
    FULFIL = "fulfil"
    ARRANGE = "arrange"  # how a body works: its rules, its templates; no case is involved
    REGISTER = "register"  # write down a case for somebody: held at all, it is for any body
    SEARCH_PEOPLE = "search-people"
    TAKE_CALLS = "take-calls"  # of the national call centre; held at all, it is for whoever calls
    TALK = "talk"  # take over a talk from the assistant, and write in it
    OVERSEE = "oversee"  # a body's rules, calendar and officers, side by side with those of others
    WATCH = "watch"  # how bodies answer people: figures, never a case (`/dashboard`)
    PLAN = "plan"  # write down what is decided on figures, and keep quiet about an alert
    MANAGE = "manage"


class Reach(StrEnum):
    """How far a permission goes from a membership. Confidentiality narrows it (`cases.rules.access`)."""

    ASSIGNED = auto()  # cases of this officer: as assignee, as reviewer of the appeal, for a call-back
    UNIT = auto()  # the membership's unit
    URGENT = auto()  # urgent cases of the membership's entity and of the bodies below it
    ENTITY = auto()  # the membership's entity alone; its unit alone where it names one
    BELOW = auto()  # the entity and every body below it
    ALL = auto()  # the whole country


P, R = Permission, Reach
_CASE_HANDLING = (
    P.READ,
    P.ASK,
    P.NOTE,
    P.CALL,
    P.HEAR,
    P.DRAFT,
    P.SUBMIT,
    P.ANSWER,
    P.RETURN,
    P.SNOOZE,
    P.RECUSE,
    P.COMMIT,
    P.FULFIL,
    P.ESCALATE,
    P.TRANSCRIBE,
    P.SHOW,
    P.REGISTER,
    P.REPORT,
    P.TASK,
    P.CONTRIBUTE,
)
_CASE_DISTRIBUTION = (
    P.CLASSIFY,
    P.ASSIGN,
    P.REFER,
    P.ACCEPT,
    P.RECLASSIFY,
    P.CONFIRM,
    P.MERGE,
    P.SPLIT,
    P.CLOSE,
    P.CONCERN,
    P.JOIN,
)
_LEADERSHIP = (P.READ, P.NOTE, P.ASSIGN, P.SUBMIT, P.ANSWER, P.EXTEND, P.INSTRUCT, P.REPORT, P.CONFIRM)

ROLE_PERMISSIONS: Mapping[Role, Mapping[Permission, Reach]] = {
    Role.MAIN_OFFICER: dict.fromkeys(
        (
            *_CASE_HANDLING,
            *_CASE_DISTRIBUTION,
            P.TAKE_PART,
            P.ARRANGE,
            P.SEARCH_PEOPLE,
            P.OVERSEE,
            P.RELEASE,
            P.LINK,
        ),
        R.BELOW,
    ),
    Role.SUB_OFFICER: dict.fromkeys(_CASE_HANDLING, R.UNIT),
    Role.APPROVER: dict.fromkeys((P.READ, P.NOTE, P.APPROVE, P.SEND_BACK, P.RECUSE), R.ENTITY),
    Role.REVIEWER: dict.fromkeys((P.READ, P.NOTE, P.DECIDE, P.RECUSE), R.ASSIGNED),
    Role.MANAGER: dict.fromkeys((*_LEADERSHIP, P.ESCALATE, P.ARRANGE, P.OVERSEE, P.WATCH, P.LINK), R.ENTITY),
    Role.HEAD_OF_BODY: dict.fromkeys(
        (*_LEADERSHIP, P.APPROVE, P.SEND_BACK, P.ARRANGE, P.OVERSEE, P.WATCH, P.LINK, P.PLAN), R.BELOW
    ),
    Role.MINISTER: dict.fromkeys(
        (*_LEADERSHIP, P.APPROVE, P.SEND_BACK, P.ARRANGE, P.ASK_HEAD, P.DELEGATE, P.OVERSEE, P.WATCH, P.PLAN),
        R.BELOW,
    ),
    Role.MINISTER_OFFICE: dict.fromkeys(
        (P.READ, P.NOTE, P.INSTRUCT, P.ASK_HEAD, P.REPORT, P.OVERSEE, P.WATCH), R.BELOW
    ),
    Role.PM_UNIT: {
        **dict.fromkeys(
            (
                *_LEADERSHIP,
                *_CASE_DISTRIBUTION,
                P.ASK,
                P.CALL,
                P.HEAR,
                P.ESCALATE,
                P.TRANSCRIBE,
                P.REGISTER,
                P.SEARCH_PEOPLE,
                P.TAKE_CALLS,
                P.ASK_HEAD,
                P.TASK,
                P.OVERSEE,
                P.WATCH,
                P.PLAN,
                P.RELEASE,
                P.TALK,
                P.LINK,
            ),
            R.ALL,
        ),
        P.REVEAL: R.ASSIGNED,
        **dict.fromkeys(
            (P.APPROVE, P.SEND_BACK), R.ALL
        ),  # theirs where no body up to the top has an approver
        P.DECIDE: R.ALL,  # the reviewer's alone, unless none could be found (cases.rules.verbs.decides)
    },
    Role.DUTY_OFFICER: dict.fromkeys((*_CASE_HANDLING, P.ASSIGN, P.REFER), R.URGENT),
    # They extend what another body handles, below their own (cases.rules.verbs.extends).
    Role.INSPECTOR: dict.fromkeys((*_CASE_HANDLING, *_CASE_DISTRIBUTION, P.EXTEND), R.BELOW),
    Role.COORDINATOR: dict.fromkeys((*_CASE_HANDLING, *_CASE_DISTRIBUTION, P.EXTEND), R.BELOW),
    Role.AGENT: dict.fromkeys(
        (P.READ, P.NOTE, P.CALL, P.HEAR, P.REVEAL, P.REGISTER, P.TAKE_CALLS, P.TALK), R.ASSIGNED
    ),
    Role.ADMINISTRATOR: dict.fromkeys((P.MANAGE, P.ARRANGE), R.ALL),
}

# API clients. A key alone allows submitting cases; everything else needs a scope.
DEFAULT_HOURLY_QUOTA = 3600  # calls an hour, also at once
SCOPE_LABELS: Mapping[str, BilingualText] = {
    "webhooks": BilingualText("إشعارات بما يحدث للطلبات", "Webhooks about what happens to cases"),
    "open311": BilingualText("إرسال طلبات عن طريق Open311", "Bringing cases by Open311"),
}
KEY_OVERLAP_DAYS = 7  # during which the old key of a client stays valid
