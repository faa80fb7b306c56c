"""Enums with words, as choices of a model field in the language of whoever looks."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from django.db.models import Q
from django.utils.translation import get_language

from bekhedmetkom.kernel.text import BilingualText

from .rules import ENTITY_KIND_LABELS

E = TypeVar("E", bound=StrEnum)


def build_choices(words: Mapping[E, BilingualText]) -> list[tuple[str, str]]:
    language = get_language() or "ar"
    return [(str(value), said.in_language(language)) for value, said in words.items()]


def is_one_of(field: str, values: type[StrEnum]) -> Q:
    """For a check constraint: the column holds one of the enum's values."""
    return Q((f"{field}__in", [str(value) for value in values]))


def list_entity_kinds() -> list[tuple[str, str]]:
    return build_choices(ENTITY_KIND_LABELS)
