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

from bekhedmetkom.disclosures.rules.receipts import fold_words

ROOT = Path(__file__).resolve().parent.parent
CANDIDATES = ROOT / "data" / "receipt_words.txt"
WORD_LIST_PATH = ROOT / "bekhedmetkom" / "disclosures" / "words" / "arabic.txt"
BROWSER_COPY_PATH = (
    ROOT / "bekhedmetkom" / "interfaces" / "box" / "static" / "box" / "crypto" / "receipt_words.js"
)
SIZE, SHORTEST, LONGEST = 2048, 3, 7
# A hamza elsewhere is written in ways that folding cannot make one, and so is a final alef maqsura.
PLAIN = re.compile("[ابتثجحخدذرزسشصضطظعغفقكلمنهويأإآة]+(?:(?<=ا)ء)?")


def list_candidates() -> list[str]:
    """The words that may be chosen, in the order of the file, each once by its folded form."""
    lines = CANDIDATES.read_text("utf-8").splitlines()
    words = [word for line in lines if not line.startswith("#") for word in line.split()]
    fit = {fold_word(word): word for word in reversed(words) if PLAIN.fullmatch(word)}
    return [word for word in reversed(fit.values()) if SHORTEST <= len(fold_word(word)) <= LONGEST]


def fold_word(word: str) -> str:
    """The word as it counts."""
    return "".join(fold_words(word))


def select_words(words: Iterable[str]) -> list[str]:
    """As many as can stand together: always the one that rules out the fewest others."""
    order = {fold_word(word): (place, word) for place, word in enumerate(words)}
    near = dict(list_similar_words(order))
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


def list_similar_words(forms: Iterable[str]) -> list[tuple[str, set[str]]]:
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


def list_faults(words: list[str]) -> list[str]:
    """What a list of receipts' words must be and this one is not."""
    forms = [fold_word(word) for word in words]
    found = [f"{len(words)} words, not {SIZE}"] if len(words) != SIZE else []
    found += [f"{word}: spelled in more ways than one" for word in words if not PLAIN.fullmatch(word)]
    found += [f"{one}: {len(one)} letters" for one in forms if not SHORTEST <= len(one) <= LONGEST]
    found += [f"{one}: twice" for one in {one for one in forms if forms.count(one) > 1}]
    found += [
        f"{one} is one slip from {', '.join(sorted(others))}"
        for one, others in list_similar_words(forms)
        if others
    ]
    found += [f"{word}: not among the candidates" for word in set(words) - set(list_candidates())]
    return found


def main() -> int:
    """Chooses and writes, or only checks."""
    if "--check" not in sys.argv:
        words = select_words(list_candidates())
        if not list_faults(words):
            WORD_LIST_PATH.write_text("\n".join(words) + "\n", "utf-8")
            BROWSER_COPY_PATH.parent.mkdir(parents=True, exist_ok=True)
            BROWSER_COPY_PATH.write_text(render_script(words), "utf-8")
    else:
        words = WORD_LIST_PATH.read_text("utf-8").split()
    print("\n".join(list_faults(words)) or f"{len(words)} words: all as they must be")
    return bool(list_faults(words))


def render_script(words: list[str]) -> str:
    """The list as the browser's module has it."""
    return f'// Made by tools/receipt_words.py.\nexport const WORDS =\n  "{" ".join(words)}".split(" ");\n'


if __name__ == "__main__":
    sys.exit(main())
