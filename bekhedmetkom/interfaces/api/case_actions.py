"""What an officer's system can do to a case: one row a verb, its body and its command. A new verb is one row."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.queries import DeskCase
from bekhedmetkom.entities.queries import list_units
from bekhedmetkom.kernel.clock import get_local_date
from bekhedmetkom.kernel.errors import FieldError, InvalidInput
from bekhedmetkom.kernel.text import BilingualText
from bekhedmetkom.problems import commands as of_problems

from . import problems
from .problems import ProblemType
from .schemas import desk as bodies
from .schemas.shared import RequestBody


class CaseAction(NamedTuple):
    """`does` says it; `body` is what the caller sends (`None`: nothing), `command` takes its fields.

    `refuses`: problems of this verb alone.
    """

    description: BilingualText
    body: type[RequestBody] | None
    command: Callable[..., int | None]
    problems: tuple[ProblemType, ...] = ()


CASE_ACTIONS: Mapping[str, CaseAction] = {
    "classify": CaseAction(
        BilingualText("لمن الطلب، وعن أي موضوع.", "Say whose the case is, and about what."),
        bodies.ClassifyIn,
        commands.classify_case,
    ),
    "assign": CaseAction(
        BilingualText("تكليف وحدة أو موظف من الجهة.", "Give it to a unit or an officer of its body."),
        bodies.AssignIn,
        commands.assign_case,
    ),
    "refer": CaseAction(
        BilingualText("إحالة الطلب إلى الجهة المختصة.", "Send it to the body whose it is."),
        bodies.ReferIn,
        commands.refer_case,
    ),
    "return": CaseAction(
        BilingualText("إعادة الطلب: ليس من اختصاصنا.", "Give it back: not ours."),
        bodies.ReasonIn,
        commands.return_case,
    ),
    "accept": CaseAction(
        BilingualText("قبول طلب أحالته جهة أخرى.", "Take on a case that another body referred."),
        None,
        commands.accept_case,
    ),
    "ask": CaseAction(
        BilingualText(
            "سؤال مقدم الطلب عما ينقص. تتوقف المدة حتى يجيب.",
            "Ask the citizen for what is missing; time waits.",
        ),
        bodies.TextAndFilesIn,
        commands.ask_citizen,
    ),
    "call": CaseAction(
        BilingualText("تسجيل مكالمة مع من لم تصله رسالة.", "Say that whom no message reached was called."),
        bodies.TextIn,
        commands.record_call,
    ),
    "hear": CaseAction(
        BilingualText(
            "تسجيل ما قاله مقدم الطلب بالهاتف: هل حُلّ؟",
            "Note what the citizen says by telephone: was it solved?",
        ),
        bodies.PhoneRatingIn,
        commands.record_phone_feedback,
    ),
    "note": CaseAction(
        BilingualText("ملاحظة داخلية.", "Write an internal note."), bodies.TextAndFilesIn, commands.add_note
    ),
    "transcribe": CaseAction(
        BilingualText("كتابة ما في الرسالة الصوتية.", "Write down what the voice message says."),
        bodies.TextIn,
        commands.transcribe_recording,
    ),
    "show": CaseAction(
        BilingualText(
            "إتاحة ملف أضافه موظف لمقدم الطلب، أو حجبه عنه.", "Let the citizen see an officer's file, or not."
        ),
        bodies.ShowFileIn,
        commands.set_file_visibility,
    ),
    "release": CaseAction(
        BilingualText(
            "عرض الطلب للعموم بكلمات لا تذكر أحدًا، أو إيقاف عرضه.",
            "Show it to everybody, naming nobody; or stop.",
        ),
        bodies.PublishIn,
        commands.publish_case,
    ),
    "draft": CaseAction(
        BilingualText("حفظ رد لم يُرسل، لكاتبه وحده.", "Keep an unsent reply for its writer."),
        bodies.DraftIn,
        commands.save_reply_draft,
    ),
    "submit": CaseAction(
        BilingualText("عرض الرد على صاحب صلاحية الاعتماد.", "Put a reply before the approver."),
        bodies.ReplyIn,
        commands.submit_reply,
    ),
    "approve": CaseAction(
        BilingualText("اعتماد الرد وإرساله.", "Let the submitted reply go out."),
        bodies.ApproveIn,
        commands.approve_reply,
        (problems.SAYS_TOO_LITTLE,),
    ),
    "send-back": CaseAction(
        BilingualText("إعادة الرد إلى كاتبه.", "Return a submitted reply to its writer."),
        bodies.ReasonIn,
        commands.send_back_reply,
    ),
    "answer": CaseAction(
        BilingualText("الرد على مقدم الطلب.", "Answer the citizen."),
        bodies.ReplyIn,
        commands.answer_case,
        (problems.SAYS_TOO_LITTLE,),
    ),
    "extend": CaseAction(
        BilingualText(
            "تمديد واحد، بسبب يقرؤه مقدم الطلب.", "One longer term, with a reason that the citizen reads."
        ),
        bodies.ReasonIn,
        commands.extend_deadline,
    ),
    "reclassify": CaseAction(
        BilingualText("تصحيح النوع أو الموضوع.", "Correct the kind or the topic."),
        bodies.ReclassifyIn,
        commands.reclassify_case,
    ),
    "escalate": CaseAction(
        BilingualText("رفع الطلب إلى مسؤول أعلى الآن.", "Raise it to a higher official now."),
        bodies.EscalateIn,
        commands.escalate_case,
    ),
    "decide": CaseAction(
        BilingualText("القرار في الاعتراض.", "Decide the appeal."),
        bodies.DecideAppealIn,
        commands.decide_appeal,
        (problems.SAYS_TOO_LITTLE,),
    ),
    "reveal": CaseAction(
        BilingualText(
            "الاطلاع على هوية محجوبة. يُسجَّل الاطلاع.", "Look at a withheld identity; the look is journalled."
        ),
        bodies.ReasonIn,
        commands.reveal_identity,
    ),
    "confirm": CaseAction(
        BilingualText(
            "تأكيد موظف ثانٍ أن الطلب إزعاج أو إساءة.", "Agree, as a second person, that it is spam or abuse."
        ),
        None,
        commands.confirm_abuse,
    ),
    "merge": CaseAction(
        BilingualText("دمجه في طلب آخر للشخص نفسه.", "Join it to another case of the same person."),
        bodies.MergeIn,
        commands.merge_case,
    ),
    "link": CaseAction(
        BilingualText(
            "ربطه بمشكلة أبلغ عنها كثيرون، أو فصله عنها.",
            "Link it to a problem that many reported; or to none.",
        ),
        bodies.LinkProblemIn,
        of_problems.link_case,
    ),
    "split": CaseAction(
        BilingualText("فصل جزء منه في طلب مستقل.", "Make a case of its own from a part."),
        bodies.SplitIn,
        commands.split_case,
    ),
    "close": CaseAction(
        BilingualText("إغلاق طلب قال صاحبه إنه حُلّ.", "Put away a case that its citizen has called solved."),
        None,
        commands.close_case,
    ),
    "snooze": CaseAction(
        BilingualText(
            "إبعاده عن قائمتك حتى يوم قبل موعده.", "Out of one's own way until a day inside its term."
        ),
        bodies.UntilIn,
        commands.snooze_case,
    ),
    "recuse": CaseAction(
        BilingualText("التنحي لتضارب مصالح.", "Step aside for a conflict of interest."),
        bodies.ReasonIn,
        commands.recuse_officer,
    ),
    "concern": CaseAction(
        BilingualText(
            "من تخصه الشكوى: موظف أو قسم. لا تصل إليه.", "Say of whom it complains; it never reaches them."
        ),
        bodies.ConflictOfInterestIn,
        commands.set_complaint_subject,
    ),
    "instruct": CaseAction(
        BilingualText(
            "توجيه من مسؤول أعلى: ماذا يُفعل، وحتى متى.", "Say, from above, what is to be done and by when."
        ),
        bodies.TextUntilIn,
        commands.give_instruction,
    ),
    "ask-head": CaseAction(
        BilingualText("سؤال رئيس الجهة، وجوابه حتى متى.", "Ask the head of the body, who answers by a day."),
        bodies.TextUntilIn,
        commands.ask_head_of_body,
    ),
    "delegate": CaseAction(
        BilingualText(
            "تفويض الأمر إلى مكتب الوزير أو رئيس الجهة.",
            "Hand a matter to the minister's office or the head.",
        ),
        bodies.DelegateIn,
        commands.delegate_case,
    ),
    "report": CaseAction(
        BilingualText("جواب على توجيه من مسؤول أعلى.", "Say what came of an instruction from above."),
        bodies.ReportIn,
        commands.report_on_instruction,
    ),
    "task": CaseAction(
        BilingualText(
            "طلب شيء من قسم آخر في الجهة بتاريخ.", "Ask another unit of its body for something by a day."
        ),
        bodies.TaskIn,
        commands.create_task,
    ),
    "contribute": CaseAction(
        BilingualText("جواب القسم على ما طُلب منه.", "Answer what was asked of one's unit."),
        bodies.ContributeIn,
        commands.answer_task,
    ),
    "call-off": CaseAction(
        BilingualText("إلغاء مهمة لم يُجب عليها.", "Call off a task that has no answer yet."),
        bodies.CancelTaskIn,
        commands.cancel_task,
    ),
    "join": CaseAction(
        BilingualText(
            "طلب مشاركة جهة أخرى في الطلب بتاريخ.", "Ask another body to take part in the case by a day."
        ),
        bodies.JoinIn,
        commands.request_participation,
    ),
    "take-part": CaseAction(
        BilingualText(
            "قبول المشاركة في طلب جهة أخرى.", "Say that the body takes part in another body's case."
        ),
        bodies.TakePartIn,
        commands.accept_participation,
    ),
    "decline": CaseAction(
        BilingualText("إعادة طلب المشاركة بسبب.", "Return what asked the body to take part, with a reason."),
        bodies.CancelTaskIn,
        commands.decline_participation,
    ),
    "commit": CaseAction(
        BilingualText("تعهّد أمام مقدم الطلب بإجراء وتاريخ.", "Promise the citizen an action with a date."),
        bodies.TextUntilIn,
        commands.make_commitment,
    ),
    "fulfil": CaseAction(
        BilingualText("إعلان أن التعهّد نُفّذ.", "Say that a promised action is done."),
        bodies.TextIn,
        commands.fulfil_commitment,
    ),
}

_UNKNOWN_UNIT = BilingualText("لا وحدة بهذا الرمز في الجهة.", "No unit of the body has this code.")


def build_command_arguments(given: RequestBody | None, case: DeskCase, at: datetime) -> dict[str, Any]:
    """The fields of a body as the command takes them: only what was given, and a unit by its key."""
    fields = given.model_dump(exclude_unset=True) if given else {}
    if (code := fields.get("unit")) is not None:
        bodies_ = case.asks_at or (case.standing.entity_id,)
        keys = {
            unit.code: unit.id for body in reversed(bodies_) for unit in list_units(body, get_local_date(at))
        }
        if code not in keys:
            raise InvalidInput(FieldError("unit", _UNKNOWN_UNIT))
        fields["unit"] = keys[code]
    return fields
