"""The draft of a case that a conversation collects."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, NamedTuple, Self

from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.kernel.text import BilingualText

AUTO_ROUTE = "us"  # no body was named: the platform routes the case


class DestinationOption(NamedTuple):
    """A body that a case could go to: `to` is `ENTITY/TOPIC`, or `ENTITY/` without a topic.

    `is_about_place`: whether the topic is about a place; `None` without a topic.
    """

    to: str
    title: BilingualText
    reason: BilingualText = BilingualText("", "")
    needs_identity: bool = False
    is_about_place: bool | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """Answers so far. Stored encrypted between two messages and deleted on submission.

    `options`: the bodies shown last. `trail`: the previous steps. `resume`: the step that a question about another case
    interrupted. `misses`: answers in a row that were not understood. `answered`: a published answer was shown.
    """

    kind: str = ""
    fear: str = ""
    text: str = ""
    to: DestinationOption | None = None
    governorate: str = ""
    address: str = ""
    lat: str = ""
    lng: str = ""
    placed: bool = False
    photos: tuple[str, ...] = ()
    pictured: bool = False
    name: str = ""
    national_number: str = ""
    passport: str = ""
    phone: str = ""
    gate: str = ""
    key: str = ""
    options: tuple[DestinationOption, ...] = ()
    trail: tuple[str, ...] = ()
    resume: str = ""
    reference: str = ""
    misses: int = 0
    answered: bool = False

    def with_changes(self, **changes: Any) -> Self:
        """Return a copy with these answers."""
        return replace(self, **changes)

    @property
    def is_started(self) -> bool:
        """Whether it holds anything of a case."""
        return bool(self.text or self.kind or self.photos)

    @property
    def is_about_place(self) -> bool:
        """Whether to ask for a place: by the topic, else by the kind, as on the portal."""
        if self.to and self.to.is_about_place is not None:
            return self.to.is_about_place
        return self.kind not in (Kind.QUESTION, Kind.PRAISE)

    def as_json(self) -> dict[str, Any]:
        """Return the fields that differ from an empty draft."""
        empty = type(self)()
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        return {name: value for name, value in values.items() if value != getattr(empty, name)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> Self:
        """Return the draft of stored fields; unknown fields are ignored."""
        known = {f.name for f in fields(cls)}
        values = {name: value for name, value in (data or {}).items() if name in known}
        if values.get("to"):
            values["to"] = _parse_option(values["to"])
        for name in ("photos", "trail"):
            values[name] = tuple(values.get(name, ()))
        values["options"] = tuple(map(_parse_option, values.get("options", ())))
        return cls(**values)


def _parse_option(kept: list[Any]) -> DestinationOption:
    to, title, why, *rest = kept
    return DestinationOption(to, BilingualText(*title), BilingualText(*why), *rest)
