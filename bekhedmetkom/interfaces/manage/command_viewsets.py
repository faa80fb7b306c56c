"""Base classes of the administration's viewsets. They save through commands, which write the change history.

Rows are never deleted: bodies and topics are closed, roles end, rules get a new version.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.translation import get_language
from wagtail.admin import messages
from wagtail.admin.views.generic import CreateView, EditView, IndexView
from wagtail.admin.viewsets.model import ModelViewSet

from bekhedmetkom.entities.commands import save_change
from bekhedmetkom.interfaces.access_control import get_request_actor
from bekhedmetkom.kernel import clock
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import InvalidInput, Refusal

from .list_columns import get_display_name

if TYPE_CHECKING:  # generic for mypy alone
    ModelForm = forms.ModelForm[Any]
    ModelChoiceField = forms.ModelChoiceField[Any]
    ModelMultipleChoiceField = forms.ModelMultipleChoiceField[Any]
else:
    ModelForm, ModelChoiceField, ModelMultipleChoiceField = (
        forms.ModelForm,
        forms.ModelChoiceField,
        forms.ModelMultipleChoiceField,
    )

Command = Callable[[Any, Actor, datetime], models.Model]

WIDGETS: dict[type[Any], forms.Widget] = {
    models.DateField: forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    models.TimeField: forms.TimeInput({"type": "time"}, format="%H:%M"),
    models.DateTimeField: forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
}


class CommandForm(ModelForm):
    """A model form without model validation: the command validates and raises `Refusal`."""

    def clean(self) -> dict[str, Any]:
        return self.cleaned_data

    def _get_validation_exclusions(self) -> set[str]:
        return {field.name for field in self._meta.model._meta.get_fields()}


class NamedChoiceField(ModelChoiceField):
    """A choice of rows, labelled with their names in the page's language."""

    def label_from_instance(self, obj: Any) -> str:
        return (
            f"{get_display_name(obj.entity)} · {get_display_name(obj)}"
            if hasattr(obj, "entity")
            else get_display_name(obj)
        )


class NamedMultipleChoiceField(ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return get_display_name(obj)


def _get_named_queryset(model: Any) -> Any:
    rows = model._default_manager.all()
    return rows.select_related("entity") if hasattr(model, "entity") else rows


def add_refusal_errors(form: forms.BaseForm, refused: Refusal) -> None:
    """Add a refusal to a form: each field error to its field, everything else to the form."""
    language = get_language() or "ar"
    if not isinstance(refused, InvalidInput):
        form.add_error(None, refused.message.in_language(language))
        return
    for error in refused.errors:
        form.add_error(
            error.field if error.field in form.fields else None, error.message.in_language(language)
        )


_View: Any = object  # the view that a mixin is mixed into, which Wagtail does not type


class CommandViewMixin(_View):
    """Mixin for Wagtail's create and edit views: saves with `command` and shows its refusal as form errors."""

    command: Command | None = None
    request: Any
    form: Any

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                answer: HttpResponse = super().form_valid(form)
        except Refusal as refused:
            add_refusal_errors(form, refused)
            self.produced_error_code = "validation_error"
            self.produced_error_message = self.get_error_message()
            answer = self.form_invalid(form)
        return answer

    def save_instance(self) -> models.Model:
        actor = get_request_actor(self.request)
        assert actor is not None and self.command is not None
        return self.command(self.form, actor, clock.now())


class RelatedIndexView(IndexView):
    """An index view that fetches `select_related_fields` with the rows."""

    select_related_fields: ClassVar[Sequence[str]] = ()

    def get_base_queryset(self) -> Any:
        rows = super().get_base_queryset()
        return rows.select_related(*self.select_related_fields) if self.select_related_fields else rows


class CommandCreateView(CommandViewMixin, CreateView):
    pass


class CommandEditView(CommandViewMixin, EditView):
    def get_page_subtitle(self) -> str:
        return get_display_name(self.object)


class FixedFieldsMixin(forms.BaseForm):
    """Disables the fields that cannot change after creation."""

    fixed_fields: ClassVar[Sequence[str]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fixed_fields:
            self.fields[name].disabled = True


class CommandViewSet(ModelViewSet):
    """Lists, adds and edits rows. `form` and `edit_form` take precedence over `form_fields`."""

    index_view_class = RelatedIndexView
    add_view_class = CommandCreateView
    edit_view_class = CommandEditView
    add_to_reference_index = False
    copy_view_enabled = False
    search_backend_name = None
    list_per_page = 50
    enabled_pages: ClassVar[Sequence[str]] = ("index", "index_results", "add", "edit")
    fixed_fields: ClassVar[Sequence[str]] = ()
    select_related_fields: ClassVar[Sequence[str]] = ()
    form: type[ModelForm] | None = None
    edit_form: type[ModelForm] | None = None

    def create_instance(self, form: Any, actor: Actor, at: datetime) -> models.Model:
        """Save a new row and return it. Viewsets override this or `update_instance` with their command."""
        return self.update_instance(form, actor, at)

    def update_instance(self, form: Any, actor: Actor, at: datetime) -> models.Model:
        save_change(form.instance, actor=actor, at=at, save=form.save)
        row: models.Model = form.instance
        return row

    def get_form_class(self, for_update: bool = False) -> type[ModelForm]:
        made = (for_update and self.edit_form) or self.form or super().get_form_class(for_update)
        if not (for_update and self.fixed_fields):
            return made
        return type(made.__name__, (FixedFieldsMixin, made), {"fixed_fields": self.fixed_fields})

    def formfield_for_dbfield(self, db_field: Any, **kwargs: Any) -> Any:
        if widget := WIDGETS.get(type(db_field)):
            kwargs["widget"] = widget
        elif isinstance(db_field, models.ForeignKey):
            kwargs["form_class"] = NamedChoiceField
            kwargs["queryset"] = _get_named_queryset(db_field.related_model)
        return super().formfield_for_dbfield(db_field, **kwargs)

    def get_common_view_kwargs(self, **kwargs: Any) -> Any:
        gone = {f"{page}_url_name": None for page in ("history", "usage", "delete", "add", "edit", "inspect")
                if page not in self.enabled_pages}  # fmt: skip
        return super().get_common_view_kwargs(**(gone | kwargs))

    def get_index_view_kwargs(self, **kwargs: Any) -> Any:
        return super().get_index_view_kwargs(select_related_fields=self.select_related_fields, **kwargs)

    def get_add_view_kwargs(self, **kwargs: Any) -> Any:
        return super().get_add_view_kwargs(command=self.create_instance, **kwargs)

    def get_edit_view_kwargs(self, **kwargs: Any) -> Any:
        return super().get_edit_view_kwargs(command=self.update_instance, **kwargs)

    def get_urlpatterns(self) -> list[URLPattern]:
        return [pattern for pattern in super().get_urlpatterns() if pattern.name in self.enabled_pages]


class ReadOnlyViewSet(CommandViewSet):
    """Lists and inspects rows."""

    inspect_view_enabled = True
    inspect_view_fields_exclude: ClassVar = ["case"]  # row-level security hides cases from administrators
    enabled_pages = ("index", "index_results", "inspect")
    form_fields: ClassVar[Sequence[str]] = ()


@contextmanager
def act_as_officer(request: HttpRequest) -> Iterator[Actor]:
    """Yield the signed-in officer as actor. A `Refusal` in the block ends it and becomes an error message."""
    actor = get_request_actor(request)
    assert actor is not None
    try:
        yield actor
    except Refusal as refused:
        messages.error(request, refused.message.in_language(get_language() or "ar"))
