"""Labelled messages and the shipped directory, read from `data/` for training and benchmarks."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from bekhedmetkom.language.destination_ranking import CatalogueEntry
from bekhedmetkom.language.word_lists import read_lines

DATA_FOLDER = Path(__file__).resolve().parent.parent / "data"
REQUIRED_COLUMNS = {"id", "text", "language", "kind", "entities", "corruption", "danger"}
# Texts to these entities may be reports of corruption or danger, so they are not negative examples.
REPORTING_ENTITIES = {"IACC", "AB", "PSD", "CDD", "FJPD", "NCHR"}
Row = Mapping[str, str]
_PLACEHOLDER = re.compile(r"\{\w+\}")


def load_message_sets(folder: Path) -> dict[str, list[Row]]:
    """Return the message sets of a folder (or of its `messages`) by name; `fresh` is split into odd and even lines.

    Raises `SystemExit` if the folder has no set.
    """
    sets: dict[str, list[Row]] = {}
    for path in sorted({*folder.glob("*.csv"), *(folder / "messages").glob("*.csv")}):
        rows = read_rows(path)
        if not rows or not rows[0].keys() >= REQUIRED_COLUMNS:
            continue
        if path.stem == "fresh":
            sets["fresh_odd"] = [row for row in rows if int(row["id"][1:]) % 2]
            sets["fresh_even"] = [row for row in rows if not int(row["id"][1:]) % 2]
        else:
            sets[path.stem] = rows
    if not sets:
        raise SystemExit(
            f"No set of messages in {folder}: a CSV with the columns {', '.join(sorted(REQUIRED_COLUMNS))}"
        )
    return sets


def read_rows(path: Path) -> list[Row]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def load_entries() -> list[CatalogueEntry]:
    """Return the entities and topics of the shipped directory, without those of the confidential channel."""
    served: defaultdict[str, set[str]] = defaultdict(set)
    for row in read_rows(DATA_FOLDER / "directory" / "entity_governorate.csv"):
        served[row["entity_code"]].add(row["governorate_code"])
    sealed = {
        (row["entity_code"], row["category_ar"])
        for row in read_rows(DATA_FOLDER / "directory" / "sensitive_categories.csv")
        if row["handling"] == "sealed_iacc"
    }
    bodies = [
        CatalogueEntry(
            0, row["code"], row["kind"], row["name_ar"], row["name_en"], governorates=frozenset(served[row["code"]])
        )
        for row in read_rows(DATA_FOLDER / "directory" / "entities.csv")
    ]  # fmt: skip
    topics = [
        CatalogueEntry(
            0, row["entity_code"], {"inquiry": "question"}.get(row["typical_type"], row["typical_type"]),
            row["category_ar"], row["category_en"], topic=True,
        )
        for row in read_rows(DATA_FOLDER / "directory" / "categories.csv")
        if (row["entity_code"], row["category_ar"]) not in sealed
    ]  # fmt: skip
    return [*bodies, *topics]


def list_labelled_lines(matter: str) -> Iterator[tuple[str, str, bool]]:
    """Yield source, text and label of each training line. Fresh messages with even numbers are held back."""
    for row in read_rows(DATA_FOLDER / "language" / f"{matter}.csv"):
        yield "own", row["text"], row[matter] == "1"
    for row in read_rows(DATA_FOLDER / "messages" / "dev.csv"):
        yield "dev", row["text"], row[matter] == "1"
    for row in read_rows(DATA_FOLDER / "messages" / "fresh.csv"):
        if int(row["id"][1:]) % 2:
            yield "fresh", row["text"], row[matter] == "1"
    for owner, lines in read_lines("entity_phrases").items():
        if owner not in REPORTING_ENTITIES:
            for line in lines:
                yield "said", line, False
    for row in read_rows(DATA_FOLDER / "demo" / "texts.csv"):
        if row["topics"].split("-")[0] not in REPORTING_ENTITIES and not row["urgent"]:
            yield "said", _PLACEHOLDER.sub("", row["text"]), False
