"""The place that a text names, and the body that has a role there."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from .lexicon import Lexicon
from .normalisation import fold_text
from .word_lists import read_concepts

_ENTITY_KIND_PREFIX = re.compile(r"^(?:بلديه|محافظه|امانه عمان الكبري - منطقه|gam -) ")
_NAME_SUFFIX = re.compile(r" (?:الكبري|الجديده|municipality|district|governorate)$")
_NAME_PREFIX = re.compile(r"^(?:greater|new) ")


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """The local body of the named place, its governorate, and the matched words."""

    body: str | None
    governorate: str | None
    matched_words: str


NOWHERE = PlaceMatch(None, None, "")


class Gazetteer:
    """Place names from the directory and from `words/places.txt`."""

    def __init__(self, names: Mapping[str, Iterable[str]], governorates: Mapping[str, Iterable[str]]):
        """`names`: names of each local body or governorate by code; `governorates`: codes that each body serves."""
        listed = read_concepts("places")
        codes = {*names, *listed}
        self._ambiguous_names = set(listed.pop("ambiguous").split(", "))
        self._lexicon = Lexicon(
            {
                code: ", ".join([*self._list_own_names(names.get(code, ())), listed.get(code, "")])
                for code in codes - {"ambiguous"}
            }
        )
        self._service_areas = {
            role: _parse_service_area(line) for role, line in read_concepts("service_areas").items()
        }
        self._governorate = {code: next(iter(sorted(where)), None) for code, where in governorates.items()}
        for served in self._service_areas.values():
            self._governorate |= {
                body: where
                for where, body in served.items()
                if where and where != body and body not in self._governorate
            }

    def find_place(self, text: str, governorate: str | None = None) -> PlaceMatch:
        """Return the place that the text names, else the governorate that the person chose."""
        best, best_rank = PlaceMatch(None, governorate, ""), (0, 0, 0)
        for code, places in self._lexicon.find(text).items():
            for at, word in places.items():
                where = code if code.startswith("GOV-") else self._governorate.get(code)
                if governorate and where and where != governorate:
                    continue
                rank = (word.count(" ") + 1, 0 if code.startswith("GOV-") else 1, -at)
                if rank > best_rank:
                    best, best_rank = PlaceMatch(None if code.startswith("GOV-") else code, where, word), rank
        return best

    def find_body(self, role: str, place: PlaceMatch) -> str | None:
        """Return the code of the body with this role at the place; the first listed one when the place is unknown."""
        served = self._service_areas.get(role, {})
        if role == "municipal" and place.body:
            return place.body
        if place.governorate in served:
            return served[place.governorate]
        return None if place.governorate else next(iter(served.values()), None)

    def find_role(self, code: str) -> str | None:
        """Return the role that `words/service_areas.txt` gives this body in some governorates, or None."""
        return next(
            (
                role
                for role, served in self._service_areas.items()
                if code in served.values() and "" not in served
            ),
            None,
        )

    def _list_own_names(self, names: Iterable[str]) -> Iterator[str]:
        """Yield full names, and short ones without "municipality" where the rest is not an ambiguous word."""
        for name in map(fold_text, names):
            yield name.replace(",", " ")
            for part in re.split(
                r" و(?=\w{3})|, | and ",
                _NAME_SUFFIX.sub("", _NAME_PREFIX.sub("", _ENTITY_KIND_PREFIX.sub("", name))),
            ):
                if part and part not in self._ambiguous_names:
                    yield part


def _parse_service_area(line: str) -> dict[str, str]:
    """Parse `JEPCO GOV-AM GOV-ZA, IDECO GOV-IR` to {governorate: body}; a body without one has the empty key."""
    served: dict[str, str] = {}
    for body, *where in map(str.split, line.split(", ")):
        for governorate in where or [""]:
            served[governorate] = body
    return served
