"""What cases are alike by: written as they come, made up for what was there before, forgotten with its time."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from bekhedmetkom.cases.models import Case, CaseText, list_effective_texts
from bekhedmetkom.cases.rules.states import State
from bekhedmetkom.catalogue.rules import Handling

from ..models import CaseVector, SimilarCase
from ..rules.bursts import HISTORY
from ..rules.text_vectors import build_text_vector, pack_vector

_TEXT_FIELDS = ("title", "text", "transcript")
_RETENTION = HISTORY + timedelta(days=3)
_BACKFILL_BATCH = 200
_PROJECTION_DELAY = timedelta(minutes=2)  # the follower has read what is older
_MAX_ALERT_AGE = timedelta(hours=6)  # nobody asks any more whether this was the case that made them many
_MAX_BACKFILLED = 30_000
_IS_COMPARED = Q(care=str(Handling.OPEN), about_officer=None, about_unit=None) & ~Q(
    state__in=[str(State.WITHDRAWN), str(State.MERGED)]
)


def update_case_vectors(cases: Collection[UUID]) -> None:
    """Write anew what these cases are alike by; of what is compared with nothing any more, nothing is left."""
    compared = {case.pk: case for case in Case.objects.filter(_IS_COMPARED, pk__in=cases)}
    known = CaseVector.objects.in_bulk(cases)
    gone = [key for key in cases if key not in compared]
    if gone:
        CaseVector.objects.filter(pk__in=gone).delete()
        SimilarCase.objects.filter(case__in=gone).delete()
    _store_vectors(compared.values(), known)


def backfill_case_vectors(at: datetime) -> int:
    """For the newest cases that came before the platform looked for problems; how many. Again: the next ones."""
    since = at - HISTORY
    if CaseVector.objects.filter(received_at__lt=at).count() >= _MAX_BACKFILLED:
        return 0
    there = CaseVector.objects.filter(case=OuterRef("pk"))
    missing: QuerySet[Case] = Case.objects.filter(
        ~Exists(there), _IS_COMPARED, received_at__gt=since, received_at__lt=at - _PROJECTION_DELAY
    )
    with transaction.atomic():
        rows = list(missing.order_by("-received_at")[:_BACKFILL_BATCH])
        _store_vectors(rows, {}, looked_before=at - _MAX_ALERT_AGE)
    return len(rows)


def delete_old_case_vectors(at: datetime) -> int:
    """What is older than any usual rate is learned from; how many."""
    gone, _ = CaseVector.objects.filter(received_at__lt=at - _RETENTION).delete()
    return gone


def _store_vectors(
    cases: Iterable[Case], known: dict[UUID, CaseVector], *, looked_before: datetime | None = None
) -> None:
    rows = list(cases)
    said: dict[UUID, list[str]] = {case.pk: [] for case in rows}
    for text in _get_texts(said):
        said[text.case_id].append(text.body)
    traces = [
        CaseVector(
            case=case, received_at=case.received_at, entity_id=case.entity_id, governorate_id=case.governorate_id,
            vector=pack_vector(build_text_vector(" ".join(said[case.pk]))),
            is_checked=known[case.pk].is_checked if case.pk in known
            else looked_before is not None and case.received_at < looked_before,
        )
        for case in rows if said[case.pk]
    ]  # fmt: skip
    CaseVector.objects.bulk_create(
        traces, update_conflicts=True, unique_fields=["case"],
        update_fields=["entity_id", "governorate_id", "vector", "is_checked"],
    )  # fmt: skip


def _get_texts(cases: Collection[UUID]) -> QuerySet[CaseText]:
    return (
        list_effective_texts()
        .filter(Q(seq=1) | Q(field="transcript"), case__in=cases, field__in=_TEXT_FIELDS)
        .order_by("seq")
    )
