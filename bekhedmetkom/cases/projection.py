"""Keeps what the desk searches: the words of a case as people spell them, beside what decides who may find it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar
from uuid import UUID

from django.db import connection

from bekhedmetkom.catalogue.rules import Handling
from bekhedmetkom.language.normalisation import fold_text, list_stems

from .feed import EventConsumer, FeedEvent
from .models import Case, list_effective_texts
from .rules.search import get_unit_token
from .rules.states import EventType

_SEARCHED_FIELDS = ("text", "title", "transcript", "message", "answer")
_PUBLISHED_FIELDS = ("public", "public_answer")
_MAX_TEXT_LENGTH = 8000  # characters of one case that are searched


class SearchProjection(EventConsumer):
    """One row a case. Rewritten whole whenever words came in or the case moved to another body or unit."""

    name = "search"
    decisions: ClassVar[Mapping[EventType, bool]] = dict.fromkeys(EventType, False) | dict.fromkeys(
        (
            EventType.SUBMITTED,
            EventType.CLASSIFIED,
            EventType.ASSIGNED,
            EventType.REFERRED,
            EventType.RETURNED,
            EventType.HANDED_BACK,
            EventType.LEFT,
            EventType.FOLLOWED,
            EventType.CONCERNS,
            EventType.RECLASSIFIED,
            EventType.WROTE,
            EventType.SUPPLIED,
            EventType.ANSWERED,
            EventType.REPLY_APPROVED,
            EventType.TRANSCRIBED,
            EventType.APPEAL_UPHELD,
            EventType.UNDONE,
            EventType.ERASED,
            EventType.RELEASED,
            EventType.TAKEN_DOWN,
            EventType.KEPT_PRIVATE,
        ),
        True,
    )

    def handle_events(self, events: Sequence[FeedEvent]) -> None:
        cases = {event.case_id for event in events if self.decisions[event.happened]}
        if not cases:
            return
        words: dict[UUID, list[str]] = {case: [] for case in cases}
        published: dict[tuple[UUID, int], dict[str, str]] = {}
        for text in (
            list_effective_texts()
            .filter(case__in=cases, field__in=_SEARCHED_FIELDS + _PUBLISHED_FIELDS)
            .order_by("seq")
        ):
            if text.field in _SEARCHED_FIELDS:
                words[text.case_id].append(text.body)
            else:
                published.setdefault((text.case_id, text.seq), {})[text.field] = text.body
        rows = Case.objects.filter(pk__in=cases).values_list(
            "pk", "entity_id", "received_at", "care", "unit_id", "withheld", "particulars__name", "released"
        )
        kept = [
            (
                key,
                entity,
                received_at,
                care,
                " ".join(_list_search_terms(words[key], unit)),
                _list_name_words(name, care, withheld),
                _join_published_stems(published.get((key, released), {})),
            )
            for key, entity, received_at, care, unit, withheld, name, released in rows
        ]
        with connection.cursor() as cursor:
            cursor.executemany(UPSERT_SQL, kept)


def _list_search_terms(texts: Iterable[str], unit: int | None) -> list[str]:
    return list_stems(" ".join(texts)[:_MAX_TEXT_LENGTH]) + ([get_unit_token(unit)] if unit else [])


def _list_name_words(name: str | None, care: str, withheld: bool) -> list[str]:
    """By which a person is found who hides nothing."""
    return [] if withheld or care != Handling.OPEN else fold_text(name or "").split()


def _join_published_stems(texts: Mapping[str, str]) -> str | None:
    """The stems of an answer with its question; none where no answer is shown to everybody."""
    return " ".join(list_stems(" ".join(texts.values()))) if "public_answer" in texts else None


UPSERT_SQL = """
INSERT INTO case_search (case_id, entity_id, received_at, care, words, names, published)
VALUES (%s, %s, %s, %s, array_to_tsvector(coalesce(array_remove(string_to_array(%s, ' '), ''), '{}')), %s,
    array_to_tsvector(array_remove(string_to_array(%s, ' '), '')))
ON CONFLICT (case_id) DO UPDATE SET entity_id = excluded.entity_id, care = excluded.care, words = excluded.words,
    names = excluded.names, published = excluded.published
"""
