"""The small forms of the desk: what each verb needs to know. Fields are called as the command calls them."""

from secrets import token_urlsafe
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.text import Truncator
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.cases.commands import DELEGATE_ROLES
from bekhedmetkom.cases.queries import DeskCase, Draft, PendingInstruction, describe_rule, propose_assignment
from bekhedmetkom.cases.rules.actions import can_record_solved
from bekhedmetkom.cases.rules.states import ANSWERED_STATES, EventType
from bekhedmetkom.catalogue.rules import KIND_LABELS, LEVEL_LABELS, EscalationLevel, Kind
from bekhedmetkom.entities.queries import get_working_calendar
from bekhedmetkom.identity.rules import ROLE_LABELS, Role
from bekhedmetkom.interfaces.ui.form_renderer import FormRenderer
from bekhedmetkom.interfaces.ui.uploads import UploadsField
from bekhedmetkom.kernel.errors import InvalidInput
from bekhedmetkom.kernel.references import parse_reference
from bekhedmetkom.kernel.text import BilingualText

from .. import choices
from ..fields import build_choice_field, build_choices, build_date_field, build_text_field, style_field
from ..request_context import RequestContext
from .timeline import find_last_entry, get_entry_text

PAGE_FIELDS = frozenset({"template", "key", "version"})  # what no command asks for


