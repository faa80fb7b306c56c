"""A form renderer that draws Django's widgets in Python, without a template for each option and attribute.

A list of public bodies has hundreds of options. `tests/interfaces/ui/test_form_renderer.py` compares it with Django's.
"""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.safestring import SafeString

WidgetContext = Mapping[str, Any]


class FormRenderer(DjangoTemplates):
    """For a form's `default_renderer`. Widgets that are not in `_WIDGET_RENDERERS` are drawn by Django."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        draw = _WIDGET_RENDERERS.get(template_name)
        return draw(context["widget"]) if draw else super().render(template_name, context, request)


def _render_input(widget: WidgetContext) -> str:
    value = "" if widget["value"] is None else f' value="{_escape(widget["value"])}"'
    return (
        f'<input type="{widget["type"]}" name="{_escape(widget["name"])}"{value}{_render_attributes(widget)}>'
    )


def _render_textarea(widget: WidgetContext) -> str:
    attributes, text = _render_attributes(widget), _escape(widget["value"] or "")
    return f'<textarea name="{_escape(widget["name"])}"{attributes}>\n{text}</textarea>'


def _render_select(widget: WidgetContext) -> str:
    groups = "".join(_render_optgroup(name, options) for name, options, _index in widget["optgroups"])
    return f'<select name="{_escape(widget["name"])}"{_render_attributes(widget)}>{groups}\n</select>'


def _render_optgroup(name: Any, options: list[WidgetContext]) -> str:
    drawn = "".join(
        f'\n  <option value="{_escape(option["value"])}"{_render_attributes(option)}>'
        f"{_escape(option['label'])}</option>\n"
        for option in options
    )
    return f'\n  <optgroup label="{_escape(name)}">{drawn}\n  </optgroup>' if name else drawn


def _render_attributes(widget: WidgetContext) -> str:
    return "".join(
        f" {_escape(name)}" if value is True else f' {_escape(name)}="{_escape(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _escape(value: Any) -> str:
    return value if isinstance(value, SafeString) else escape(str(value))


_WIDGET_RENDERERS: Mapping[str, Callable[[WidgetContext], str]] = {
    "django/forms/widgets/text.html": _render_input,
    "django/forms/widgets/date.html": _render_input,
    "django/forms/widgets/hidden.html": _render_input,
    "django/forms/widgets/textarea.html": _render_textarea,
    "django/forms/widgets/select.html": _render_select,
}
