"""Cells of our lists in the language of the page: names, days, moments, and what runs from left to right."""

from datetime import date, datetime
from typing import Any

from django.utils.html import format_html
from django.utils.translation import get_language
from wagtail.admin.ui.tables import Column

from bekhedmetkom.kernel.dates import say_date, say_moment
from bekhedmetkom.kernel.words import Words


def spoken(thing: Any) -> str:
    """A row's own name in the language of the page; what has no name in both languages says what it is."""
    words = getattr(thing, "words", None) or getattr(thing, "name", None)
    return words.in_(_language()) if isinstance(words, Words) else str(thing)


class Named(Column):
    """Another row, by its name."""

    def get_value(self, instance: Any) -> str:
        other = super().get_value(instance)
        return spoken(other) if other else ""


class Day(Column):
    def get_value(self, instance: Any) -> str:
        day: date | None = super().get_value(instance)
        return say_date(day, _language(), year=True) if day else ""


class Moment(Column):
    def get_value(self, instance: Any) -> str:
        at: datetime | None = super().get_value(instance)
        return say_moment(at, _language(), year=True) if at else ""


class Apart(Column):
    """References, telephone numbers and addresses, whose signs would change places among Arabic words."""

    def get_value(self, instance: Any) -> str:
        value = super().get_value(instance)
        return "" if value is None else format_html("<bdi>{}</bdi>", value)


def _language() -> str:
    return get_language() or "ar"
