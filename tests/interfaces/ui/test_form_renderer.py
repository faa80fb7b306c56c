"""The desk draws its forms itself, for speed: what comes out is what Django would have drawn."""

from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.translation import gettext_lazy

from bekhedmetkom.interfaces.ui.form_renderer import FormRenderer

HOSTILE_HTML = """<b>"quoted" & 'so'</b>"""
CHOICES: list[Any] = [
    ("", gettext_lazy("اختر")),
    (HOSTILE_HTML, HOSTILE_HTML),
    (7, "seven"),
    (f"of {HOSTILE_HTML}", [("a", "A"), (None, HOSTILE_HTML)]),
    ("empty", []),
]
WIDGETS = [
    forms.TextInput(attrs={"class": "input", "maxlength": 40, "autofocus": True, "disabled": False}),
    forms.DateInput(attrs={"type": "date"}),
    forms.HiddenInput(),
    forms.Textarea(attrs={"rows": 4, "data-key": HOSTILE_HTML, "required": True}),
    forms.Select(attrs={"class": "select", "title": HOSTILE_HTML}, choices=CHOICES),
]


@pytest.mark.parametrize("widget", WIDGETS, ids=lambda widget: type(widget).__name__)
@pytest.mark.parametrize("value", [None, "", 7, "a", HOSTILE_HTML, "سطر\nسطر"])
def test_a_widget_is_drawn_as_django_draws_it(widget: forms.Widget, value: Any) -> None:
    asked = "to", value, {"id": "id_to", "aria-describedby": "hint"}
    assert widget.render(*asked, renderer=FormRenderer()) == widget.render(*asked, renderer=DjangoTemplates())
