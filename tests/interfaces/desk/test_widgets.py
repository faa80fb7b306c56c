"""The desk draws its forms itself, for speed: what comes out is what Django would have drawn."""

from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.translation import gettext_lazy

from bekhedmetkom.interfaces.look.widgets import Drawn

TREACHEROUS = """<b>"quoted" & 'so'</b>"""
CHOICES: list[Any] = [
    ("", gettext_lazy("اختر")),
    (TREACHEROUS, TREACHEROUS),
    (7, "seven"),
    (f"of {TREACHEROUS}", [("a", "A"), (None, TREACHEROUS)]),
    ("empty", []),
]
WIDGETS = [
    forms.TextInput(attrs={"class": "input", "maxlength": 40, "autofocus": True, "disabled": False}),
    forms.DateInput(attrs={"type": "date"}),
    forms.HiddenInput(),
    forms.Textarea(attrs={"rows": 4, "data-key": TREACHEROUS, "required": True}),
    forms.Select(attrs={"class": "select", "title": TREACHEROUS}, choices=CHOICES),
]


@pytest.mark.parametrize("widget", WIDGETS, ids=lambda widget: type(widget).__name__)
@pytest.mark.parametrize("value", [None, "", 7, "a", TREACHEROUS, "سطر\nسطر"])
def test_a_widget_is_drawn_as_django_draws_it(widget: forms.Widget, value: Any) -> None:
    asked = "to", value, {"id": "id_to", "aria-describedby": "hint"}
    assert widget.render(*asked, renderer=Drawn()) == widget.render(*asked, renderer=DjangoTemplates())
