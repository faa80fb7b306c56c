"""What the language of the platform is worth on the labelled sets: prints figures as JSON, asserts none.

    python -m bench.language

Held out: each line is weighed by a table learned without it (`tools/weigh.py`, eight folds). The words of the lists
were chosen with the development set at hand, so all figures on it flatter; those on our own lines do too.
"""

import csv
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from statistics import mean, quantiles
from time import perf_counter, process_time
from typing import Any

from bekhedmetkom.language import danger, gate
from bekhedmetkom.language.detect import language_of
from bekhedmetkom.language.kinds import KINDS, guess_kind
from bekhedmetkom.language.lexicon import Hit
from bekhedmetkom.language.suggest import Entry, Index
from tools.weigh import held_out_scores, read

DATA = Path(__file__).resolve().parent.parent / "data"
Row = Mapping[str, str]


def rows(path: str) -> list[dict[str, str]]:
    with (DATA / path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def entries() -> list[Entry]:
    """The shipped directory, without the topics of the confidential channel."""
    served: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows("directory/entity_governorate.csv"):
        served[row["entity_code"]].add(row["governorate_code"])
    sealed = {
        (row["entity_code"], row["category_ar"])
        for row in rows("directory/sensitive_categories.csv")
        if row["handling"] == "sealed_iacc"
    }
    bodies = [
        Entry(
            0,
            row["code"],
            row["kind"],
            row["name_ar"],
            row["name_en"],
            governorates=frozenset(served[row["code"]]),
        )
        for row in rows("directory/entities.csv")
    ]
    topics = [
        Entry(
            0, row["entity_code"], {"inquiry": "question"}.get(row["typical_type"], row["typical_type"]),
            row["category_ar"], row["category_en"], topic=True,
        )
        for row in rows("directory/categories.csv")
        if (row["entity_code"], row["category_ar"]) not in sealed
    ]  # fmt: skip
    return [*bodies, *topics]


def destination(development: Iterable[Row]) -> dict[str, Any]:
    """Top-1 and top-3 of the suggested bodies, for lines that the gate should let pass; time in milliseconds."""
    started = perf_counter()
    index = Index.build(entries())
    built = perf_counter() - started
    hits: defaultdict[str, list[tuple[bool, bool]]] = defaultdict(list)
    times = []
    for row in development:
        if row["corruption"] == "1":
            continue
        right = row["entities"].split("|")
        for chosen in (False, True):
            place = row["governorate"] or None if chosen else None
            started = process_time()
            codes = [found.entity.code for found in index.rank(row["text"], row["kind"], place)]
            times.append(1000 * (process_time() - started))
            hit = (bool(codes) and codes[0] in right, any(code in right for code in codes))
            for part in ("with the governorate chosen",) if chosen else ("all", row["language"]):
                hits[part].append(hit)
    figures = {
        part: {
            "lines": len(found),
            "top1": round(mean(f for f, _ in found), 3),
            "top3": round(mean(t for _, t in found), 3),
        }
        for part, found in hits.items()
    }
    return {**figures, "build_seconds": round(built, 2), "cpu_ms": spread(times)}


def alarm(
    matter: str, find: Callable[[str], Hit | None], rules: Callable[[str], Hit | None], threshold: float
) -> dict[str, Any]:
    """Recall and false alarms as shipped, and with each line's own weight held out."""
    own, development = read(matter)
    texts = [row["text"] for row in (*rows(f"language/{matter}.csv"), *rows("messages/dev.csv"))]
    held = [
        score > threshold or rules(text) is not None
        for score, text in zip(held_out_scores(own + development), texts, strict=True)
    ]
    times = []
    shipped = []
    for text in texts:
        started = process_time()
        shipped.append(find(text) is not None)
        times.append(1000 * (process_time() - started))
    labels = [label for _, label in own + development]
    cut = len(own)
    parts = {"development": slice(cut, None), "own lines": slice(0, cut)}
    return {
        **{
            name: {
                "as shipped": rates(shipped[part], labels[part]),
                "held out": rates(held[part], labels[part]),
            }
            for name, part in parts.items()
        },
        "cpu_ms": spread(times),
    }


def rates(found: list[bool], labels: list[bool]) -> dict[str, float]:
    hits = sum(hit and label for hit, label in zip(found, labels, strict=True))
    alarms = sum(hit and not label for hit, label in zip(found, labels, strict=True))
    return {
        "reports": sum(labels),
        "recall": round(hits / sum(labels), 3),
        "false_alarms": round(alarms / (len(labels) - sum(labels)), 3),
    }


def kinds(development: Iterable[Row]) -> dict[str, Any]:
    seen = Counter((row["kind"], guess_kind(row["text"])[0][0]) for row in development)
    scores = {}
    for kind in KINDS:
        told = sum(n for (_, guessed), n in seen.items() if guessed == kind)
        true = sum(n for (right, _), n in seen.items() if right == kind)
        scores[kind] = round(2 * seen[kind, kind] / (told + true), 3)
    return {"f1": scores, "macro_f1": round(mean(scores.values()), 3)}


def spread(times: list[float]) -> dict[str, float]:
    cuts = quantiles(times, n=100)
    return {"p50": round(cuts[49], 2), "p95": round(cuts[94], 2), "worst": round(max(times), 2)}


def main() -> None:
    development = rows("messages/dev.csv")
    spoken = {"jo": "ar", "msa": "ar"}
    figures = {
        "language_of": round(
            mean(language_of(r["text"]) == spoken.get(r["language"], r["language"]) for r in development), 3
        ),
        "kind": kinds(development),
        "destination": destination(development),
        "corruption": alarm("corruption", gate.speaks_of_corruption, gate.by_rule, gate.SCALES.threshold),
        "danger": alarm("danger", danger.danger_to_life, danger.by_rule, danger.SCALES.threshold),
    }
    json.dump(figures, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