class ActionForm(forms.Form):
    """A form about one case. `seen` is the sequence number that its officer looked at.

    `key` is drawn with the form: sent twice, it counts once. `version` is the draft's that stands in it.
    """

    default_renderer = FormRenderer

    seen = forms.IntegerField(widget=forms.HiddenInput)
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=10**9)

    kept: Draft | None = None  # what stands in it was kept, and not sent

    def __init__(self, data: QueryDict | None = None, *, case: DeskCase, visit: RequestContext):
        super().__init__(data, initial={"seen": case.seq, "key": token_urlsafe(12), "version": 0})
        self.case, self.visit = case, visit
        self.offer()
        for field in self.fields.values():
            style_field(field)

    def offer(self) -> None:
        """Fill in what can be chosen in this case."""

    def may_choose(self, name: str, options: choices.Options) -> None:
        """What the select of this name offers."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = options

    def choose(self, to: str) -> None:
        """What a link to the form has chosen: the officer still sends it."""
        if "to" in self.fields and to:
            self.initial["to"] = to

    def begin_typing(self) -> None:
        """The cursor stands in the first field, for whoever came here to fill it in."""
        for field in self.visible_fields()[:1]:
            field.field.widget.attrs["autofocus"] = True

    def facts(self) -> dict[str, Any]:
        """What the command takes beside the case, the actor and the time."""
        return {name: value for name, value in self.cleaned_data.items() if name not in PAGE_FIELDS}

    def refuse(self, refusal: InvalidInput) -> None:
        """Show what the command found wrong beside the field that it is about."""
        for field, words in refusal.errors:
            self.refuse_field(field, words)

    def refuse_field(self, field: str, words: BilingualText) -> None:
        """One sentence beside its field; above all of them where the form has no such field."""
        self.add_error(field if field in self.fields else None, words.in_language(get_language() or "ar"))

    def look_again(self, place: str, text: str | None = None) -> None:
        """Stand on the case and the draft as they are now, with everything that was typed still there, or `text`."""
        assert isinstance(self.data, QueryDict)
        typed = self.data.copy()
        typed["seen"], typed["key"] = str(self.case.seq), token_urlsafe(12)
        typed["version"] = str(draft.version if (draft := self.case.drafts.get(place)) else 0)
        if text is not None:
            typed[self.words()] = text
        self.data = typed

    def keep(self, typed: QueryDict) -> None:
        """All as it was typed, nothing demanded of it yet, on the case and the draft that its officer looked at."""
        self.initial.update({name: typed[name] for name in self.fields if name in typed})

    def take_up(self, place: str) -> None:
        """Go on from what was kept the last time."""
        if draft := self.case.drafts.get(place):
            self.kept = draft
            self.initial["version"] = draft.version
            if words := self.words():
                self.initial[words] = draft.text

    @classmethod
    def words(cls) -> str:
        """The field that is written in; empty where there is none."""
        return next((name for name in ("text", "reason", "quality_reason") if name in cls.base_fields), "")

    def typed(self) -> str:
        """The words in it, so that they are never lost."""
        words = (self[name].value() for name in ("text", "reason") if name in self.fields)
        return "\n\n".join(str(value) for value in words if value)


class ConfirmationForm(ActionForm):
    """Nothing but yes."""


class ReasonForm(ActionForm):
    reason = build_text_field(_("السبب"), hint=_("يبقى في السجل، ولا يراه مقدم الطلب."))


class ExtendForm(ActionForm):
    reason = build_text_field(_("السبب"), hint=_("يقرؤه مقدم الطلب كما تكتبه."))


class RevealForm(ActionForm):
    reason = build_text_field(_("لماذا تحتاج أن تعرف من هو؟"))


class SendBackForm(ActionForm):
    reason = build_text_field(_("ما الذي يلزم تعديله؟"), hint=_("يقرؤه من كتب الرد."))


class TranscribeForm(ActionForm):
    text = build_text_field(_("ما يقوله التسجيل"), hint=_("كلمة بكلمة، بلا تصحيح. يقرؤه مقدم الطلب."), rows=8)


class ReleaseForm(ActionForm):
    """What stands there already can be said in another way, or no longer be shown."""

    text = build_text_field(
        _("ما يقرؤه الناس"),
        hint=_("بكلماتك: ما الأمر وأين، بلا أسماء ولا أرقام ولا ما يدل على أحد."),
        required=False,
    )
    answer = build_text_field(
        _("الجواب للناس"),
        hint=_("يراه من يسأل عن مثل هذا، فقد يغنيه عن طلب. اتركه فارغًا إن كان لا يفيد غير صاحبه."),
        required=False, rows=6,
    )  # fmt: skip
    hidden = forms.BooleanField(required=False, label=_("أوقف عرضه للعموم"))

    def offer(self) -> None:
        answered = self.case.standing.state in ANSWERED_STATES
        if not answered:
            del self.fields["answer"]
        if not self.case.standing.released:
            del self.fields["hidden"]
        elif entry := find_last_entry(self.case, EventType.RELEASED):
            self.initial["text"] = get_entry_text(entry, "public")
            self.initial["answer"] = get_entry_text(entry, "public_answer")

    def facts(self) -> dict[str, Any]:
        hidden = self.cleaned_data.get("hidden", False)
        said = {name: self.cleaned_data.get(name, "") for name in ("text", "answer")}
        return {"seen": self.cleaned_data["seen"], **said, "shown": not hidden}


class ShowFileForm(ActionForm):
    """A button beside a file: whether the citizen sees it."""

    file = forms.UUIDField(widget=forms.HiddenInput)
    shown = forms.BooleanField(required=False, widget=forms.HiddenInput)


class NoteForm(ActionForm):
    """Colleagues are mentioned by a tick beside their name, or by "@" and their name in the text."""

    text = build_text_field(_("الملاحظة"), hint=_("لا يراها مقدم الطلب."))
    mentions = forms.TypedMultipleChoiceField(
        label=_("الإشارة إلى"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("اختر من القائمة.")},
    )  # fmt: skip
    uploads = UploadsField()

    def offer(self) -> None:
        self.names = choices.list_readers(self.case, self.visit)
        field = self.fields["mentions"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [(str(key), names[0]) for key, names in self.names.items()]

    def facts(self) -> dict[str, Any]:
        text = self.cleaned_data["text"]
        typed = [key for key, names in self.names.items() if any(f"@{name}" in text for name in names)]
        return super().facts() | {"mentions": {*self.cleaned_data["mentions"], *typed}}


class CallForm(ActionForm):
    text = build_text_field(_("ماذا دار في المكالمة؟"), hint=_("ملاحظة داخلية، لا يراها مقدم الطلب."))


class ResolutionForm(ActionForm):
    """A body's own officer can note only that it is not solved."""

    solved = build_choice_field(_("هل حُلّ الأمر؟"))
    stars = build_choice_field(_("كم نجمة من خمس؟"), int, required=False)
    comment = build_text_field(
        _("ما قاله"), hint=_("كما قاله. يقرؤه في صفحته."), longest=2000, required=False
    )

    def offer(self) -> None:
        answers = [("", _("اختر")), ("yes", _("نعم، حُلّ")), ("no", _("لا، لم يُحل"))]
        self.may_choose("stars", [("", _("لم يقل")), *((str(n), str(n)) for n in range(5, 0, -1))])
        if not can_record_solved(self.visit.actor, self.case.standing):
            del answers[1], self.fields["stars"]
            self.fields["solved"].help_text = gettext(
                "إن قال إنه حُلّ فاطلب منه أن يقول ذلك في صفحة طلبه. لا تسجّله الجهة عن نفسها."
            )
        self.may_choose("solved", answers)

    def facts(self) -> dict[str, Any]:
        return super().facts() | {"solved": self.cleaned_data["solved"] == "yes"}


