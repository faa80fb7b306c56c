"""The parts of a reply beside its text: which unit, when, where to object; and the template that it began from."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.cases.rules.reply import OBJECTION_LIMIT, way_to_object
from bekhedmetkom.catalogue.queries import get_policy_version
from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.entities.queries import list_units
from bekhedmetkom.kernel.clock import get_local_date

from .fields import choice_field, text_field
from .forms import VerbForm


class WithParts(VerbForm):
    """Given, they follow the text; left empty, the text is the whole reply."""

    unit = choice_field(_("القسم المسؤول"), int, required=False)
    on = forms.DateField(
        label=_("التاريخ"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": _("اكتب التاريخ مثل 2026-12-06.")},
    )  # fmt: skip
    objection = text_field(
        _("أين يعترض"), longest=OBJECTION_LIMIT, rows=2, required=False,
        hint=_("من قاعدة المدة، وتعديله لك. لا يُضاف إن قاله نصك."),
    )  # fmt: skip

    def offer(self) -> None:
        super().offer()
        case, day = self.case.standing, get_local_date(self.visit.at)
        here = [(str(unit.id), unit.name_in(self.visit.language)) for unit in list_units(case.entity_id, day)]
        self.may_choose("unit", [("", _("بلا ذكر قسم")), *here])
        if case.kind is not Kind.PRAISE:
            self.initial["objection"] = way_to_object(get_policy_version(case.policy_id).terms, case.language)

    def given(self) -> dict[str, Any]:
        """The parts as the command takes them; a template of which only the number is known."""
        chosen = str(self.data.get("template", ""))
        return {
            "unit": self.cleaned_data["unit"],
            "on": self.cleaned_data["on"],
            "objection": self.cleaned_data["objection"],
            "template": int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 18 else None,
        }
