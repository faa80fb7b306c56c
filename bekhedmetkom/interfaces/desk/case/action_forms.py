"""Forms of the case actions. Field names are the argument names of the commands."""

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
    """A form about one case. `seen` is the sequence number of the case when the form was drawn.

    `key` makes a form that is submitted twice count once. `version` is the version of the draft in it.
    """

    default_renderer = FormRenderer

    seen = forms.IntegerField(widget=forms.HiddenInput)
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=10**9)

    draft: Draft | None = None  # what stands in it was kept, and not sent

    def __init__(self, data: QueryDict | None = None, *, case: DeskCase, visit: RequestContext):
        super().__init__(data, initial={"seen": case.seq, "key": token_urlsafe(12), "version": 0})
        self.case, self.visit = case, visit
        self.set_up()
        for field in self.fields.values():
            style_field(field)

    def set_up(self) -> None:
        """Fill in the choices for this case."""

    def set_choices(self, name: str, options: choices.Options) -> None:
        """Set the options of a select field."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = options

    def preselect(self, to: str) -> None:
        """Preselect the choice that a link to the form names."""
        if "to" in self.fields and to:
            self.initial["to"] = to

    def focus_first_field(self) -> None:
        """Give the first field autofocus."""
        for field in self.visible_fields()[:1]:
            field.field.widget.attrs["autofocus"] = True

    def get_command_arguments(self) -> dict[str, Any]:
        """Return the command's arguments, without case, actor and time."""
        return {name: value for name, value in self.cleaned_data.items() if name not in PAGE_FIELDS}

    def add_refusal(self, refusal: InvalidInput) -> None:
        """Show the command's errors beside their fields."""
        for field, words in refusal.errors:
            self.add_refusal_error(field, words)

    def add_refusal_error(self, field: str, words: BilingualText) -> None:
        """Show an error beside its field, or above the form if it has no such field."""
        self.add_error(field if field in self.fields else None, words.in_language(get_language() or "ar"))

    def rebind_to_current(self, place: str, text: str | None = None) -> None:
        """Refresh `seen`, `key` and the draft version, keeping the typed values; `text` replaces the typed text."""
        assert isinstance(self.data, QueryDict)
        typed = self.data.copy()
        typed["seen"], typed["key"] = str(self.case.seq), token_urlsafe(12)
        typed["version"] = str(draft.version if (draft := self.case.drafts.get(place)) else 0)
        if text is not None:
            typed[self.get_text_field()] = text
        self.data = typed

    def keep_typed_values(self, typed: QueryDict) -> None:
        """Put the typed values into an unbound form, so that nothing is validated yet."""
        self.initial.update({name: typed[name] for name in self.fields if name in typed})

    def load_draft(self, place: str) -> None:
        """Put the saved draft into the form."""
        if draft := self.case.drafts.get(place):
            self.draft = draft
            self.initial["version"] = draft.version
            if words := self.get_text_field():
                self.initial[words] = draft.text

    @classmethod
    def get_text_field(cls) -> str:
        """Return the name of the main text field; empty if there is none."""
        return next((name for name in ("text", "reason", "quality_reason") if name in cls.base_fields), "")

    def get_typed_text(self) -> str:
        """Return the typed text, to show it again when the form cannot be."""
        words = (self[name].value() for name in ("text", "reason") if name in self.fields)
        return "\n\n".join(str(value) for value in words if value)


class ConfirmationForm(ActionForm):
    """A form without fields: pressing the button is the whole action."""


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
    """Publish, edit or unpublish the public summary of the case."""

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

    def set_up(self) -> None:
        answered = self.case.standing.state in ANSWERED_STATES
        if not answered:
            del self.fields["answer"]
        if not self.case.standing.released:
            del self.fields["hidden"]
        elif entry := find_last_entry(self.case, EventType.RELEASED):
            self.initial["text"] = get_entry_text(entry, "public")
            self.initial["answer"] = get_entry_text(entry, "public_answer")

    def get_command_arguments(self) -> dict[str, Any]:
        hidden = self.cleaned_data.get("hidden", False)
        said = {name: self.cleaned_data.get(name, "") for name in ("text", "answer")}
        return {"seen": self.cleaned_data["seen"], **said, "shown": not hidden}


