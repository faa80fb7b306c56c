"""Table of the officer's case actions: label, icon, keyboard key, form and command of each."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.cases import commands
from bekhedmetkom.problems import commands as problems

from . import action_forms, reply_forms, task_forms

Label = str | Promise


class Action(NamedTuple):
    """`name` is the action's name in the contract and in URLs; `bar_label` is a shorter label for the action bar.

    `leaves_case`: the officer may lose sight of the case, so the page redirects to the list.
    """

    name: str
    label: Label
    icon: str
    form: type[action_forms.ActionForm]
    command: Callable[..., Any]
    success_message: Label
    key: str = ""
    hint: Label = ""
    bar_label: Label = ""
    leaves_case: bool = False

    @property
    def button_label(self) -> Label:
        """The label in the action bar."""
        return self.bar_label or self.label

    @property
    def key_label(self) -> str:
        """The key as it is written on a button."""
        return self.key.upper() if len(self.key) == 1 else self.key.replace("+", " ")

    @property
    def icon_class(self) -> str:
        """The CSS class that mirrors an arrow in right-to-left pages."""
        return "icon-dir" if self.icon in {"forward", "undo-2", "reply"} else ""


ACTIONS: Mapping[str, Action] = {
    verb.name: verb
    for verb in (
        Action(
            "assign",
            _("تكليف"),
            "user-plus",
            action_forms.AssignForm,
            commands.assign_case,
            _("سُجّل التكليف."),
            "a",
        ),
        Action(
            "accept",
            _("قبول الإحالة"),
            "check",
            action_forms.ConfirmationForm,
            commands.accept_case,
            _("قُبلت الإحالة."),
            "y",
            _("يبقى الموعد الذي وُعد به مقدم الطلب كما هو."),
        ),
        Action(
            "refer",
            _("إحالة"),
            "forward",
            action_forms.ReferForm,
            commands.refer_case,
            _("أُحيل الطلب."),
            "g",
            _("لجهة أخرى. الموعد لا يتغير، ومقدم الطلب يُبلَّغ."),
            leaves_case=True,
        ),
        Action(
            "ask",
            _("سؤال مقدم الطلب"),
            "message-circle-question-mark",
            action_forms.AskForm,
            commands.ask_citizen,
            _("أُرسل السؤال، وتوقفت المدة حتى يجيب."),
            "i",
            _("تتوقف المدة حتى يجيب، 5 أيام عمل على الأكثر في الطلب كله."),
        ),
        Action(
            "extend",
            _("تمديد"),
            "calendar-plus",
            action_forms.ExtendForm,
            commands.extend_deadline,
            _("مُدّد الموعد."),
            "e",
            _("مرة واحدة، وقبل الموعد. يقرأ مقدم الطلب السبب."),
        ),
        Action(
            "classify",
            _("تصنيف"),
            "list-filter",
            action_forms.ClassifyForm,
            commands.classify_case,
            _("صُنّف الطلب."),
            "c",
        ),
        Action(
            "return",
            _("إعادة"),
            "undo-2",
            action_forms.ReasonForm,
            commands.return_case,
            _("أُعيد الطلب."),
            "b",
            _("ليس من اختصاصنا، أو ليس لقسمنا. الموعد لا يتغير."),
            leaves_case=True,
        ),
        Action(
            "reclassify",
            _("تصحيح التصنيف"),
            "tag",
            action_forms.ReclassifyForm,
            commands.reclassify_case,
            _("صُحّح التصنيف."),
            "x",
            _("الموعد لا يتأخر بتصحيح التصنيف."),
        ),
        Action(
            "escalate",
            _("تصعيد"),
            "trending-up",
            action_forms.EscalateForm,
            commands.escalate_case,
            _("صُعّد الطلب."),
            "u",
        ),
        Action(
            "instruct",
            _("توجيه"),
            "megaphone",
            action_forms.InstructForm,
            commands.give_instruction,
            _("سُجّل التوجيه."),
            "d",
        ),
        Action(
            "ask-head",
            _("سؤال رئيس الجهة"),
            "message-circle-question-mark",
            action_forms.AskHeadForm,
            commands.ask_head_of_body,
            _("أُرسل السؤال إلى رئيس الجهة."),
            "1",
        ),
        Action(
            "delegate",
            _("تفويض"),
            "users",
            action_forms.DelegateForm,
            commands.delegate_case,
            _("فُوّض الأمر."),
            "2",
            _("لمكتبك أو لرئيس الجهة، بتاريخ. يبقى الطلب من مسؤوليتك."),
        ),
        Action(
            "report",
            _("جواب على توجيه"),
            "circle-check",
            action_forms.ReportForm,
            commands.report_on_instruction,
            _("سُجّل الجواب."),
            "3",
        ),
        Action(
            "task",
            _("مهمة لقسم آخر"),
            "users",
            task_forms.TaskForm,
            commands.create_task,
            _("أُرسلت المهمة إلى القسم."),
            "4",
            _("بتاريخ لا يتجاوز موعد الطلب. يبقى الطلب من مسؤوليتكم، والموعد كما هو."),
        ),
        Action(
            "contribute",
            _("جواب المهمة"),
            "circle-check",
            task_forms.ContributeForm,
            commands.answer_task,
            _("وصل جوابك إلى من يعالج الطلب."),
            "5",
        ),
        Action(
            "call-off",
            _("إلغاء مهمة"),
            "x",
            task_forms.CallOffForm,
            commands.cancel_task,
            _("أُلغيت المهمة."),
            "6",
        ),
        Action(
            "join",
            _("مشاركة جهة أخرى"),
            "handshake",
            task_forms.JoinForm,
            commands.request_participation,
            _("طُلبت مشاركة الجهة."),
            "7",
            _("تكتب ما عندها قبل تاريخ ضمن موعد الطلب، والرد واحد ومنكم. يُذكر اسمها فيه."),
        ),
        Action(
            "take-part",
            _("قبول المشاركة"),
            "check",
            task_forms.TakePartForm,
            commands.accept_participation,
            _("قُبلت المشاركة."),
            "8",
            _("تكتبون ما عندكم لمن عنده الطلب، وهو يرد على صاحبه ويذكر جهتكم."),
        ),
        Action(
            "decline",
            _("إعادة طلب المشاركة"),
            "undo-2",
            task_forms.DeclineForm,
            commands.decline_participation,
            _("أُعيد طلب المشاركة."),
            "9",
            leaves_case=True,
        ),
        Action(
            "commit",
            _("تعهّد"),
            "handshake",
            action_forms.CommitForm,
            commands.make_commitment,
            _("سُجّل التعهّد."),
            "h",
            _("إجراء موعود بتاريخ. يقرؤه مقدم الطلب."),
        ),
        Action(
            "fulfil",
            _("تنفيذ تعهّد"),
            "circle-check",
            action_forms.FulfilForm,
            commands.fulfil_commitment,
            _("سُجّل التنفيذ."),
            "f",
        ),
        Action(
            "snooze",
            _("تأجيل"),
            "alarm-clock",
            action_forms.SnoozeForm,
            commands.snooze_case,
            _("أُجّل العمل عليه."),
            "z",
            _("يختفي من «المطلوب مني» حتى ذلك اليوم. الموعد لا يتغير."),
        ),
        Action(
            "merge",
            _("دمج"),
            "merge",
            action_forms.MergeForm,
            commands.merge_case,
            _("دُمج الطلبان."),
            "m",
            _("لطلبين من الشخص نفسه فقط. يبقى الموعد الأقرب."),
        ),
        Action(
            "split",
            _("فصل"),
            "split",
            action_forms.SplitForm,
            commands.split_case,
            _("فُصل الطلب."),
            "s",
            _("حين يحمل الطلب أمرين. الجزء المفصول طلب جديد بالموعد نفسه."),
        ),
        Action(
            "link",
            _("ربط بمشكلة"),
            "users",
            action_forms.LinkForm,
            problems.link_case,
            _("حُفظ الربط."),
            "=",
            _("مشكلة واحدة أبلغ عنها كثيرون. يبقى لكل طلب رقمه ورده."),
        ),
        Action(
            "reveal",
            _("كشف الهوية"),
            "eye",
            action_forms.RevealForm,
            commands.reveal_identity,
            _("كُشفت الهوية، وسُجّل السبب."),
            "v",
            _("يُسجَّل الاطلاع والسبب، ويراه مقدم الطلب."),
        ),
        Action(
            "recuse",
            _("التنحي"),
            "user-x",
            action_forms.ReasonForm,
            commands.recuse_officer,
            _("تنحّيت. لم يعد الطلب ظاهرًا لك."),
            "t",
            _("لتعارض مصالح. لن ترى الطلب بعد ذلك."),
            leaves_case=True,
        ),
        Action(
            "concern",
            _("من تخصه الشكوى"),
            "users",
            action_forms.ConflictOfInterestForm,
            commands.set_complaint_subject,
            _("سُجّل من تخصه الشكوى. لن يصل الطلب إليه ولا إلى من يعمل تحته."),
            "o",
            _("يُوزَّع الطلب من جديد، ولا يراه من تختاره ولا من يعمل تحته."),
            leaves_case=True,
        ),
        Action(
            "call",
            _("تسجيل مكالمة"),
            "phone",
            action_forms.CallForm,
            commands.record_call,
            _("سُجّلت المكالمة."),
            "p",
            _("لم تصل مقدم الطلب رسالة. اتصل به، ثم اكتب ما دار."),
        ),
        Action(
            "hear",
            _("جوابه بالهاتف"),
            "phone",
            action_forms.ResolutionForm,
            commands.record_phone_feedback,
            _("سُجّل جواب مقدم الطلب."),
            "s",
            _("اسأله: هل حُلّ الأمر؟ وسجّل جوابه كما قاله. تصله رسالة بذلك، وما يقوله في صفحته يُقدَّم عليه."),
        ),
        Action(
            "close",
            _("إغلاق"),
            "lock-keyhole",
            action_forms.ConfirmationForm,
            commands.close_case,
            _("أُغلق الطلب."),
            "l",
            _("أكد مقدم الطلب أن الأمر حُلّ."),
        ),
        Action(
            "transcribe",
            _("تفريغ الصوت"),
            "keyboard",
            action_forms.TranscribeForm,
            commands.transcribe_recording,
            _("حُفظ النص."),
            "w",
            _("رسالة صوتية تقوم مقام النص. استمع إليها واكتب ما تقول."),
        ),
        Action(
            "show",
            _("إتاحة ملف"),
            "eye",
            action_forms.ShowFileForm,
            commands.set_file_visibility,
            _("حُفظ من يرى الملف."),
            "q",
        ),
        Action(
            "release",
            _("عرض للعموم"),
            "megaphone",
            action_forms.ReleaseForm,
            commands.publish_case,
            _("حُفظ ما يُعرض للعموم."),
            "0",
            _("وافق صاحبه. يقرأ الناس ما تكتبه هنا وحالة الطلب ومكانه التقريبي، ولا يقرؤون ما كتبه هو."),
        ),
        Action(
            "note",
            _("ملاحظة داخلية"),
            "square-pen",
            action_forms.NoteForm,
            commands.add_note,
            _("أُضيفت الملاحظة."),
            "n",
        ),
        Action(
            "draft",
            _("حفظ المسودة"),
            "save",
            reply_forms.DraftForm,
            commands.save_reply_draft,
            _("حُفظت المسودة."),
            "Ctrl+S",
        ),
        Action(
            "submit",
            _("رفع للاعتماد"),
            "shield-check",
            reply_forms.ReplyForm,
            commands.submit_reply,
            _("رُفع الرد للاعتماد."),
            "r",
            bar_label=_("رد"),
        ),
        Action(
            "answer",
            _("إرسال الرد"),
            "send",
            reply_forms.ReplyForm,
            commands.answer_case,
            _("أُرسل الرد إلى مقدم الطلب."),
            "r",
            bar_label=_("رد"),
        ),
        Action(
            "approve",
            _("اعتماد وإرسال"),
            "shield-check",
            reply_forms.ApprovalForm,
            commands.approve_reply,
            _("اعتُمد الرد وأُرسل."),
            "y",
        ),
        Action(
            "confirm",
            _("تأكيد أنه إساءة"),
            "shield-alert",
            action_forms.ConfirmationForm,
            commands.confirm_abuse,
            _("أُكّد، وأُرسل الرد."),
            "y",
        ),
        Action(
            "send-back",
            _("إعادة للتعديل"),
            "undo-2",
            action_forms.SendBackForm,
            commands.send_back_reply,
            _("أُعيد الرد لصاحبه."),
            "b",
        ),
        Action(
            "decide",
            _("القرار في الاعتراض"),
            "scale",
            reply_forms.DecideForm,
            commands.decide_appeal,
            _("صدر القرار وأُرسل."),
            "r",
        ),
    )
}

# What stands as buttons beside the title, the most used first; the rest goes under "more". The reply, the approval
# and the decision are in the middle of the page, the note is below the journal.
BAR_ACTIONS = ("accept", "call", "hear", "transcribe", "classify", "assign", "refer", "ask", "extend")
REPLY_ACTIONS = ("answer", "submit", "draft")
APPROVAL_ACTIONS = ("approve", "confirm", "send-back")
INLINE_ACTIONS = ("note", "show", *REPLY_ACTIONS, *APPROVAL_ACTIONS, "decide")
