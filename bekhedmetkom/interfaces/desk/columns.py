"""The columns that the desk's lists can have. Without choosing, an officer has those of the mock-up."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Column(NamedTuple):
    """`look` names its class; `narrow`: left out where there is no room for all."""

    title: str | Promise
    usual: bool = True


COLUMNS: Mapping[str, Column] = {
    "due": Column(_("الموعد")),
    "ref": Column(_("الرقم")),
    "subject": Column(pgettext_lazy("column", "الطلب")),
    "kind": Column(_("النوع")),
    "topic": Column(_("الموضوع"), usual=False),
    "area": Column(_("المكان")),
    "body": Column(_("الجهة"), usual=False),
    "unit": Column(_("القسم"), usual=False),
    "who": Column(_("المكلّف")),
    "state": Column(_("الحالة")),
    "channel": Column(_("القناة"), usual=False),
    "came": Column(_("وصل"), usual=False),
    "last": Column(_("آخر حركة")),
}
ALWAYS = "subject"  # without it a line says nothing
USUAL = tuple(name for name, column in COLUMNS.items() if column.usual)


def columns_in(names: Iterable[str]) -> tuple[str, ...]:
    """Those of these names that are columns, in the order in which they stand; empty where none is."""
    chosen = set(names) & COLUMNS.keys()
    return tuple(name for name in COLUMNS if name in chosen or name == ALWAYS) if chosen else ()