class ShowFileForm(ActionForm):
    """Show a file to the citizen, or hide it."""

    file = forms.UUIDField(widget=forms.HiddenInput)
    shown = forms.BooleanField(required=False, widget=forms.HiddenInput)


class NoteForm(ActionForm):
    """Colleagues are mentioned by a tick, or by "@" and their name in the text."""

    text = build_text_field(_("الملاحظة"), hint=_("لا يراها مقدم الطلب."))
    mentions = forms.TypedMultipleChoiceField(
        label=_("الإشارة إلى"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("اختر من القائمة.")},
    )  # fmt: skip
    uploads = UploadsField()

    def set_up(self) -> None:
        self.reader_names = choices.list_readers(self.case, self.visit)
        field = self.fields["mentions"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [(str(key), names[0]) for key, names in self.reader_names.items()]

    def get_command_arguments(self) -> dict[str, Any]:
        text = self.cleaned_data["text"]
        typed = [key for key, names in self.reader_names.items() if any(f"@{name}" in text for name in names)]
        return super().get_command_arguments() | {"mentions": {*self.cleaned_data["mentions"], *typed}}


class CallForm(ActionForm):
    text = build_text_field(_("ماذا دار في المكالمة؟"), hint=_("ملاحظة داخلية، لا يراها مقدم الطلب."))


class ResolutionForm(ActionForm):
    """The body's own officer can only record that the matter is not resolved."""

    solved = build_choice_field(_("هل حُلّ الأمر؟"))
    stars = build_choice_field(_("كم نجمة من خمس؟"), int, required=False)
    comment = build_text_field(
        _("ما قاله"), hint=_("كما قاله. يقرؤه في صفحته."), longest=2000, required=False
    )

    def set_up(self) -> None:
        answers = [("", _("اختر")), ("yes", _("نعم، حُلّ")), ("no", _("لا، لم يُحل"))]
        self.set_choices("stars", [("", _("لم يقل")), *((str(n), str(n)) for n in range(5, 0, -1))])
        if not can_record_solved(self.visit.actor, self.case.standing):
            del answers[1], self.fields["stars"]
            self.fields["solved"].help_text = gettext(
                "إن قال إنه حُلّ فاطلب منه أن يقول ذلك في صفحة طلبه. لا تسجّله الجهة عن نفسها."
            )
        self.set_choices("solved", answers)

    def get_command_arguments(self) -> dict[str, Any]:
        return super().get_command_arguments() | {"solved": self.cleaned_data["solved"] == "yes"}


class AskForm(ActionForm):
    text = build_text_field(_("السؤال"), hint=_("سؤال واحد واضح عن معلومة تحتاجها."))
    uploads = UploadsField()


class FulfilForm(ActionForm):
    text = build_text_field(_("ماذا نُفّذ؟"), hint=_("يقرؤه مقدم الطلب."))


class AssignForm(ActionForm):
    """The choice that the body's distribution rules propose is preselected."""

    to = build_choice_field(_("إلى"))

    def set_up(self) -> None:
        self.set_choices("to", choices.list_handlers(self.case, self.visit))
        if found := propose_assignment(self.case.standing, self.visit.at):
            self.initial["to"] = f"officer:{found.officer}" if found.officer else f"unit:{found.rule.unit}"
            rule = describe_rule(found.rule).in_language(self.visit.language)
            self.fields["to"].help_text = gettext("بحسب قواعد الجهة: %(rule)s") % {"rule": rule}

    def get_command_arguments(self) -> dict[str, Any]:
        what, _sep, key = str(self.cleaned_data["to"]).partition(":")
        return {"seen": self.cleaned_data["seen"], what: int(key)}


class ConflictOfInterestForm(ActionForm):
    to = build_choice_field(_("الموظف أو القسم الذي تخصه الشكوى"))

    def set_up(self) -> None:
        self.set_choices("to", choices.list_complaint_subjects(self.case, self.visit))

    def get_command_arguments(self) -> dict[str, Any]:
        what, _sep, key = str(self.cleaned_data["to"]).partition(":")
        return {"seen": self.cleaned_data["seen"], what: int(key)}


class ClassifyForm(ActionForm):
    to = build_choice_field(_("الجهة والموضوع"))

    def set_up(self) -> None:
        self.set_choices("to", choices.list_destinations(self.case, self.visit))

    def get_command_arguments(self) -> dict[str, Any]:
        what, _sep, key = str(self.cleaned_data["to"]).partition(":")
        return {"seen": self.cleaned_data["seen"], what: int(key)}


class ReferForm(ActionForm):
    entity = build_choice_field(_("إلى"), int)
    reason = build_text_field(_("السبب"), hint=_("تقرؤه الجهة التي تستقبله."))

    def set_up(self) -> None:
        self.set_choices("entity", choices.list_other_bodies(self.case, self.visit))


class ReclassifyForm(ActionForm):
    kind = build_choice_field(_("النوع"), Kind)
    service = build_choice_field(_("الموضوع"), int, required=False)
    reason = build_text_field(_("السبب"), hint=_("يبقى في السجل، ولا يراه مقدم الطلب."), rows=3)

    def set_up(self) -> None:
        self.set_choices("kind", build_choices(KIND_LABELS, Kind))
        self.set_choices("service", choices.list_topics(self.case, self.visit))
        self.initial.update(
            {"kind": str(self.case.standing.kind), "service": self.case.standing.service_id or ""}
        )


class EscalateForm(ActionForm):
    level = build_choice_field(_("إلى"), EscalationLevel)
    reason = build_text_field(_("السبب"), hint=_("يبقى في السجل، ولا يراه مقدم الطلب."))

    def set_up(self) -> None:
        self.set_choices("level", build_choices(LEVEL_LABELS, EscalationLevel))


class DatedForm(ActionForm):
    """`until` is a day: whatever is to be done is due when that day's work ends."""

    until = build_date_field(_("قبل نهاية يوم"), working=True)

    def get_command_arguments(self) -> dict[str, Any]:
        return super().get_command_arguments() | {
            "until": get_working_calendar().get_closing(self.cleaned_data["until"])
        }


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

    def set_up(self) -> None:
        self.set_choices("to", build_choices(ROLE_LABELS, DELEGATE_ROLES))


class ReportForm(ActionForm):
    of = build_choice_field(_("عن أي توجيه؟"), int)
    text = build_text_field(_("ماذا تم؟"), hint=_("يقرؤه من وجّه، ولا يراه مقدم الطلب."))

    def set_up(self) -> None:
        mine = [asked for asked in self.case.instructions if asked.mine]
        language = get_language() or "ar"
        self.set_choices("of", [(str(one.seq), _format_instruction(one, language)) for one in mine])
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

    def get_command_arguments(self) -> dict[str, Any]:
        return super().get_command_arguments() | {
            "until": get_working_calendar().get_opening(self.cleaned_data["until"])
        }


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
    """Link the case to a confirmed problem, or to none."""

    problem = forms.TypedChoiceField(
        label=_("المشكلة"), coerce=int, required=False, empty_value=None,
        help_text=_("لا تجد المشكلة؟ أكّدها أولًا في صفحة المشكلات."),
        error_messages={"invalid_choice": _("اختر من القائمة.")},
    )  # fmt: skip

    def set_up(self) -> None:
        self.set_choices("problem", choices.list_problems(self.case, self.visit))
        self.initial["problem"] = self.case.standing.problem_id or ""


class SplitForm(ActionForm):
    text = build_text_field(_("نص الطلب الجديد"), hint=_("الجزء المستقل من كلام مقدم الطلب، كما كتبه."))
    service = build_choice_field(_("موضوع الجزء الجديد"), int, required=False)

    def set_up(self) -> None:
        self.set_choices("service", choices.list_topics(self.case, self.visit))
