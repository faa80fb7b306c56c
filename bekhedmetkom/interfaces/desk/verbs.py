"""Everything that an officer can do to a case, one row a verb: its words, its picture, its key, form and command."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.cases import commands
from bekhedmetkom.problems import commands as problems

from . import forms, replies, tasks, weighed

Text = str | Promise


class Verb(NamedTuple):
    """`name` is the contract's, in the address too; `done` is said afterwards; `short` is for the bar above the case.

    `leaves`: afterwards the case may no longer be this officer's to see, so the way leads back to the list.
    """

    name: str
    label: Text
    icon: str
    form: type[forms.VerbForm]
    command: Callable[..., Any]
    done: Text
    key: str = ""
    hint: Text = ""
    short: Text = ""
    leaves: bool = False

    @property
    def button(self) -> Text:
        """As it is called in the bar above the case."""
        return self.short or self.label

    @property
    def shown_key(self) -> str:
        """The key as it stands on a button."""
        return self.key.upper() if len(self.key) == 1 else self.key.replace("+", " ")

    @property
    def turned(self) -> str:
        """The class of an arrow that turns with the page."""
        return "icon-dir" if self.icon in {"forward", "undo-2", "reply"} else ""


VERBS: Mapping[str, Verb] = {
    verb.name: verb
    for verb in (
        Verb("assign", _("تكليف"), "user-plus", forms.Assign, commands.assign, _("سُجّل التكليف."), "a"),
        Verb("accept", _("قبول الإحالة"), "check", forms.Plain, commands.accept, _("قُبلت الإحالة."), "y",
             _("يبقى الموعد الذي وُعد به مقدم الطلب كما هو.")),
        Verb("refer", _("إحالة"), "forward", forms.Refer, commands.refer, _("أُحيل الطلب."), "g",
             _("لجهة أخرى. الموعد لا يتغير، ومقدم الطلب يُبلَّغ."), leaves=True),
        Verb("ask", _("سؤال مقدم الطلب"), "message-circle-question-mark", forms.Ask, commands.ask,
             _("أُرسل السؤال، وتوقفت المدة حتى يجيب."), "i",
             _("تتوقف المدة حتى يجيب، 5 أيام عمل على الأكثر في الطلب كله.")),
        Verb("extend", _("تمديد"), "calendar-plus", forms.Extend, commands.extend, _("مُدّد الموعد."), "e",
             _("مرة واحدة، وقبل الموعد. يقرأ مقدم الطلب السبب.")),
        Verb("classify", _("تصنيف"), "list-filter", forms.Classify, commands.classify, _("صُنّف الطلب."), "c"),
        Verb("return", _("إعادة"), "undo-2", forms.Reasoned, commands.give_back, _("أُعيد الطلب."), "b",
             _("ليس من اختصاصنا، أو ليس لقسمنا. الموعد لا يتغير."), leaves=True),
        Verb("reclassify", _("تصحيح التصنيف"), "tag", forms.Reclassify, commands.reclassify, _("صُحّح التصنيف."), "x",
             _("الموعد لا يتأخر بتصحيح التصنيف.")),
        Verb("escalate", _("تصعيد"), "trending-up", forms.Escalate, commands.escalate, _("صُعّد الطلب."), "u"),
        Verb("instruct", _("توجيه"), "megaphone", forms.Instruct, commands.instruct, _("سُجّل التوجيه."), "d"),
        Verb("ask-head", _("سؤال رئيس الجهة"), "message-circle-question-mark", forms.AskHead, commands.ask_head,
             _("أُرسل السؤال إلى رئيس الجهة."), "1"),
        Verb("delegate", _("تفويض"), "users", forms.Delegate, commands.delegate, _("فُوّض الأمر."), "2",
             _("لمكتبك أو لرئيس الجهة، بتاريخ. يبقى الطلب من مسؤوليتك.")),
        Verb("report", _("جواب على توجيه"), "circle-check", forms.Report, commands.report, _("سُجّل الجواب."), "3"),
        Verb("task", _("مهمة لقسم آخر"), "users", tasks.Task, commands.task, _("أُرسلت المهمة إلى القسم."), "4",
             _("بتاريخ لا يتجاوز موعد الطلب. يبقى الطلب من مسؤوليتكم، والموعد كما هو.")),
        Verb("contribute", _("جواب المهمة"), "circle-check", tasks.Contribute, commands.contribute,
             _("وصل جوابك إلى من يعالج الطلب."), "5"),
        Verb("call-off", _("إلغاء مهمة"), "x", tasks.CallOff, commands.call_off, _("أُلغيت المهمة."), "6"),
        Verb("join", _("مشاركة جهة أخرى"), "handshake", tasks.Join, commands.join, _("طُلبت مشاركة الجهة."), "7",
             _("تكتب ما عندها قبل تاريخ ضمن موعد الطلب، والرد واحد ومنكم. يُذكر اسمها فيه.")),
        Verb("take-part", _("قبول المشاركة"), "check", tasks.TakePart, commands.take_part, _("قُبلت المشاركة."), "8",
             _("تكتبون ما عندكم لمن عنده الطلب، وهو يرد على صاحبه ويذكر جهتكم.")),
        Verb("decline", _("إعادة طلب المشاركة"), "undo-2", tasks.Decline, commands.decline,
             _("أُعيد طلب المشاركة."), "9", leaves=True),
        Verb("commit", _("تعهّد"), "handshake", forms.Commit, commands.commit, _("سُجّل التعهّد."), "h",
             _("إجراء موعود بتاريخ. يقرؤه مقدم الطلب.")),
        Verb("fulfil", _("تنفيذ تعهّد"), "circle-check", forms.Fulfil, commands.fulfil, _("سُجّل التنفيذ."), "f"),
        Verb("snooze", _("تأجيل"), "alarm-clock", forms.Snooze, commands.snooze, _("أُجّل العمل عليه."), "z",
             _("يختفي من «المطلوب مني» حتى ذلك اليوم. الموعد لا يتغير.")),
        Verb("merge", _("دمج"), "merge", forms.Merge, commands.merge, _("دُمج الطلبان."), "m",
             _("لطلبين من الشخص نفسه فقط. يبقى الموعد الأقرب.")),
        Verb("split", _("فصل"), "split", forms.Split, commands.split, _("فُصل الطلب."), "s",
             _("حين يحمل الطلب أمرين. الجزء المفصول طلب جديد بالموعد نفسه.")),
        Verb("link", _("ربط بمشكلة"), "users", forms.Link, problems.link, _("حُفظ الربط."), "=",
             _("مشكلة واحدة أبلغ عنها كثيرون. يبقى لكل طلب رقمه ورده.")),
        Verb("reveal", _("كشف الهوية"), "eye", forms.Reveal, commands.reveal, _("كُشفت الهوية، وسُجّل السبب."), "v",
             _("يُسجَّل الاطلاع والسبب، ويراه مقدم الطلب.")),
        Verb("recuse", _("التنحي"), "user-x", forms.Reasoned, commands.recuse, _("تنحّيت. لم يعد الطلب ظاهرًا لك."), "t",
             _("لتعارض مصالح. لن ترى الطلب بعد ذلك."), leaves=True),
        Verb("concern", _("من تخصه الشكوى"), "users", forms.Concern, commands.concern,
             _("سُجّل من تخصه الشكوى. لن يصل الطلب إليه ولا إلى من يعمل تحته."), "o",
             _("يُوزَّع الطلب من جديد، ولا يراه من تختاره ولا من يعمل تحته."), leaves=True),
        Verb("call", _("تسجيل مكالمة"), "phone", forms.Call, commands.called, _("سُجّلت المكالمة."), "p",
             _("لم تصل مقدم الطلب رسالة. اتصل به، ثم اكتب ما دار.")),
        Verb("hear", _("جوابه بالهاتف"), "phone", forms.Hear, commands.heard, _("سُجّل جواب مقدم الطلب."), "s",
             _("اسأله: هل حُلّ الأمر؟ وسجّل جوابه كما قاله. تصله رسالة بذلك، وما يقوله في صفحته يُقدَّم عليه.")),
        Verb("close", _("إغلاق"), "lock-keyhole", forms.Plain, commands.close, _("أُغلق الطلب."), "l",
             _("أكد مقدم الطلب أن الأمر حُلّ.")),
        Verb("transcribe", _("تفريغ الصوت"), "keyboard", forms.Transcribe, commands.transcribe, _("حُفظ النص."), "w",
             _("رسالة صوتية تقوم مقام النص. استمع إليها واكتب ما تقول.")),
        Verb("show", _("إتاحة ملف"), "eye", forms.Show, commands.show, _("حُفظ من يرى الملف."), "q"),
        Verb("release", _("عرض للعموم"), "megaphone", forms.Release, commands.release, _("حُفظ ما يُعرض للعموم."), "0",
             _("وافق صاحبه. يقرأ الناس ما تكتبه هنا وحالة الطلب ومكانه التقريبي، ولا يقرؤون ما كتبه هو.")),
        Verb("note", _("ملاحظة داخلية"), "square-pen", forms.Note, commands.note, _("أُضيفت الملاحظة."), "n"),
        Verb("draft", _("حفظ المسودة"), "save", replies.Draft, commands.save_draft, _("حُفظت المسودة."), "Ctrl+S"),
        Verb("submit", _("رفع للاعتماد"), "shield-check", replies.Reply, commands.submit_reply, _("رُفع الرد للاعتماد."),
             "r", short=_("رد")),
        Verb("answer", _("إرسال الرد"), "send", replies.Reply, commands.answer, _("أُرسل الرد إلى مقدم الطلب."), "r",
             short=_("رد")),
        Verb("approve", _("اعتماد وإرسال"), "shield-check", replies.Approval, commands.approve, _("اعتُمد الرد وأُرسل."),
             "y"),
        Verb("confirm", _("تأكيد أنه إساءة"), "shield-alert", forms.Plain, commands.confirm, _("أُكّد، وأُرسل الرد."),
             "y"),
        Verb("send-back", _("إعادة للتعديل"), "undo-2", forms.SendBack, commands.send_back, _("أُعيد الرد لصاحبه."),
             "b"),
        Verb("decide", _("القرار في الاعتراض"), "scale", weighed.Decide, commands.decide, _("صدر القرار وأُرسل."), "r"),
    )
}  # fmt: skip

# What stands as buttons beside the title, the most used first; the rest goes under "more". The reply, the approval
# and the decision are in the middle of the page, the note is below the journal.
BAR = ("accept", "call", "hear", "transcribe", "classify", "assign", "refer", "ask", "extend")
REPLY = ("answer", "submit", "draft")
APPROVAL = ("approve", "confirm", "send-back")
IN_THE_PAGE = ("note", "show", *REPLY, *APPROVAL, "decide")
