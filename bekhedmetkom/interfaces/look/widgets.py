"""Django's widgets, drawn as its own templates draw them, but without a template for each option and attribute.

A list of public bodies has hundreds of options. `tests/interfaces/desk/test_widgets.py` holds the two equal.
"""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.safestring import SafeString

Widget = Mapping[str, Any]


class Drawn(DjangoTemplates):
    """For a form's `default_renderer`; what is not in `_DRAWN` is drawn by Django."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        draw = _DRAWN.get(template_name)
        return draw(context["widget"]) if draw else super().render(template_name, context, request)


def _input(widget: Widget) -> str:
    value = "" if widget["value"] is None else f' value="{_safe(widget["value"])}"'
    return f'<input type="{widget["type"]}" name="{_safe(widget["name"])}"{value}{_attributes(widget)}>'


def _textarea(widget: Widget) -> str:
    return f'<textarea name="{_safe(widget["name"])}"{_attributes(widget)}>\n{_safe(widget["value"] or "")}</textarea>'


def _select(widget: Widget) -> str:
    groups = "".join(_group(name, options) for name, options, _index in widget["optgroups"])
    return f'<select name="{_safe(widget["name"])}"{_attributes(widget)}>{groups}\n</select>'


def _group(name: Any, options: list[Widget]) -> str:
    drawn = "".join(
        f'\n  <option value="{_safe(option["value"])}"{_attributes(option)}>{_safe(option["label"])}</option>\n'
        for option in options
    )
    return f'\n  <optgroup label="{_safe(name)}">{drawn}\n  </optgroup>' if name else drawn


def _attributes(widget: Widget) -> str:
    return "".join(
        f" {_safe(name)}" if value is True else f' {_safe(name)}="{_safe(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _safe(value: Any) -> str:
    return value if isinstance(value, SafeString) else escape(str(value))


_DRAWN: Mapping[str, Callable[[Widget], str]] = {
    "django/forms/widgets/text.html": _input,
    "django/forms/widgets/date.html": _input,
    "django/forms/widgets/hidden.html": _input,
    "django/forms/widgets/textarea.html": _textarea,
    "django/forms/widgets/select.html": _select,
}
