"""Choices of model fields from the catalogue's enums, in the active language."""

from bekhedmetkom.entities.choices import build_choices

from .rules import COMPLEXITY_LABELS, DISPOSITION_LABELS, HANDLING_LABELS, KIND_LABELS


def list_kinds() -> list[tuple[str, str]]:
    return build_choices(KIND_LABELS)


def list_complexities() -> list[tuple[str, str]]:
    return build_choices(COMPLEXITY_LABELS)


def list_handlings() -> list[tuple[str, str]]:
    return build_choices(HANDLING_LABELS)


def list_dispositions() -> list[tuple[str, str]]:
    return build_choices(DISPOSITION_LABELS)