class AskForm(ActionForm):
    text = build_text_field(_("السؤال"), hint=_("سؤال واحد واضح عن معلومة تحتاجها."))
    uploads = UploadsField()


class FulfilForm(ActionForm):
    text = build_text_field(_("ماذا نُفّذ؟"), hint=_("يقرؤه مقدم الطلب."))


class AssignForm(ActionForm):
    """What the body's rules propose is chosen already."""

    to = build_choice_field(_("إلى"))

    def offer(self) -> None:
        self.may_choose("to", choices.list_handlers(self.case, self.visit))
        if found := propose_assignment(self.case.standing, self.visit.at):
            self.initial["to"] = f"officer:{found.officer}" if found.officer else f"unit:{found.rule.unit}"
            rule = describe_rule(found.rule).in_language(self.visit.language)
            self.fields["to"].help_text = gettext("بحسب قواعد الجهة: %(rule)s") % {"rule": rule}

    def facts(self) -> dict[str, Any]:
        what, _sep, key = str(self.cleaned_data["to"]).partition(":")
        return {"seen": self.cleaned_data["seen"], what: int(key)}


class ConflictOfInterestForm(ActionForm):
    to = build_choice_field(_("الموظف أو القسم الذي تخصه الشكوى"))

    def offer(self) -> None:
        self.may_choose("to", choices.list_complaint_subjects(self.case, self.visit))

    def facts(self) -> dict[str, Any]:
        what, _sep, key = str(self.cleaned_data["to"]).partition(":")
        return {"seen": self.cleaned_data["seen"], what: int(key)}


class ClassifyForm(ActionForm):
    to = build_choice_field(_("الجهة والموضوع"))

    def offer(self) -> None:
        self.may_choose("to", choices.list_destinations(self.case, self.visit))

    def facts(self) -> dict[str, Any]:
        what, _sep, key = str(self.cleaned_data["to"]).partition(":")
        return {"seen": self.cleaned_data["seen"], what: int(key)}


class ReferForm(ActionForm):
    entity = build_choice_field(_("إلى"), int)
    reason = build_text_field(_("السبب"), hint=_("تقرؤه الجهة التي تستقبله."))

    def offer(self) -> None:
        self.may_choose("entity", choices.list_other_bodies(self.case, self.visit))


class ReclassifyForm(ActionForm):
    kind = build_choice_field(_("النوع"), Kind)
    service = build_choice_field(_("الموضوع"), int, required=False)
    reason = build_text_field(_("السبب"), hint=_("يبقى في السجل، ولا يراه مقدم الطلب."), rows=3)

    def offer(self) -> None:
        self.may_choose("kind", build_choices(KIND_LABELS, Kind))
        self.may_choose("service", choices.list_topics(self.case, self.visit))
        self.initial.update(
            {"kind": str(self.case.standing.kind), "service": self.case.standing.service_id or ""}
        )


