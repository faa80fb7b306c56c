"""What a talk has gathered so far for a case, and where it can go back to."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, NamedTuple, Self

from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.kernel.text import BilingualText

AUTO_ROUTE = "us"  # "you choose": nobody named a body


class DestinationOption(NamedTuple):
    """A body that a case could go to: `to` is `ENTITY/TOPIC`, or `ENTITY/` where no topic was found.

    `place`: whether its topic is about a place; `None` where no topic says.
    """

    to: str
    title: BilingualText
    why: BilingualText = BilingualText("", "")
    needs_identity: bool = False
    place: bool | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """Kept sealed between two messages, and gone when the case was sent.

    `options`: the bodies shown last; `trail`: the steps behind; `resume`: the
    step that a question about another case interrupted; `misses`: answers in a row that were not understood;
    `answered`: a published answer was shown.
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

    def but(self, **changes: Any) -> Self:
        """The same with these answers."""
        return replace(self, **changes)

    @property
    def begun(self) -> bool:
        """Whether there is something of a case in it."""
        return bool(self.text or self.kind or self.photos)

    @property
    def about_place(self) -> bool:
        """As the portal asks: by the topic, else by the kind."""
        if self.to and self.to.place is not None:
            return self.to.place
        return self.kind not in (Kind.QUESTION, Kind.PRAISE)

    def as_json(self) -> dict[str, Any]:
        """What differs from an empty one."""
        empty = type(self)()
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        return {name: value for name, value in values.items() if value != getattr(empty, name)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> Self:
        known = {f.name for f in fields(cls)}
        given = {name: value for name, value in (data or {}).items() if name in known}
        if given.get("to"):
            given["to"] = _parse_option(given["to"])
        for name in ("photos", "trail"):
            given[name] = tuple(given.get(name, ()))
        given["options"] = tuple(map(_parse_option, given.get("options", ())))
        return cls(**given)


def _parse_option(kept: list[Any]) -> DestinationOption:
    to, title, why, *rest = kept
    return DestinationOption(to, BilingualText(*title), BilingualText(*why), *rest)
