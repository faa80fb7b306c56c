"""What narrows a queue: kind, state, governorate, topic, all in the address, so that a view can be kept as a link."""

from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bekhedmetkom.cases.queries import Filters
from bekhedmetkom.cases.rules.states import OPEN, STATE_WORDS, State
from bekhedmetkom.catalogue.queries import services_of
from bekhedmetkom.catalogue.rules import KIND_WORDS, Kind
from bekhedmetkom.entities.queries import places
from bekhedmetkom.interfaces.look.widgets import Drawn
from bekhedmetkom.kernel.clock import local_day

from .visit import Visit


class FilterForm(forms.Form):
    """A choice that does not exist is no choice: an old link still shows the queue."""

    default_renderer = Drawn

    kind = forms.TypedChoiceField(label=_("النوع"), coerce=Kind, required=False, empty_value=None)
    state = forms.TypedChoiceField(label=_("الحالة"), coerce=State, required=False, empty_value=None)
    governorate = forms.TypedChoiceField(label=_("المحافظة"), coerce=int, required=False, empty_value=None)
    service = forms.TypedChoiceField(label=_("الموضوع"), coerce=int, required=False, empty_value=None)

    def __init__(self, data: Mapping[str, Any], *, visit: Visit, states: Collection[State] = OPEN):
        super().__init__(data, auto_id="filter_%s")
        self._offer("kind", [(kind, KIND_WORDS[kind].in_(visit.language)) for kind in Kind])
        self._offer("state", [(state, STATE_WORDS[state].in_(visit.language)) for state in states])
        self._offer("governorate", [(place.id, place.name_in(visit.language)) for place in places().values()])
        topics = _topics(visit)
        if topics:
            self._offer("service", topics)
        else:
            del self.fields["service"]
        self.full_clean()

    def _offer(self, name: str, options: list[tuple[Any, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", field.label), *((str(key), words) for key, words in options)]
        field.widget.attrs["class"] = "select"

    def wanted(self, words: str = "") -> Filters:
        """For the query."""
        return Filters(**self.cleaned_data, q=words)

    @property
    def narrows(self) -> bool:
        return any(self.cleaned_data.values())


def _topics(visit: Visit) -> list[tuple[int, str]]:
    """The topics of the officer's own body. Who has several bodies, or all, has too many for a list."""
    bodies = {grant.entity for grant in visit.actor.grants}
    if len(bodies) != 1 or None in bodies:
        return []
    today = local_day(visit.at)
    topics = [topic for body in bodies if body for topic in services_of(body) if topic.is_open(today)]
    return sorted(
        ((topic.id, topic.name_in(get_language() or "ar")) for topic in topics), key=lambda pair: pair[1]
    )
