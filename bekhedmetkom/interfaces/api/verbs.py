"""What an officer's system can do to a case: one row a verb, its body and its command. A new verb is one row."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.queries import DeskCase
from bekhedmetkom.entities.queries import units_of
from bekhedmetkom.kernel.clock import local_day
from bekhedmetkom.kernel.errors import FieldError, Invalid
from bekhedmetkom.kernel.words import Words
from bekhedmetkom.problems import commands as of_problems

from . import problems
from .problems import Sort
from .schemas import desk as bodies
from .schemas.shared import Sent


class Verb(NamedTuple):
    """`does` says it; `body` is what the caller sends (`None`: nothing), `command` takes its fields.

    `refuses`: problems of this verb alone.
    """

    does: Words
    body: type[Sent] | None
    command: Callable[..., int | None]
    refuses: tuple[Sort, ...] = ()


VERBS: Mapping[str, Verb] = {
    "classify": Verb(
        Words("لمن الطلب، وعن أي موضوع.", "Say whose the case is, and about what."),
        bodies.Classify, commands.classify),
    "assign": Verb(
        Words("تكليف وحدة أو موظف من الجهة.", "Give it to a unit or an officer of its body."),
        bodies.Assign, commands.assign),
    "refer": Verb(
        Words("إحالة الطلب إلى الجهة المختصة.", "Send it to the body whose it is."), bodies.Refer, commands.refer),
    "return": Verb(
        Words("إعادة الطلب: ليس من اختصاصنا.", "Give it back: not ours."), bodies.Reason, commands.give_back),
    "accept": Verb(
        Words("قبول طلب أحالته جهة أخرى.", "Take on a case that another body referred."), None, commands.accept),
    "ask": Verb(
        Words("سؤال مقدم الطلب عما ينقص. تتوقف المدة حتى يجيب.", "Ask the citizen for what is missing; time waits."),
        bodies.WordsAndFiles, commands.ask),
    "call": Verb(
        Words("تسجيل مكالمة مع من لم تصله رسالة.", "Say that whom no message reached was called."),
        bodies.Words, commands.called),
    "hear": Verb(
        Words("تسجيل ما قاله مقدم الطلب بالهاتف: هل حُلّ؟", "Note what the citizen says by telephone: was it solved?"),
        bodies.Hear, commands.heard),
    "note": Verb(Words("ملاحظة داخلية.", "Write an internal note."), bodies.WordsAndFiles, commands.note),
    "transcribe": Verb(
        Words("كتابة ما في الرسالة الصوتية.", "Write down what the voice message says."),
        bodies.Words, commands.transcribe),
    "show": Verb(
        Words("إتاحة ملف أضافه موظف لمقدم الطلب، أو حجبه عنه.", "Let the citizen see an officer's file, or not."),
        bodies.Show, commands.show),
    "release": Verb(
        Words("عرض الطلب للعموم بكلمات لا تذكر أحدًا، أو إيقاف عرضه.", "Show it to everybody, naming nobody; or stop."),
        bodies.Release, commands.release),
    "draft": Verb(
        Words("حفظ رد لم يُرسل، لكاتبه وحده.", "Keep an unsent reply for its writer."),
        bodies.Draft, commands.save_draft),
    "submit": Verb(
        Words("عرض الرد على صاحب صلاحية الاعتماد.", "Put a reply before the approver."),
        bodies.Reply, commands.submit_reply),
    "approve": Verb(
        Words("اعتماد الرد وإرساله.", "Let the submitted reply go out."), bodies.Approve, commands.approve,
        (problems.SAYS_TOO_LITTLE,)),
    "send-back": Verb(
        Words("إعادة الرد إلى كاتبه.", "Return a submitted reply to its writer."), bodies.Reason, commands.send_back),
    "answer": Verb(
        Words("الرد على مقدم الطلب.", "Answer the citizen."), bodies.Reply, commands.answer,
        (problems.SAYS_TOO_LITTLE,)),
    "extend": Verb(
        Words("تمديد واحد، بسبب يقرؤه مقدم الطلب.", "One longer term, with a reason that the citizen reads."),
        bodies.Reason, commands.extend),
    "reclassify": Verb(
        Words("تصحيح النوع أو الموضوع.", "Correct the kind or the topic."), bodies.Reclassify, commands.reclassify),
    "escalate": Verb(
        Words("رفع الطلب إلى مسؤول أعلى الآن.", "Raise it to a higher official now."),
        bodies.Escalate, commands.escalate),
    "decide": Verb(Words("القرار في الاعتراض.", "Decide the appeal."), bodies.Decide, commands.decide,
        (problems.SAYS_TOO_LITTLE,)),
    "reveal": Verb(
        Words("الاطلاع على هوية محجوبة. يُسجَّل الاطلاع.", "Look at a withheld identity; the look is journalled."),
        bodies.Reason, commands.reveal),
    "confirm": Verb(
        Words("تأكيد موظف ثانٍ أن الطلب إزعاج أو إساءة.", "Agree, as a second person, that it is spam or abuse."),
        None, commands.confirm),
    "merge": Verb(
        Words("دمجه في طلب آخر للشخص نفسه.", "Join it to another case of the same person."),
        bodies.Merge, commands.merge),
    "link": Verb(
        Words("ربطه بمشكلة أبلغ عنها كثيرون، أو فصله عنها.", "Link it to a problem that many reported; or to none."),
        bodies.Link, of_problems.link),
    "split": Verb(
        Words("فصل جزء منه في طلب مستقل.", "Make a case of its own from a part."), bodies.Split, commands.split),
    "close": Verb(
        Words("إغلاق طلب قال صاحبه إنه حُلّ.", "Put away a case that its citizen has called solved."),
        None, commands.close),
    "snooze": Verb(
        Words("إبعاده عن قائمتك حتى يوم قبل موعده.", "Out of one's own way until a day inside its term."),
        bodies.Until, commands.snooze),
    "recuse": Verb(
        Words("التنحي لتضارب مصالح.", "Step aside for a conflict of interest."), bodies.Reason, commands.recuse),
    "concern": Verb(
        Words("من تخصه الشكوى: موظف أو قسم. لا تصل إليه.", "Say of whom it complains; it never reaches them."),
        bodies.Concern, commands.concern),
    "instruct": Verb(
        Words("توجيه من مسؤول أعلى: ماذا يُفعل، وحتى متى.", "Say, from above, what is to be done and by when."),
        bodies.WordsUntil, commands.instruct),
    "ask-head": Verb(
        Words("سؤال رئيس الجهة، وجوابه حتى متى.", "Ask the head of the body, who answers by a day."),
        bodies.WordsUntil, commands.ask_head),
    "delegate": Verb(
        Words("تفويض الأمر إلى مكتب الوزير أو رئيس الجهة.", "Hand a matter to the minister's office or the head."),
        bodies.Delegate, commands.delegate),
    "report": Verb(
        Words("جواب على توجيه من مسؤول أعلى.", "Say what came of an instruction from above."),
        bodies.Report, commands.report),
    "task": Verb(
        Words("طلب شيء من قسم آخر في الجهة بتاريخ.", "Ask another unit of its body for something by a day."),
        bodies.Task, commands.task),
    "contribute": Verb(
        Words("جواب القسم على ما طُلب منه.", "Answer what was asked of one's unit."),
        bodies.Contribute, commands.contribute),
    "call-off": Verb(
        Words("إلغاء مهمة لم يُجب عليها.", "Call off a task that has no answer yet."),
        bodies.CallOff, commands.call_off),
    "join": Verb(
        Words("طلب مشاركة جهة أخرى في الطلب بتاريخ.", "Ask another body to take part in the case by a day."),
        bodies.Join, commands.join),
    "take-part": Verb(
        Words("قبول المشاركة في طلب جهة أخرى.", "Say that the body takes part in another body's case."),
        bodies.TakePart, commands.take_part),
    "decline": Verb(
        Words("إعادة طلب المشاركة بسبب.", "Return what asked the body to take part, with a reason."),
        bodies.CallOff, commands.decline),
    "commit": Verb(
        Words("تعهّد أمام مقدم الطلب بإجراء وتاريخ.", "Promise the citizen an action with a date."),
        bodies.WordsUntil, commands.commit),
    "fulfil": Verb(
        Words("إعلان أن التعهّد نُفّذ.", "Say that a promised action is done."), bodies.Words, commands.fulfil),
}  # fmt: skip

_NO_UNIT = Words("لا وحدة بهذا الرمز في الجهة.", "No unit of the body has this code.")


def arguments(given: Sent | None, case: DeskCase, at: datetime) -> dict[str, Any]:
    """The fields of a body as the command takes them: only what was given, and a unit by its key."""
    fields = given.model_dump(exclude_unset=True) if given else {}
    if (code := fields.get("unit")) is not None:
        bodies_ = case.asks_at or (case.standing.entity_id,)
        keys = {unit.code: unit.id for body in reversed(bodies_) for unit in units_of(body, local_day(at))}
        if code not in keys:
            raise Invalid(FieldError("unit", _NO_UNIT))
        fields["unit"] = keys[code]
    return fields
