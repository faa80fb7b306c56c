"""What the language of the platform is worth on labelled messages, and how fast it answers over real HTTP.

    bekhedmetkom bench language --json [--data FOLDER]

FOLDER holds sets of messages as CSV, with the columns of `data/messages/README.md`; without it `data/messages` is
measured. Destination weighs nothing learned from messages, so its figures need nothing held out. The gate and the
danger list have learned from `dev.csv` and from the odd lines of `fresh.csv`: on these each line is judged by a table
learned without it, ten folds. `as_shipped` is the table that ships. The lists of words were written with `dev.csv` at
hand, so figures on it flatter; `fresh_even` was kept back from everything.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from pathlib import Path
from statistics import mean
from time import perf_counter, process_time, sleep
from typing import Any

import httpx

from bekhedmetkom.language import corruption, danger
from bekhedmetkom.language.destination_ranking import DestinationIndex
from bekhedmetkom.language.embeddings import EncoderUnavailable, SentenceEncoder
from bekhedmetkom.language.kind_classifier import KINDS, rank_kinds
from bekhedmetkom.language.language_detection import detect_language
from bekhedmetkom.language.linear_model import load_model
from tools.labelled_data import DATA_FOLDER, Row, list_labelled_lines, load_entries, load_message_sets
from tools.model_training import TrainingSet

from . import Options, platform_runner

PER_SECOND, SECONDS = 50, 20
CONCURRENT_CLIENTS = 16
WARM_UP_SECONDS = 3  # not counted: connections are opened, words met for the first time


def measure(options: Options) -> dict[str, Any]:
    """The figures of `bench language`: see contract.md and docs/language.md."""
    sets = load_message_sets(options.data or DATA_FOLDER / "messages")
    figures: dict[str, Any] = {"suggest": measure_suggestions(options, sets)}
    figures["suggest_p95_ms"] = figures["suggest"].pop("p95_ms")
    return figures | measure_quality(sets, options.home / "language")


def measure_suggestions(options: Options, sets: Mapping[str, Sequence[Row]]) -> dict[str, Any]:
    """`/suggest` of the running platform at a steady rate, with every message in turn."""
    texts = [row["text"] for rows in sets.values() for row in rows]
    seconds = options.seconds or SECONDS
    with platform_runner.run_platform(options.home, DEMO="0", ADDRESS_BURST="100000000") as platform:
        url = f"{platform.web}/api/v1/suggest"
        learned = platform_runner.wait_for_embeddings(platform)
        limits = httpx.Limits(
            max_connections=CONCURRENT_CLIENTS, max_keepalive_connections=CONCURRENT_CLIENTS
        )
        with (
            httpx.Client(limits=limits, timeout=30) as client,
            ThreadPoolExecutor(CONCURRENT_CLIENTS) as pool,
        ):

            def ask(due: float, text: str) -> float:
                sleep(max(0.0, due - perf_counter()))
                client.post(url, json={"text": text, "gate": "declined"}).raise_for_status()
                return perf_counter() - due  # waiting behind others counts too

            def run(length: int) -> list[float]:
                start = perf_counter() + 0.2
                wanted = islice(cycle(texts), PER_SECOND * length)
                return list(
                    pool.map(ask, (start + at / PER_SECOND for at in range(PER_SECOND * length)), wanted)
                )

            run(WARM_UP_SECONDS)
            before = platform.read_cpu_seconds()["web"]
            times = run(seconds)
            spent = platform.read_cpu_seconds()["web"] - before
        return {
            **{f"{share}_ms": value for share, value in platform_runner.compute_percentiles(times).items()},
            "per_second": PER_SECOND,
            "web_cpu_ms": round(1000 * spent / len(times), 2),
            "web_mb": round(platform.read_memory_mb("web")),
            "learned_after_s": learned,
        }


def measure_quality(sets: Mapping[str, Sequence[Row]], folder: Path) -> dict[str, Any]:
    """Every figure of docs/language.md, set by set."""
    started = perf_counter()
    by_words = DestinationIndex.build(load_entries())
    built = perf_counter() - started
    try:
        by_meaning = DestinationIndex.build(load_entries(), SentenceEncoder(folder))
    except EncoderUnavailable:
        by_meaning = None
    alarms = {
        "corruption": measure_alarm(
            sets, "corruption", lambda text: corruption.detect_corruption(text) is not None
        ),
        "danger": measure_alarm(sets, "danger", lambda text: danger.detect_danger(text) is not None),
    }
    spoken = {"jo": "ar", "msa": "ar"}
    return {
        "index_build_s": round(built, 2),
        "cpu_ms": {
            "suggest": measure_cpu(sets, (by_meaning or by_words).rank_destinations),
            "suggest_by_words": measure_cpu(sets, by_words.rank_destinations),
            "gate": measure_cpu(sets, corruption.detect_corruption),
            "danger": measure_cpu(sets, danger.detect_danger),
        },
        "sets": {
            name: {
                "lines": len(rows),
                "language_of": round(
                    mean(
                        detect_language(r["text"]) == spoken.get(r["language"], r["language"]) for r in rows
                    ),
                    3,
                ),
                "kind_macro_f1": measure_kinds(rows),
                "destination": measure_destination(by_meaning, rows) if by_meaning else None,
                "destination_by_words": measure_destination(by_words, rows),
                **{matter: figures[name] for matter, figures in alarms.items()},
            }
            for name, rows in sets.items()
        },
    }


def measure_destination(index: DestinationIndex, rows: Iterable[Row]) -> dict[str, Any]:
    """Top-1 and top-3 of the suggested bodies, for messages that the gate should let pass."""
    hits: defaultdict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for row in rows:
        if row["corruption"] != "1":
            right = row["entities"].split("|")
            codes = [found.entity.code for found in index.rank_destinations(row["text"], row["kind"])]
            for part in ("all", row["language"]):
                hits[part].append(
                    (codes[:1] != [] and codes[0] in right, any(code in right for code in codes))
                )
    return {
        part: {
            "lines": len(h),
            "top1": round(mean(f for f, _ in h), 3),
            "top3": round(mean(t for _, t in h), 3),
        }
        for part, h in hits.items()
    }


def measure_alarm(
    sets: Mapping[str, Sequence[Row]], matter: str, shipped: Callable[[str], bool]
) -> dict[str, dict[str, Any]]:
    """Recall and false alarms: as shipped, and held out where the table has learned from the set."""
    lesson = TrainingSet(matter)
    texts = [text for _, text, _ in list_labelled_lines(matter)]
    limit = load_model("corruption" if matter == "corruption" else "danger").threshold
    held = dict(zip(texts, (bool(score > limit) for score in lesson.score_held_out()), strict=True))
    figures = {}
    for name, rows in sets.items():
        labels = [row[matter] == "1" for row in rows]
        figures[name] = {"as_shipped": compute_rates([shipped(row["text"]) for row in rows], labels)}
        if all(row["text"] in held for row in rows):
            figures[name]["held_out"] = compute_rates([held[row["text"]] for row in rows], labels)
    return figures


def compute_rates(found: Sequence[bool], labels: Sequence[bool]) -> dict[str, Any]:
    hits = sum(hit and label for hit, label in zip(found, labels, strict=True))
    alarms = sum(hit and not label for hit, label in zip(found, labels, strict=True))
    return {
        "reports": sum(labels),
        "recall": round(hits / sum(labels), 3) if any(labels) else None,
        "false_alarms": round(alarms / (len(labels) - sum(labels)), 3) if not all(labels) else None,
    }


def measure_kinds(rows: Iterable[Row]) -> float:
    seen = [(row["kind"], rank_kinds(row["text"])[0][0]) for row in rows]
    scores = []
    for kind in KINDS:
        both = sum(right == guessed == kind for right, guessed in seen)
        either = sum(right == kind for right, _ in seen) + sum(guessed == kind for _, guessed in seen)
        scores.append(2 * both / either if either else 1.0)
    return round(mean(scores), 3)


def measure_cpu(sets: Mapping[str, Sequence[Row]], ask: Callable[[str], object]) -> dict[str, float]:
    times = []
    for row in (row for rows in sets.values() for row in rows):
        started = process_time()
        ask(row["text"])
        times.append(process_time() - started)
    percentiles = platform_runner.compute_percentiles(times)
    return {"p50": percentiles["p50"], "p95": percentiles["p95"]}
