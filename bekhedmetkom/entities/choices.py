"""Choices of model fields from enums with bilingual labels, in the active language."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from django.db.models import Q
from django.utils.translation import get_language

from bekhedmetkom.kernel.text import BilingualText

from .rules import ENTITY_KIND_LABELS

E = TypeVar("E", bound=StrEnum)


def build_choices(labels: Mapping[E, BilingualText]) -> list[tuple[str, str]]:
    language = get_language() or "ar"
    return [(str(value), label.in_language(language)) for value, label in labels.items()]


def is_one_of(field: str, values: type[StrEnum]) -> Q:
    """Return the condition of a check constraint: the column has one of the enum's values."""
    return Q((f"{field}__in", [str(value) for value in values]))


def list_entity_kinds() -> list[tuple[str, str]]:
    return build_choices(ENTITY_KIND_LABELS)
