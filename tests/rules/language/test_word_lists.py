"""The lists and the tables that speak of them agree."""

import csv
import json
import re
from pathlib import Path

import pytest

from bekhedmetkom.language import corruption, danger, word_lists
from bekhedmetkom.language.kind_classifier import KINDS
from bekhedmetkom.language.language_detection import detect_language
from bekhedmetkom.language.lexicon import Rule
from bekhedmetkom.language.normalisation import split_words
from bekhedmetkom.language.word_lists import read_concepts, read_lines

FOLDER = Path(word_lists.__file__).parent / "words"
DATA = Path(__file__).resolve().parents[3] / "data"
DIRECTORY = DATA / "directory" / "entities.csv"
LISTS = sorted(path.stem for path in FOLDER.glob("*.txt"))


def codes_of_bodies() -> set[str]:
    with DIRECTORY.open(encoding="utf-8-sig", newline="") as file:
        return {row["code"] for row in csv.DictReader(file)}


@pytest.mark.parametrize("name", LISTS)
def test_headings_are_unique_and_not_empty(name: str) -> None:
    headings = re.findall(r"^\[(.+)\]$", (FOLDER / f"{name}.txt").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(headings) == len(set(headings)) > 0
    lists = read_concepts(name)
    assert list(lists) == headings
    assert all(lists.values())


@pytest.mark.parametrize(("rules", "name"), [(corruption.RULES, "corruption"), (danger.RULES, "danger")])
def test_rules_use_defined_concepts(rules: tuple[Rule, ...], name: str) -> None:
    known = set(read_concepts(name))
    for rule in rules:
        spoken = {concept for need in (*rule.required, *rule.excluded) for concept in need.split("|")}
        assert spoken <= known, rule.code


@pytest.mark.parametrize("name", ["corruption", "danger"])
def test_weights_use_defined_concepts(name: str) -> None:
    table = json.loads((FOLDER / f"{name}.weights.json").read_text(encoding="utf-8"))
    spoken = {concept for name in table["weights"] if name[0] == "#" for concept in name[1:].split("+")}
    assert spoken and spoken <= set(read_concepts(name))


def test_entities_and_places_exist_in_the_directory() -> None:
    bodies, roles = codes_of_bodies(), set(read_concepts("service_areas"))
    assert set(read_concepts("entity_terms")) <= bodies | roles | {"landmark"}
    assert set(read_concepts("places")) <= bodies | {"ambiguous"}
    assert {
        code for line in read_concepts("service_areas").values() for code in re.findall(r"[A-Z][\w-]+", line)
    } <= bodies
    assert set(read_concepts("kinds")) == set(KINDS)


@pytest.mark.parametrize("name", ["corruption", "danger"])
def test_word_lists_contain_no_phrase_of_the_development_set(name: str) -> None:
    with (DATA / "messages" / "dev.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = [
            f" {' '.join(split_words(row['text']))} " for row in csv.DictReader(file) if row[name] == "1"
        ]
    phrases = {
        " ".join(split_words(entry)) for line in read_concepts(name).values() for entry in line.split(", ")
    }
    copied = {
        phrase
        for phrase in phrases
        if phrase.count(" ") >= 2 and any(f" {phrase} " in line for line in lines)
    }
    assert copied <= COMMON_SPEECH


def test_entity_phrases_belong_to_existing_entities() -> None:
    said = read_lines("entity_phrases")
    roles = {"municipal", "electricity", "water", "governorate", "university", "hospital"}
    assert roles <= set(said) <= codes_of_bodies() | roles
    lines = [line for of_one in said.values() for line in of_one]
    assert len(lines) > 1_500
    assert sum(detect_language(line) == "arabizi" for line in lines) > 150


def test_entity_phrases_share_no_four_words_with_the_development_set() -> None:
    with (DATA / "messages" / "dev.csv").open(encoding="utf-8-sig", newline="") as file:
        theirs = {run for row in csv.DictReader(file) for run in runs_of_four(row["text"])}
    ours = {
        *(line for lines in read_lines("entity_phrases").values() for line in lines),
        *(
            entry
            for name in LISTS
            if name != "said"
            for entries in read_concepts(name).values()
            for entry in entries.split(",")
        ),
    }
    assert {entry for entry in ours if not theirs.isdisjoint(runs_of_four(entry))} == set()


def runs_of_four(text: str) -> set[tuple[str, ...]]:
    found = split_words(text)
    return set(zip(found, found[1:], found[2:], found[3:], strict=False))


# Three words that everybody says; they stand in a line of the set by chance.
COMMON_SPEECH = {"asked me to", "بعد ما دفعت"}
