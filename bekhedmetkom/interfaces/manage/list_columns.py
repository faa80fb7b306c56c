"""Cells of our lists in the language of the page: names, days, moments, and what runs from left to right."""

from datetime import date, datetime
from typing import Any

from django.utils.html import format_html
from django.utils.translation import get_language
from wagtail.admin.ui.tables import Column

from bekhedmetkom.kernel.formatting import format_date, format_datetime
from bekhedmetkom.kernel.text import BilingualText


def get_display_name(thing: Any) -> str:
    """A row's own name in the language of the page; what has no name in both languages says what it is."""
    name = getattr(thing, "name", None)
    return name.in_language(_get_language()) if isinstance(name, BilingualText) else str(thing)


class NameColumn(Column):
    """Another row, by its name."""

    def get_value(self, instance: Any) -> str:
        other = super().get_value(instance)
        return get_display_name(other) if other else ""


class DateColumn(Column):
    def get_value(self, instance: Any) -> str:
        day: date | None = super().get_value(instance)
        return format_date(day, _get_language(), year=True) if day else ""


class DateTimeColumn(Column):
    def get_value(self, instance: Any) -> str:
        at: datetime | None = super().get_value(instance)
        return format_datetime(at, _get_language(), year=True) if at else ""


class IsolatedTextColumn(Column):
    """References, telephone numbers and addresses, whose signs would change places among Arabic words."""

    def get_value(self, instance: Any) -> str:
        value = super().get_value(instance)
        return "" if value is None else format_html("<bdi>{}</bdi>", value)


def _get_language() -> str:
    return get_language() or "ar"
