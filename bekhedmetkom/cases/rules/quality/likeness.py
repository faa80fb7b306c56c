"""Is a reply the one that its writer sent about another matter?"""

from collections.abc import Iterator
from functools import lru_cache

from bekhedmetkom.catalogue.rules import BLANK_PATTERN
from bekhedmetkom.kernel.text import BilingualText
from bekhedmetkom.language.boilerplate import CONCEPTS
from bekhedmetkom.language.normalisation import get_stem, split_words

from .findings import Code, Context, Finding, found

_RUN = 3  # words
_FEWEST_RUNS = 6  # that are the officer's own, or nothing is said of likeness
_ALIKE = 0.8
_DAYS = frozenset(split_words(CONCEPTS["when"]))
_LIKE = BilingualText(
    "يكاد يطابق الرد على الطلب {reference}، وموضوعه مختلف.",
    "Nearly the same as the reply on {reference}, which is about something else.",
)
_Runs = frozenset[tuple[str, ...]]


def likeness(text: str, context: Context) -> Iterator[Finding]:
    """The reply, of another matter, that this one repeats; what comes from templates counts in neither."""
    common = frozenset().union(*map(_template_runs, context.templates))
    own = _runs(text) - common
    if len(own) < _FEWEST_RUNS:
        return
    others = [(past, _runs(past.text) - common) for past in context.past if past.matter != context.matter]
    past, share = max(
        ((past, _share(own, runs)) for past, runs in others), key=lambda p: p[1], default=(None, 0)
    )
    if past and share >= _ALIKE:
        yield found(Code.ALIKE, _LIKE.format(reference=past.reference))


_KEPT = 0.5


def begun_from(text: str, template: str) -> bool:
    """Whether at least half of a template's runs of words stand in a reply."""
    runs = _template_runs(template)
    return bool(runs) and len(runs & _runs(text)) >= _KEPT * len(runs)


def _share(one: _Runs, other: _Runs) -> float:
    """Twice what they have in common, of all that both have: 1 where they are the same."""
    return 2 * len(one & other) / (len(one) + len(other))


@lru_cache(maxsize=500)
def _runs(text: str) -> _Runs:
    """The runs of three stems in a text; any number or day is like any other."""
    roots = ["#" if word.isdigit() or word in _DAYS else get_stem(word) for word in split_words(text)]
    return frozenset(tuple(roots[at : at + _RUN]) for at in range(len(roots) - _RUN + 1))


@lru_cache(maxsize=500)
def _template_runs(template: str) -> _Runs:
    return frozenset().union(*map(_runs, BLANK_PATTERN.split(template)))
