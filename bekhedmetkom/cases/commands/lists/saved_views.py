"""Officers keep a state of a list under a name, alone or for their body, and choose what their lists look like."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from bekhedmetkom.identity.models import Officer
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import FieldError, InvalidInput, NotAllowed, Refusal
from bekhedmetkom.kernel.text import BilingualText

from ...workspace_models import ListLook, SavedView
from ..text_validation import validate_text

MAX_VIEWS = 20  # of one officer: more would be a list that nobody reads
MAX_VIEW_NAME_LENGTH = 60

_NAME_TAKEN = BilingualText(
    "عندك عرض بهذا الاسم. اختر اسمًا آخر.", "You have a view of this name already. Choose another."
)
_TOO_MANY_VIEWS = BilingualText(
    f"عندك {MAX_VIEWS} عرضًا محفوظًا، وهو الحد. احذف عرضًا لا تحتاجه ثم احفظ هذا.",
    f"You have {MAX_VIEWS} saved views, and no more are kept. Delete one that you do not need, then save this.",
)
_BODY_REQUIRED = BilingualText("لا جهة لك تشارك العرض معها.", "You have no body to share this view with.")


class ViewNotFound(Refusal):
    """It is gone, or somebody else's."""

    message = BilingualText("لا عرض محفوظ كهذا عندك.", "You have no such saved view.")


def save_view(*, name: str, address: str, shared: bool, actor: Actor, at: datetime) -> int:
    """Keep a list's address under a name; its key."""
    name, entity = _validate_name(name), _get_shared_body(actor) if shared else None
    with _lock_officer(actor):
        mine = SavedView.objects.filter(officer=_get_officer_id(actor))
        if mine.count() >= MAX_VIEWS:
            raise InvalidInput(FieldError("name", _TOO_MANY_VIEWS))
        if mine.filter(name=name).exists():
            raise InvalidInput(FieldError("name", _NAME_TAKEN))
        kept = mine.create(
            officer_id=_get_officer_id(actor), name=name, address=address, entity_id=entity, saved_at=at
        )
    return int(kept.pk)


def update_view(*, view: int, name: str, shared: bool, actor: Actor) -> None:
    """Call a view otherwise, or share it with one's body, or no longer."""
    with _lock_officer(actor):
        mine = SavedView.objects.filter(officer=_get_officer_id(actor))
        if not mine.filter(pk=view).exists():
            raise ViewNotFound
        name, entity = _validate_name(name), _get_shared_body(actor) if shared else None
        if mine.filter(name=name).exclude(pk=view).exists():
            raise InvalidInput(FieldError("name", _NAME_TAKEN))
        mine.filter(pk=view).update(name=name, entity=entity)


def delete_view(*, view: int, actor: Actor) -> None:
    """Forget a view. Whoever it was shared with has it no longer."""
    deleted, _ = SavedView.objects.filter(officer=_get_officer_id(actor), pk=view).delete()
    if not deleted:
        raise ViewNotFound


def set_list_display(*, columns: Sequence[str], compact: bool, actor: Actor) -> None:
    """From now on the officer's lists look so."""
    ListLook.objects.update_or_create(
        officer_id=_get_officer_id(actor), defaults={"columns": list(columns), "compact": compact}
    )


@contextmanager
def _lock_officer(actor: Actor) -> Iterator[None]:
    """Two windows of one officer take turns."""
    with transaction.atomic():
        Officer.objects.select_for_update().only("pk").get(pk=_get_officer_id(actor))
        yield


def _get_officer_id(actor: Actor) -> int:
    if actor.officer_id is None:
        raise NotAllowed
    return actor.officer_id


def _validate_name(name: str) -> str:
    return validate_text("name", " ".join(name.split()), limit=MAX_VIEW_NAME_LENGTH)


def _get_shared_body(actor: Actor) -> int:
    """The body whose officers a view is shared with."""
    entity = next((grant.entity for grant in actor.grants if grant.entity is not None), None)
    if entity is None:
        raise InvalidInput(FieldError("shared", _BODY_REQUIRED))
    return entity
