"""Chooses the 2,048 words of the receipts from data/receipt_words.txt, and proves what they must be.

    python tools/receipt_words.py           rewrites bekhedmetkom/disclosures/words/arabic.txt and the browser's copy
    python tools/receipt_words.py --check   only proves, says what does not hold, and ends with 1 if anything does not

The same candidates give the same list. A list in use never changes: old receipts stand for their spelling, so a
word that is no longer in it would still open, but the page would call it unknown.
"""

import heapq
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from bekhedmetkom.disclosures.rules.receipts import folded

ROOT = Path(__file__).resolve().parent.parent
CANDIDATES = ROOT / "data" / "receipt_words.txt"
LIST = ROOT / "bekhedmetkom" / "disclosures" / "words" / "arabic.txt"
COPY = ROOT / "bekhedmetkom" / "interfaces" / "box" / "static" / "box" / "words.js"
SIZE, SHORTEST, LONGEST = 2048, 3, 7
# A hamza elsewhere is written in ways that folding cannot make one, and so is a final alef maqsura.
PLAIN = re.compile("[ابتثجحخدذرزسشصضطظعغفقكلمنهويأإآة]+(?:(?<=ا)ء)?")


def candidates() -> list[str]:
    """The words that may be chosen, in the order of the file, each once by its folded form."""
    lines = CANDIDATES.read_text("utf-8").splitlines()
    words = [word for line in lines if not line.startswith("#") for word in line.split()]
    fit = {form(word): word for word in reversed(words) if PLAIN.fullmatch(word)}
    return [word for word in reversed(fit.values()) if SHORTEST <= len(form(word)) <= LONGEST]


def form(word: str) -> str:
    """The word as it counts."""
    return "".join(folded(word))


def chosen(words: Iterable[str]) -> list[str]:
    """As many as can stand together: always the one that rules out the fewest others."""
    order = {form(word): (place, word) for place, word in enumerate(words)}
    near = dict(close(order))
    waiting = [(len(near[one]), place, one) for one, (place, _) in order.items()]
    heapq.heapify(waiting)
    kept: list[tuple[int, str]] = []
    while waiting:
        count, place, one = heapq.heappop(waiting)
        if one not in near or len(near[one]) != count:
            continue  # ruled out, or waiting again with fewer
        kept.append((place, order[one][1]))
        for gone in [one, *near[one]]:
            for other in near.pop(gone) & near.keys():
                near[other].discard(gone)
                heapq.heappush(waiting, (len(near[other]), order[other][0], other))
    return sorted(word for _, word in sorted(kept)[:SIZE])


def close(forms: Iterable[str]) -> list[tuple[str, set[str]]]:
    """Each folded word with those that one slip of the pen makes of it: a letter changed, added or left out."""
    patterns: dict[str, set[str]] = {}
    keys = {
        one: {one}
        | {one[:i] + "_" + one[i + 1 :] for i in range(len(one))}
        | {one[:i] + "_" + one[i:] for i in range(len(one) + 1)}
        for one in forms
    }
    for one, mine in keys.items():
        for key in mine:
            patterns.setdefault(key, set()).add(one)
    return [(one, set().union(*(patterns[key] for key in mine)) - {one}) for one, mine in keys.items()]


def faults(words: list[str]) -> list[str]:
    """What a list of receipts' words must be and this one is not."""
    forms = [form(word) for word in words]
    found = [f"{len(words)} words, not {SIZE}"] if len(words) != SIZE else []
    found += [f"{word}: spelled in more ways than one" for word in words if not PLAIN.fullmatch(word)]
    found += [f"{one}: {len(one)} letters" for one in forms if not SHORTEST <= len(one) <= LONGEST]
    found += [f"{one}: twice" for one in {one for one in forms if forms.count(one) > 1}]
    found += [f"{one} is one slip from {', '.join(sorted(others))}" for one, others in close(forms) if others]
    found += [f"{word}: not among the candidates" for word in set(words) - set(candidates())]
    return found


def main() -> int:
    """Chooses and writes, or only checks."""
    if "--check" not in sys.argv:
        words = chosen(candidates())
        if not faults(words):
            LIST.write_text("\n".join(words) + "\n", "utf-8")
            COPY.parent.mkdir(parents=True, exist_ok=True)
            COPY.write_text(script(words), "utf-8")
    else:
        words = LIST.read_text("utf-8").split()
    print("\n".join(faults(words)) or f"{len(words)} words: all as they must be")
    return bool(faults(words))


def script(words: list[str]) -> str:
    """The list as the browser's module has it."""
    return f'// Made by tools/receipt_words.py.\nexport const WORDS =\n  "{" ".join(words)}".split(" ");\n'


if __name__ == "__main__":
    sys.exit(main())
