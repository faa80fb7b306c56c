"""What cases are alike by: written as they come, made up for what was there before, forgotten with its time."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from bekhedmetkom.cases.models import Case, CaseText, texts_that_stand
from bekhedmetkom.cases.rules.states import State
from bekhedmetkom.catalogue.rules import Handling

from ..models import Alike, Trace
from ..rules.bursts import HISTORY
from ..rules.signs import packed, signs

_FIELDS = ("title", "text", "transcript")
_KEPT = HISTORY + timedelta(days=3)
_AT_ONCE = 200
_FOLLOWED_BY = timedelta(minutes=2)  # the follower has read what is older
_STALE = timedelta(hours=6)  # nobody asks any more whether this was the case that made them many
_MOST_MADE_UP = 30_000
_COMPARED = Q(care=str(Handling.OPEN), about_officer=None, about_unit=None) & ~Q(
    state__in=[str(State.WITHDRAWN), str(State.MERGED)]
)


def keep_traces(cases: Collection[UUID]) -> None:
    """Write anew what these cases are alike by; of what is compared with nothing any more, nothing is left."""
    compared = {case.pk: case for case in Case.objects.filter(_COMPARED, pk__in=cases)}
    known = Trace.objects.in_bulk(cases)
    gone = [key for key in cases if key not in compared]
    if gone:
        Trace.objects.filter(pk__in=gone).delete()
        Alike.objects.filter(case__in=gone).delete()
    _write(compared.values(), known)


def make_up(at: datetime) -> int:
    """For the newest cases that came before the platform looked for problems; how many. Again: the next ones."""
    since = at - HISTORY
    if Trace.objects.filter(at__lt=at).count() >= _MOST_MADE_UP:
        return 0
    there = Trace.objects.filter(case=OuterRef("pk"))
    missing: QuerySet[Case] = Case.objects.filter(
        ~Exists(there), _COMPARED, received_at__gt=since, received_at__lt=at - _FOLLOWED_BY
    )
    with transaction.atomic():
        rows = list(missing.order_by("-received_at")[:_AT_ONCE])
        _write(rows, {}, looked_before=at - _STALE)
    return len(rows)


def forget_traces(at: datetime) -> int:
    """What is older than any usual rate is learned from; how many."""
    gone, _ = Trace.objects.filter(at__lt=at - _KEPT).delete()
    return gone


def _write(cases: Iterable[Case], known: dict[UUID, Trace], *, looked_before: datetime | None = None) -> None:
    rows = list(cases)
    said: dict[UUID, list[str]] = {case.pk: [] for case in rows}
    for text in _texts(said):
        said[text.case_id].append(text.body)
    traces = [
        Trace(
            case=case, at=case.received_at, entity_id=case.entity_id, governorate_id=case.governorate_id,
            signs=packed(signs(" ".join(said[case.pk]))),
            looked=known[case.pk].looked if case.pk in known
            else looked_before is not None and case.received_at < looked_before,
        )
        for case in rows if said[case.pk]
    ]  # fmt: skip
    Trace.objects.bulk_create(
        traces, update_conflicts=True, unique_fields=["case"],
        update_fields=["entity_id", "governorate_id", "signs", "looked"],
    )  # fmt: skip


def _texts(cases: Collection[UUID]) -> QuerySet[CaseText]:
    return (
        texts_that_stand()
        .filter(Q(seq=1) | Q(field="transcript"), case__in=cases, field__in=_FIELDS)
        .order_by("seq")
    )
