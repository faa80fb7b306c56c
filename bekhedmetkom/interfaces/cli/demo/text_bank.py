"""The words of the demonstration (`data/demo/*.csv`): what people write, what is answered, names and places."""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bekhedmetkom.catalogue.rules import DISPOSITIONS_BY_KIND, Disposition, Kind


@dataclass(frozen=True, slots=True)
class SubmissionText:
    """What somebody brings, and what the body answers to it. `topics`: codes, or role and number (`water:001`)."""

    topics: tuple[str, ...]
    kind: Kind
    language: str
    weight: float
    text: str
    outcome: Disposition
    reply: str
    urgent: bool  # a life is at risk


@dataclass(frozen=True, slots=True)
class Exchange:
    """Something said and what is said to it: a question and its answer, an appeal and its decision."""

    question: str
    answer: str


class TextBank:
    """All of it, read once. Texts have blanks (`{street}`) that `blanks.Blanks` fills."""

    def __init__(self, folder: Path):
        self.folder = folder

    @cached_property
    def texts(self) -> Sequence[SubmissionText]:
        return [
            SubmissionText(
                topics=tuple(row["topics"].split()), kind=(kind := Kind(row["kind"])), language=row["language"],
                weight=float(row["weight"]), text=row["text"],
                outcome=Disposition(row["outcome"] or DISPOSITIONS_BY_KIND[kind][0]), reply=row["reply"],
                urgent=row["urgent"] == "1",
            )
            for row in self._read_rows("texts")
        ]  # fmt: skip

    @cached_property
    def replies(self) -> Mapping[tuple[str, str], Sequence[str]]:
        """What fits any text, by what it does (`not_upheld`, `extend place`) and language."""
        return self._group_rows("replies", ("outcome", "language"), "reply")

    @cached_property
    def comments(self) -> Mapping[tuple[str, str], Sequence[str]]:
        """What people say when asked whether it was solved, by their stars and language."""
        return self._group_rows("comments", ("stars", "language"), "comment")

    @cached_property
    def internal_texts(self) -> Mapping[str, Sequence[str]]:
        """What officers write to each other, by the verb it comes with."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for row in self._read_rows("internal_notes"):
            found[row["verb"]].append(row["text"])
        return found

    @cached_property
    def questions(self) -> Mapping[tuple[str, str], Sequence[Exchange]]:
        """Questions to the citizen, by what they are about (`place`, `paper`) and language."""
        return self._group_exchanges("questions", "about", "question", "answer")

    @cached_property
    def appeals(self) -> Mapping[tuple[str, str], Sequence[Exchange]]:
        """Reasons of an appeal and the reviewer's decision, by its outcome and subject, and language."""
        return self._group_exchanges("appeals", "outcome about", "reason", "decision")

    @cached_property
    def places(self) -> Mapping[tuple[str, str], Sequence[str]]:
        """Names of neighbourhoods, by governorate and language."""
        found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for row in self._read_rows("places"):
            for language in ("ar", "en"):
                found[row["governorate"], language].append(row[language])
        return found

    @cached_property
    def words(self) -> Mapping[tuple[str, str], Sequence[str]]:
        """What else fills blanks, by blank and language; names of people by part (`woman`, `man`, `family`)."""
        found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for row in self._read_rows("name_parts"):
            for language in ("ar", "en"):
                found[row["blank"], language].append(row[language])
        return found

    @cached_property
    def units(self) -> Sequence[Mapping[str, str]]:
        return list(self._read_rows("units"))

    def _read_rows(self, name: str) -> Iterator[dict[str, str]]:
        with (self.folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)

    def _group_rows(
        self, name: str, by: tuple[str, str], value: str
    ) -> Mapping[tuple[str, str], Sequence[str]]:
        found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for row in self._read_rows(name):
            found[row[by[0]], row[by[1]]].append(row[value])
        return found

    def _group_exchanges(
        self, name: str, by: str, first: str, second: str
    ) -> Mapping[tuple[str, str], Sequence[Exchange]]:
        found: defaultdict[tuple[str, str], list[Exchange]] = defaultdict(list)
        for row in self._read_rows(name):
            key = " ".join(row[column] for column in by.split())
            found[key, row["language"]].append(Exchange(row[first], row[second]))
        return found
