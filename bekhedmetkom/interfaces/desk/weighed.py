"""What is refused where its text says too little; and the decision in an appeal, which is weighed so."""

from collections.abc import Mapping

from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.cases.commands import SaysTooLittle
from bekhedmetkom.catalogue.rules import Disposition
from bekhedmetkom.kernel.errors import InvalidInput
from bekhedmetkom.kernel.text import BilingualText

from .fields import LONGEST_REPLY, choice_field, named, text_field
from .forms import VerbForm


class Weighed(VerbForm):
    """A form that is refused where its text says too little, until it says why it should go out as it is."""

    quality_reason = text_field(
        _("لماذا يُرسل كما هو؟"), hint=_("يبقى في السجل ويُعدّ، ولا يراه مقدم الطلب."), rows=2, required=False
    )

    def refuse(self, refusal: InvalidInput) -> None:
        """What is wrong with the reply stands on the page by itself: here is only what to do."""
        if isinstance(refusal, SaysTooLittle) and not self.tells_findings:
            self.refuse_field(*refusal.errors[0])
        else:
            super().refuse(refusal)

    tells_findings = False  # whether nothing else on the page tells what was found


class Decide(Weighed):
    tells_findings = True
    field_order = ("outcome", "text", "quality_reason")
    outcome = choice_field(_("القرار"), Disposition)
    text = text_field(
        _("نص القرار"), longest=LONGEST_REPLY, look="textarea--reply", rows=9,
        hint=_("يقرؤه مقدم الطلب: ما الذي وجدته، ولماذا، وأين يلجأ بعد ذلك."),
    )  # fmt: skip

    def visible_fields(self) -> list[BoundField]:
        """The reason for a text that says too little is asked for where it says too little."""
        return [
            field
            for field in super().visible_fields()
            if field.name != "quality_reason" or field.errors or field.value()
        ]

    def offer(self) -> None:
        found = (Disposition.UPHELD, Disposition.PARTLY_UPHELD, Disposition.NOT_UPHELD)
        self.may_choose("outcome", [("", _("اختر")), *named(APPEAL_WORDS, found)])
        self.fields["outcome"].widget.attrs["data-key"] = "r"


APPEAL_WORDS: Mapping[Disposition, BilingualText] = {
    Disposition.UPHELD: BilingualText("قُبل الاعتراض", "Appeal upheld"),
    Disposition.PARTLY_UPHELD: BilingualText("قُبل بعضه", "Partly upheld"),
    Disposition.NOT_UPHELD: BilingualText("لم يُقبل", "Not upheld"),
}