class EscalateForm(ActionForm):
    level = build_choice_field(_("إلى"), EscalationLevel)
    reason = build_text_field(_("السبب"), hint=_("يبقى في السجل، ولا يراه مقدم الطلب."))

    def offer(self) -> None:
        self.may_choose("level", build_choices(LEVEL_LABELS, EscalationLevel))


class DatedForm(ActionForm):
    """`until` is a day: whatever is to be done is due when that day's work ends."""

    until = build_date_field(_("قبل نهاية يوم"), working=True)

    def facts(self) -> dict[str, Any]:
        return super().facts() | {"until": get_working_calendar().get_closing(self.cleaned_data["until"])}


class InstructForm(DatedForm):
    text = build_text_field(_("المطلوب"))
    field_order = ("text", "until")


class AskHeadForm(DatedForm):
    text = build_text_field(_("السؤال"), hint=_("يجيبك المسؤول الأعلى في الجهة قبل هذا اليوم."))
    field_order = ("text", "until")


class DelegateForm(DatedForm):
    to = build_choice_field(_("إلى"), Role)
    text = build_text_field(_("المطلوب"), hint=_("يبقى الطلب في قائمتك حتى يصلك الجواب."))
    field_order = ("to", "text", "until")

    def offer(self) -> None:
        self.may_choose("to", build_choices(ROLE_LABELS, DELEGATE_ROLES))


class ReportForm(ActionForm):
    of = build_choice_field(_("عن أي توجيه؟"), int)
    text = build_text_field(_("ماذا تم؟"), hint=_("يقرؤه من وجّه، ولا يراه مقدم الطلب."))

    def offer(self) -> None:
        mine = [asked for asked in self.case.instructions if asked.mine]
        language = get_language() or "ar"
        self.may_choose("of", [(str(one.seq), _format_instruction(one, language)) for one in mine])
        if len(mine) == 1:
            self.fields["of"].widget = forms.HiddenInput()
            self.initial["of"] = mine[0].seq


def _format_instruction(asked: PendingInstruction, language: str) -> str:
    return f"{asked.words.in_language(language)}: {Truncator(asked.text).chars(60)}"


class CommitForm(DatedForm):
    text = build_text_field(_("ما الذي ستفعلونه؟"), hint=_("يقرؤه مقدم الطلب."))
    field_order = ("text", "until")


class SnoozeForm(ActionForm):
    until = build_date_field(_("حتى صباح يوم"), working=True)

    def facts(self) -> dict[str, Any]:
        return super().facts() | {"until": get_working_calendar().get_opening(self.cleaned_data["until"])}


class MergeForm(ActionForm):
    into = forms.CharField(
        label=_("رقم الطلب الذي يبقى"), max_length=40, error_messages={"required": _("اكتب رقم الطلب.")}
    )

    def clean_into(self) -> str:
        reference = parse_reference(self.cleaned_data["into"])
        if reference is None:
            raise forms.ValidationError(_("رقم الطلب مثل BK-7F3K-92MD."))
        return reference


class LinkForm(ActionForm):
    """To a problem that was confirmed, or to none any more."""

    problem = forms.TypedChoiceField(
        label=_("المشكلة"), coerce=int, required=False, empty_value=None,
        help_text=_("لا تجد المشكلة؟ أكّدها أولًا في صفحة المشكلات."),
        error_messages={"invalid_choice": _("اختر من القائمة.")},
    )  # fmt: skip

    def offer(self) -> None:
        self.may_choose("problem", choices.list_problems(self.case, self.visit))
        self.initial["problem"] = self.case.standing.problem_id or ""


class SplitForm(ActionForm):
    text = build_text_field(_("نص الطلب الجديد"), hint=_("الجزء المستقل من كلام مقدم الطلب، كما كتبه."))
    service = build_choice_field(_("موضوع الجزء الجديد"), int, required=False)

    def offer(self) -> None:
        self.may_choose("service", choices.list_topics(self.case, self.visit))
