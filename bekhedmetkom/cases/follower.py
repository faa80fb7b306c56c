"""Keeps what the desk searches: the words of a case as people spell them, beside what decides who may find it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar
from uuid import UUID

from django.db import connection

from bekhedmetkom.catalogue.rules import Handling
from bekhedmetkom.language.normalisation import fold_text, list_stems

from .feed import FedEvent, Follower
from .models import Case, texts_that_stand
from .rules.searching import word_of_unit
from .rules.states import EventType

_WORDED = ("text", "title", "transcript", "message", "answer")
_PUBLISHED = ("public", "public_answer")
_LONGEST = 8000  # characters of one case that are searched

H = EventType


class SearchFollower(Follower):
    """One row a case. Rewritten whole whenever words came in or the case moved to another body or unit."""

    name = "search"
    decides: ClassVar[Mapping[EventType, bool]] = dict.fromkeys(EventType, False) | dict.fromkeys(
        (
            H.SUBMITTED, H.CLASSIFIED, H.ASSIGNED, H.REFERRED, H.RETURNED, H.HANDED_BACK, H.LEFT, H.FOLLOWED,
            H.CONCERNS, H.RECLASSIFIED, H.WROTE, H.SUPPLIED, H.ANSWERED, H.REPLY_APPROVED, H.TRANSCRIBED,
            H.APPEAL_UPHELD, H.UNDONE, H.ERASED, H.RELEASED, H.TAKEN_DOWN, H.KEPT_PRIVATE,
        ),
        True,
    )  # fmt: skip

    def follow(self, events: Sequence[FedEvent]) -> None:
        cases = {event.case_id for event in events if self.decides[event.happened]}
        if not cases:
            return
        words: dict[UUID, list[str]] = {case: [] for case in cases}
        published: dict[tuple[UUID, int], dict[str, str]] = {}
        for text in texts_that_stand().filter(case__in=cases, field__in=_WORDED + _PUBLISHED).order_by("seq"):
            if text.field in _WORDED:
                words[text.case_id].append(text.body)
            else:
                published.setdefault((text.case_id, text.seq), {})[text.field] = text.body
        rows = Case.objects.filter(pk__in=cases).values_list(
            "pk", "entity_id", "received_at", "care", "unit_id", "withheld", "particulars__name", "released"
        )
        kept = [
            (
                key, entity, received_at, care, " ".join(_kept(words[key], unit)), _names(name, care, withheld),
                _published(published.get((key, released), {})),
            )
            for key, entity, received_at, care, unit, withheld, name, released in rows
        ]  # fmt: skip
        with connection.cursor() as cursor:
            cursor.executemany(KEEP, kept)


def _kept(texts: Iterable[str], unit: int | None) -> list[str]:
    return list_stems(" ".join(texts)[:_LONGEST]) + ([word_of_unit(unit)] if unit else [])


def _names(name: str | None, care: str, withheld: bool) -> list[str]:
    """By which a person is found who hides nothing."""
    return [] if withheld or care != Handling.OPEN else fold_text(name or "").split()


def _published(texts: Mapping[str, str]) -> str | None:
    """The stems of an answer with its question; none where no answer is shown to everybody."""
    return " ".join(list_stems(" ".join(texts.values()))) if "public_answer" in texts else None


KEEP = """
INSERT INTO case_search (case_id, entity_id, received_at, care, words, names, published)
VALUES (%s, %s, %s, %s, array_to_tsvector(coalesce(array_remove(string_to_array(%s, ' '), ''), '{}')), %s,
    array_to_tsvector(array_remove(string_to_array(%s, ' '), '')))
ON CONFLICT (case_id) DO UPDATE SET entity_id = excluded.entity_id, care = excluded.care, words = excluded.words,
    names = excluded.names, published = excluded.published
"""
