"""Pieces of a drawing as SVG: short numbers, words that keep their direction, a title that says the finding."""

from collections.abc import Iterable
from html import escape
from itertools import groupby

from django.utils.safestring import SafeString

Point = tuple[float, float | None]  # the second is None where nothing can be said


def number(value: float) -> str:
    """As short as a tenth of a unit allows."""
    return f"{round(value, 1):g}"


def words(text: str, x: float, y: float, anchor: str = "start", kind: str = "") -> str:
    """A label that begins, stands or ends at `x`, whatever its language.

    The sheet sets every drawing left to right; Arabic with numbers in it is read from the right (class `ar`), and
    there "start" is its right edge, so the ends change places.
    """
    arabic = any("\u0600" <= letter <= "\u06ff" for letter in text)
    if arabic:
        anchor = {"start": "end", "end": "start"}.get(anchor, anchor)
    names = " ".join(name for name in (kind, "ar" if arabic else "") if name)
    return (
        f'<text x="{number(x)}" y="{number(y)}"'
        f"{f' text-anchor={chr(34)}{anchor}{chr(34)}' if anchor != 'start' else ''}"
        f"{f' class={chr(34)}{names}{chr(34)}' if names else ''}>{escape(text)}</text>"
    )


def line(points: Iterable[Point], kind: str) -> str:
    """One line through the points; it is broken where a value is missing, and a lonely point is a dot."""
    drawn = ""
    for known, run in groupby(points, key=lambda point: point[1] is not None):
        if not known:
            continue
        run_of = [f"{number(x)},{number(y)}" for x, y in run if y is not None]
        if len(run_of) == 1:
            x, y = run_of[0].split(",")
            drawn += f'<circle class="{kind} dot" cx="{x}" cy="{y}" r="3"/>'
        else:
            drawn += f'<polyline class="{kind}" points="{" ".join(run_of)}"/>'
    return drawn


def area(lows: Iterable[tuple[float, float]], highs: Iterable[tuple[float, float]], kind: str) -> str:
    """What lies between two lines."""
    around = [*lows, *reversed(list(highs))]
    return f'<polygon class="{kind}" points="{" ".join(f"{number(x)},{number(y)}" for x, y in around)}"/>'


def path(kind: str, *moves: str) -> str:
    return f'<path class="{kind}" d="{"".join(moves)}"/>'


def across(x1: float, x2: float, y: float) -> str:
    return f"M{number(x1)} {number(y)}H{number(x2)}"


def figure(width: float, height: float, title: str, inside: Iterable[str], kind: str = "") -> SafeString:
    """A drawing that is read out as one sentence; its numbers stand in the table beside it."""
    named = f' class="{kind}"' if kind else ""
    return SafeString(
        f'<svg{named} viewBox="0 0 {number(width)} {number(height)}" role="img" aria-label="{escape(title)}">'
        f"{''.join(inside)}</svg>"
    )
